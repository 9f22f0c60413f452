//! Where everything stands on the page: boxes in millimetres from the upper left corner, and the rules by which long
//! values shrink or wrap inside of them. A text that fits by no rule is a refusal; nothing overlaps and nothing is cut.

mod fields;
pub(crate) mod file;
mod fit;
mod line_break;
#[cfg(test)]
mod tests;

use serde::Deserialize;

use crate::certificate::PrintedCertificate;
use crate::error::RenderError;
use crate::font::chain::FontChain;
use crate::text::{Letter, letters};
use file::TextPlace;
pub(crate) use file::{Ink, Layout};
use fit::fit;

/// Points in a millimetre.
pub(crate) const POINTS_PER_MM: f32 = 72.0 / 25.4;
/// A4 in millimetres.
pub(crate) const PAGE_MM: (f32, f32) = (210.0, 297.0);

/// A box in millimetres from the upper left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(from = "[f32; 4]")]
pub(crate) struct BoxMm {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl From<[f32; 4]> for BoxMm {
    fn from([left, top, width, height]: [f32; 4]) -> BoxMm {
        BoxMm { left, top, width, height }
    }
}

impl BoxMm {
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

/// What belongs together when the page is read aloud: a heading, or a paragraph such as a label with its value.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) role: Role,
    pub(crate) blocks: Vec<Block>,
}

/// What an element is to a reader (ISO 32000-1, 14.8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Heading,
    Paragraph,
}

impl Role {
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Role::Heading => "H1",
            Role::Paragraph => "P",
        }
    }
}

/// Every text of the page in the order of reading.
pub(crate) fn page(chain: &FontChain, layout: &Layout, certificate: &PrintedCertificate) -> Result<Vec<Element>, RenderError> {
    let text = |name: &str, place: &TextPlace, value: &str| centred(chain, name, place, value, Role::Paragraph);
    let mut elements = vec![
        centred(chain, "title", &layout.title, &certificate.title, Role::Heading)?,
        text("number", &layout.number, &certificate.number)?,
    ];
    elements.extend(fields::place(chain, layout, &certificate.values)?);
    elements.push(text("authority", &layout.authority, &certificate.authority)?);
    elements.push(text("issued-on", &layout.issued_on, &certificate.issued_on_text)?);
    elements.push(text("qr-caption", &layout.qr_caption, "")?);
    if let Some(identifier) = &certificate.identifier {
        elements.push(text("identifier", &layout.identifier, identifier)?);
    }
    elements.push(text("version", &layout.version_line, &certificate.version.to_string())?);
    elements.push(text("verify-hint", &layout.verify_hint, "")?);
    elements.push(text("contact", &layout.contact, &certificate.contact)?);
    Ok(elements)
}

fn centred(chain: &FontChain, name: &str, place: &TextPlace, value: &str, role: Role) -> Result<Element, RenderError> {
    let mut letters_of_text = letters(chain, &place.before, name)?;
    letters_of_text.extend(letters(chain, value, name)?);
    let fitted = fit(&letters_of_text, place.place, place.fit()).ok_or_else(|| RenderError::does_not_fit(name))?;
    let lines = fitted.centred(&letters_of_text, place.place, place.ink);
    Ok(Element { role, blocks: vec![Block { name: name.to_owned(), area: place.place, lines }] })
}
