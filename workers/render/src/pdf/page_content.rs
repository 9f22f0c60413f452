//! The page's content stream: template, portrait, QR code, then the text in the order of reading.

use std::io::Write as _;

use super::structure::{FIRST_TEXT_MARK, PORTRAIT_MARK, QR_MARK};
use super::{FileWriter, Stream, object, text_string};
use crate::error::RenderError;
use crate::layout::file::{Inks, Pictures};
use crate::layout::{Block, BoxMm, Element, Ink, Layout, Line};
use crate::portrait_jpeg::PortraitHeader;
use crate::text::{DocumentFonts, Slot};

/// White modules around the QR code (ISO/IEC 18004, 9.1).
const QUIET_MODULES: f32 = 4.0;
/// Letters further apart than this share of their size would be read as words of their own.
const WORD_GAP: f32 = 0.09;

pub(crate) fn write_contents(
    file: &mut FileWriter,
    layout: &Layout,
    elements: &[Element],
    portrait: PortraitHeader,
    qr_modules: u8,
    fonts: &mut DocumentFonts<'_>,
) -> Result<(), RenderError> {
    let mut out = Vec::with_capacity(8 * 1024);
    out.extend_from_slice(b"/Artifact BMC /T Do EMC\n");
    let Pictures { portrait: portrait_place, qr, .. } = layout.pictures;
    paint_portrait(&mut out, portrait_place, portrait);
    paint_qr(&mut out, qr, qr_modules);
    out.extend_from_slice(b"BT\n");
    let mut state = TextState::default();
    let mut mark = FIRST_TEXT_MARK;
    for element in elements {
        for block in &element.blocks {
            // Writing into a vector cannot fail.
            let _ = writeln!(out, "/{}<</MCID {mark}>>BDC", element.role.tag());
            mark += 1;
            write_block(&mut out, &mut state, block, &layout.inks, fonts).ok_or_else(|| RenderError::does_not_fit(&block.name))?;
            out.extend_from_slice(b"EMC\n");
        }
    }
    out.extend_from_slice(b"ET\n");
    file.stream(object::CONTENTS, &Stream { dict: "".into(), body: out.into() });
    Ok(())
}

/// The whole portrait, as large as its box allows, in the middle of a white ground.
fn paint_portrait(out: &mut Vec<u8>, place: BoxMm, portrait: PortraitHeader) {
    let [left, bottom, right, top] = place.to_points();
    let (width, height) = (f32::from(portrait.width), f32::from(portrait.height));
    let scale = ((right - left) / width).min((top - bottom) / height);
    let (width, height) = (width * scale, height * scale);
    let _ = write!(
        out,
        "/Artifact BMC 1 g {left:.2} {bottom:.2} {:.2} {:.2} re f EMC\n\
         /Figure<</MCID {PORTRAIT_MARK}>>BDC q {width:.3} 0 0 {height:.3} {:.3} {:.3} cm /P Do Q EMC\n",
        right - left,
        top - bottom,
        (left + right - width) / 2.0,
        (bottom + top - height) / 2.0,
    );
}

fn paint_qr(out: &mut Vec<u8>, place: BoxMm, modules: u8) {
    let quiet = place.width / f32::from(modules) * QUIET_MODULES;
    let ground =
        BoxMm { left: place.left - quiet, top: place.top - quiet, width: place.width + 2.0 * quiet, height: place.height + 2.0 * quiet };
    let [left, bottom, right, top] = ground.to_points();
    let [x, y, x1, y1] = place.to_points();
    let _ = write!(
        out,
        "/Artifact BMC {left:.2} {bottom:.2} {:.2} {:.2} re f EMC\n\
         /Figure<</MCID {QR_MARK}>>BDC 0 g q {:.3} 0 0 {:.3} {x:.3} {y:.3} cm /Q Do Q EMC\n",
        right - left,
        top - bottom,
        x1 - x,
        y1 - y,
    );
}

/// What was set last, so that it is written only when it changes.
#[derive(Default)]
struct TextState {
    ink: Option<Ink>,
    font: Option<(Slot, f32)>,
    spacing: f32,
}

/// `None` when the document has more different characters than a font has codes.
fn write_block(out: &mut Vec<u8>, state: &mut TextState, block: &Block, inks: &Inks, fonts: &mut DocumentFonts<'_>) -> Option<()> {
    // A text that is spread or wrapped is told whole, so that it is found and copied as it is.
    let spread = block.lines.iter().any(|line| WORD_GAP * line.size < line.spacing);
    let told = spread || 1 < block.lines.len();
    if told {
        let text: String = block.lines.iter().flat_map(|line| &line.letters).map(|letter| letter.character).collect();
        let _ = write!(out, "/Span<</ActualText{}>>BDC ", text_string(&text));
    }
    for line in &block.lines {
        write_line(out, state, line, inks, fonts)?;
    }
    if told {
        out.extend_from_slice(b"EMC\n");
    }
    Some(())
}

fn write_line(out: &mut Vec<u8>, state: &mut TextState, line: &Line, inks: &Inks, fonts: &mut DocumentFonts<'_>) -> Option<()> {
    if state.ink != Some(line.ink) {
        write_ink(out, line.ink, inks);
        state.ink = Some(line.ink);
    }
    #[expect(clippy::float_cmp, reason = "the same value or another one")]
    if state.spacing != line.spacing {
        let _ = write!(out, "{:.3} Tc ", line.spacing);
        state.spacing = line.spacing;
    }
    let _ = write!(out, "1 0 0 1 {:.2} {:.2} Tm ", line.x, line.baseline);
    let mut open = false;
    for letter in &line.letters {
        let (slot, code) = fonts.code(*letter)?;
        let font = (slot, line.size);
        if open && state.font != Some(font) {
            out.extend_from_slice(b"> Tj ");
            open = false;
        }
        if state.font != Some(font) {
            let _ = match slot {
                Slot::Common => write!(out, "/C {:.2} Tf ", line.size),
                Slot::Own(place) => write!(out, "/F{place} {:.2} Tf ", line.size),
            };
            state.font = Some(font);
        }
        if !open {
            out.push(b'<');
            open = true;
        }
        for shift in [12, 8, 4, 0] {
            out.push(b"0123456789ABCDEF"[usize::from(code >> shift & 0xF)]);
        }
    }
    if open {
        out.extend_from_slice(b"> Tj ");
    }
    out.push(b'\n');
    Some(())
}

/// Fill colour and rendering mode (ISO 32000-1, 9.3.6); a title is strengthened by its outline.
fn write_ink(out: &mut Vec<u8>, ink: Ink, inks: &Inks) {
    let ([r, g, b], strengthened) = match ink {
        Ink::Title => (inks.title, true),
        Ink::Value => (inks.value, false),
        Ink::Label => (inks.label, false),
    };
    let _ = write!(out, "{r:.3} {g:.3} {b:.3} rg ");
    let _ = if strengthened { write!(out, "{r:.3} {g:.3} {b:.3} RG 0.5 w 2 Tr ") } else { write!(out, "0 Tr ") };
}
