//! The page's content stream: template, portrait, QR code, then the text in the order of reading.

use std::io::Write as _;

use super::{FileWriter, Stream, object, text_string};
use crate::error::RenderError;
use crate::layout::{Block, BoxMm, Ink, Line, PORTRAIT, QR};
use crate::portrait_jpeg::PortraitHeader;
use crate::text::DocumentFonts;

/// White modules around the QR code (ISO/IEC 18004, 9.1).
const QUIET_MODULES: f32 = 4.0;
/// Letters further apart than this share of their size would be read as words of their own.
const WORD_GAP: f32 = 0.09;

pub(crate) fn write_contents(
    file: &mut FileWriter,
    blocks: &[Block],
    portrait: PortraitHeader,
    qr_modules: u8,
    fonts: &mut DocumentFonts,
) -> Result<(), RenderError> {
    let mut out = Vec::with_capacity(8 * 1024);
    out.extend_from_slice(b"/T Do\n");
    paint_portrait(&mut out, portrait);
    paint_qr(&mut out, qr_modules);
    out.extend_from_slice(b"BT\n");
    let mut state = TextState::default();
    for block in blocks {
        for line in &block.lines {
            write_line(&mut out, &mut state, line, fonts).ok_or_else(|| RenderError::does_not_fit(&block.name))?;
        }
    }
    out.extend_from_slice(b"ET\n");
    file.stream(object::CONTENTS, &Stream { dict: "".into(), body: out.into() });
    Ok(())
}

/// The whole portrait, as large as its box allows, in the middle of a white ground.
fn paint_portrait(out: &mut Vec<u8>, portrait: PortraitHeader) {
    let [left, bottom, right, top] = PORTRAIT.to_points();
    let (width, height) = (f32::from(portrait.width), f32::from(portrait.height));
    let scale = ((right - left) / width).min((top - bottom) / height);
    let (width, height) = (width * scale, height * scale);
    // Writing into a vector cannot fail.
    let _ = write!(
        out,
        "1 g {left:.2} {bottom:.2} {:.2} {:.2} re f\nq {width:.3} 0 0 {height:.3} {:.3} {:.3} cm /P Do Q\n",
        right - left,
        top - bottom,
        (left + right - width) / 2.0,
        (bottom + top - height) / 2.0,
    );
}

fn paint_qr(out: &mut Vec<u8>, modules: u8) {
    let quiet = QR.width / f32::from(modules) * QUIET_MODULES;
    let ground = BoxMm { left: QR.left - quiet, top: QR.top - quiet, width: QR.width + 2.0 * quiet, height: QR.height + 2.0 * quiet };
    let [left, bottom, right, top] = ground.to_points();
    let [x, y, x1, y1] = QR.to_points();
    let _ = write!(
        out,
        "{left:.2} {bottom:.2} {:.2} {:.2} re f\n0 g q {:.3} 0 0 {:.3} {x:.3} {y:.3} cm /Q Do Q\n",
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
    font: Option<(usize, f32)>,
    spacing: f32,
}

/// `None` when the document has more different characters than a font has codes.
fn write_line(out: &mut Vec<u8>, state: &mut TextState, line: &Line, fonts: &mut DocumentFonts) -> Option<()> {
    if state.ink != Some(line.ink) {
        out.extend_from_slice(ink_operators(line.ink).as_bytes());
        state.ink = Some(line.ink);
    }
    #[expect(clippy::float_cmp, reason = "the same value or another one")]
    if state.spacing != line.spacing {
        let _ = write!(out, "{:.3} Tc ", line.spacing);
        state.spacing = line.spacing;
    }
    let spread = WORD_GAP * line.size < line.spacing;
    if spread {
        let text: String = line.letters.iter().map(|l| l.character).collect();
        let _ = write!(out, "/Span<</ActualText{}>>BDC ", text_string(&text));
    }
    let _ = write!(out, "1 0 0 1 {:.2} {:.2} Tm ", line.x, line.baseline);
    for run in line.letters.chunk_by(|a, b| a.font == b.font) {
        let font = (run.first()?.font, line.size);
        if state.font != Some(font) {
            let _ = write!(out, "/F{} {:.2} Tf ", font.0, font.1);
            state.font = Some(font);
        }
        out.push(b'<');
        for letter in run {
            let code = fonts.code(*letter)?;
            for shift in [12, 8, 4, 0] {
                out.push(b"0123456789ABCDEF"[usize::from(code >> shift & 0xF)]);
            }
        }
        out.extend_from_slice(b"> Tj ");
    }
    if spread {
        out.extend_from_slice(b"EMC");
    }
    out.push(b'\n');
    Some(())
}

/// Fill colour and rendering mode (ISO 32000-1, 9.3.6).
fn ink_operators(ink: Ink) -> &'static str {
    match ink {
        Ink::Title => "0.55 0.09 0.08 rg 0.55 0.09 0.08 RG 0.5 w 2 Tr ",
        Ink::Value => "0.10 0.10 0.12 rg 0 Tr ",
        Ink::Label => "0.44 0.33 0.17 rg 0 Tr ",
    }
}
