//! Where everything stands on the page: boxes in millimetres from the upper left corner, and the rules by which long
//! values shrink or wrap inside of them. A text that fits by no rule is a refusal; nothing overlaps and nothing is cut.

mod fields;
mod fit;
mod line_break;
#[cfg(test)]
mod tests;

use crate::certificate::PrintedCertificate;
use crate::error::RenderError;
use crate::font::chain::FontChain;
use crate::text::{Letter, letters};
use fit::{Fit, fit};

/// Points in a millimetre.
pub(crate) const POINTS_PER_MM: f32 = 72.0 / 25.4;
/// A4 in millimetres.
pub(crate) const PAGE_MM: (f32, f32) = (210.0, 297.0);

/// A box in millimetres from the upper left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BoxMm {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl BoxMm {
    const fn new(left: f32, top: f32, width: f32, height: f32) -> BoxMm {
        BoxMm { left, top, width, height }
    }

    pub(crate) fn right(self) -> f32 {
        self.left + self.width
    }

    pub(crate) fn bottom(self) -> f32 {
        self.top + self.height
    }

    /// Left, bottom, right and top in points from the lower left corner, as PDF counts.
    pub(crate) fn to_points(self) -> [f32; 4] {
        [self.left, PAGE_MM.1 - self.bottom(), self.right(), PAGE_MM.1 - self.top].map(|mm| mm * POINTS_PER_MM)
    }
}

/// The places of the template, version 1.
pub(crate) const TITLE: BoxMm = BoxMm::new(30.0, 37.0, 150.0, 27.0);
pub(crate) const NUMBER: BoxMm = BoxMm::new(30.0, 69.0, 150.0, 8.0);
pub(crate) const FIELDS: BoxMm = BoxMm::new(32.0, 88.0, 146.0, 114.0);
pub(crate) const PORTRAIT: BoxMm = BoxMm::new(152.0, 90.0, 25.0, 35.0);
pub(crate) const QR: BoxMm = BoxMm::new(34.0, 211.0, 30.0, 30.0);
pub(crate) const QR_CAPTION: BoxMm = BoxMm::new(27.0, 245.5, 44.0, 5.0);
pub(crate) const AUTHORITY: BoxMm = BoxMm::new(94.0, 215.0, 86.0, 9.0);
pub(crate) const ISSUED_ON: BoxMm = BoxMm::new(94.0, 231.5, 86.0, 8.0);
pub(crate) const SEAL: BoxMm = BoxMm::new(116.0, 206.5, 42.0, 42.0);
pub(crate) const IDENTIFIER: BoxMm = BoxMm::new(27.0, 254.0, 156.0, 5.0);
pub(crate) const HINT: BoxMm = BoxMm::new(27.0, 260.0, 156.0, 6.0);
pub(crate) const CONTACT: BoxMm = BoxMm::new(27.0, 266.5, 156.0, 6.0);

/// The places as text, for the template's digest.
pub(crate) fn places() -> String {
    let places = [TITLE, NUMBER, FIELDS, PORTRAIT, QR, QR_CAPTION, AUTHORITY, ISSUED_ON, SEAL, IDENTIFIER, HINT, CONTACT];
    format!("{places:?}")
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// The title: dark red, strengthened by its own outline.
    Title,
    /// Values and the authority.
    Value,
    /// Labels, and the lines at the foot.
    Label,
}

/// One line of text, placed.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) letters: Vec<Letter>,
    /// Left end of the line and its baseline, in points from the lower left corner.
    pub(crate) x: f32,
    pub(crate) baseline: f32,
    pub(crate) size: f32,
    /// Space added after each letter, in points.
    pub(crate) spacing: f32,
    pub(crate) ink: Ink,
}

/// A text in its box.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// What a refusal calls it.
    pub(crate) name: String,
    /// The box that no line leaves.
    #[cfg_attr(not(test), expect(dead_code, reason = "the layout's tests read it"))]
    pub(crate) area: BoxMm,
    pub(crate) lines: Vec<Line>,
}

/// Every text of the page in the order of reading.
pub(crate) fn page(chain: &FontChain, certificate: &PrintedCertificate) -> Result<Vec<Block>, RenderError> {
    let centred = |name: &str, text: &str, area: BoxMm, rule: Fit, ink: Ink| {
        let letters = letters(chain, text, name)?;
        let fitted = fit(&letters, area, rule).ok_or_else(|| RenderError::does_not_fit(name))?;
        Ok::<Block, RenderError>(Block { name: name.to_owned(), area, lines: fitted.centred(&letters, area, ink) })
    };
    let small = Fit::lines(8.5, 5.0, 2);
    let identifier = match &certificate.identifier {
        Some(identifier) => format!("证照标识：{identifier}　版本：{}", certificate.version),
        None => format!("版本：{}", certificate.version),
    };

    let mut blocks = vec![
        centred("title", &certificate.title, TITLE, Fit::title(), Ink::Title)?,
        centred("number", &format!("证书编号：{}", certificate.number), NUMBER, Fit::lines(13.0, 6.0, 1), Ink::Value)?,
    ];
    blocks.extend(fields::place(chain, &certificate.fields)?);
    for (name, text, area, rule, ink) in [
        ("authority", certificate.authority.as_str(), AUTHORITY, Fit::lines(14.0, 6.0, 2), Ink::Value),
        ("issued-on", &certificate.issued_on_text, ISSUED_ON, Fit::lines(13.0, 6.0, 1), Ink::Value),
        ("qr-caption", "扫码核验", QR_CAPTION, small, Ink::Label),
        ("identifier", &identifier, IDENTIFIER, Fit::lines(8.0, 5.0, 1), Ink::Label),
        ("verify-hint", &certificate.verify_hint, HINT, small, Ink::Label),
        ("contact", &certificate.contact, CONTACT, small, Ink::Label),
    ] {
        blocks.push(centred(name, text, area, rule, ink)?);
    }
    Ok(blocks)
}
