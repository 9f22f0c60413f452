//! The QR code: segments and error correction come from the crate `qrcode`; the mask is chosen here, bit-parallel,
//! since that choice would otherwise cost more than the rest of the page.

mod penalty;

use std::sync::OnceLock;

use qrcode::bits;
use qrcode::canvas::{Canvas, MaskPattern, Module};
use qrcode::{EcLevel, Version, ec};

/// Why a text has no QR code.
#[derive(Debug, thiserror::Error, Clone, Copy, PartialEq, Eq)]
pub enum QrError {
    /// The text needs a version above 15: its modules would be too small for a 30 mm print.
    #[error("the text needs more than version {LARGEST_VERSION} at level M")]
    TooLong,
    /// The text holds a control character or a noncharacter, which the metadata (XML 1.0, 2.2) cannot repeat.
    #[error("the text holds {0:?}, which is no character of a text")]
    NoText(char),
}

/// The largest version: 77 modules on 30 mm are 0.39 mm each.
const LARGEST_VERSION: i16 = 15;
const VERSIONS: usize = 15;
const LEVEL: EcLevel = EcLevel::M;
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// The modules of a code, without its quiet zone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct QrCode {
    /// Modules a side: 21 to 77.
    pub(crate) width: usize,
    /// One row a number; bit 0 is the left module, 1 is dark.
    pub(crate) rows: Vec<u128>,
}

impl QrCode {
    /// One bit a module, rows padded to whole bytes, 1 is dark, as the samples of a 1-bit image.
    pub(crate) fn samples(&self) -> Vec<u8> {
        let row_bytes = self.width.div_ceil(8);
        let mut samples = Vec::with_capacity(row_bytes * self.width);
        for row in &self.rows {
            samples.extend_from_slice(&row.reverse_bits().to_be_bytes()[..row_bytes]);
        }
        samples
    }
}

/// What is the same for all codes of one version: where data modules stand, and for each mask the whole symbol that
/// codewords of zero would give.
struct Pattern {
    width: usize,
    /// Column and row of each data module in the order of the bits.
    order: Vec<(u8, u8)>,
    masked: Vec<Grid>,
}

/// A symbol twice, by rows and by columns, so that both directions are judged a word at a time.
#[derive(Clone)]
struct Grid {
    rows: Vec<u128>,
    columns: Vec<u128>,
}

impl Grid {
    fn empty(width: usize) -> Grid {
        Grid { rows: vec![0; width], columns: vec![0; width] }
    }

    fn set(&mut self, x: usize, y: usize) {
        self.rows[y] |= 1 << x;
        self.columns[x] |= 1 << y;
    }
}

/// Makes codes; keeps the pattern of every version that was asked for.
#[derive(Default)]
pub(crate) struct QrMaker {
    patterns: [OnceLock<Pattern>; VERSIONS],
}

impl QrMaker {
    /// Whether the text has a code; costs little beside making it.
    pub(crate) fn fits(text: &str) -> Result<(), QrError> {
        no_text(text)?;
        match bits::encode_auto(text.as_bytes(), LEVEL).map_err(|_| QrError::TooLong)?.version() {
            Version::Normal(number) if number <= LARGEST_VERSION => Ok(()),
            Version::Normal(_) | Version::Micro(_) => Err(QrError::TooLong),
        }
    }

    pub(crate) fn encode(&self, text: &str) -> Result<QrCode, QrError> {
        no_text(text)?;
        let bits = bits::encode_auto(text.as_bytes(), LEVEL).map_err(|_| QrError::TooLong)?;
        let version = bits.version();
        let number = match version {
            Version::Normal(number) if number <= LARGEST_VERSION => number,
            Version::Normal(_) | Version::Micro(_) => return Err(QrError::TooLong),
        };
        let slot = usize::try_from(number - 1).map_err(|_| QrError::TooLong)?;
        let cell = self.patterns.get(slot).ok_or(QrError::TooLong)?;
        let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, LEVEL).map_err(|_| QrError::TooLong)?;
        let pattern = cell.get_or_init(|| Pattern::new(version, data.len() + correction.len()));
        Ok(pattern.fill(data.iter().chain(&correction)))
    }
}

fn no_text(text: &str) -> Result<(), QrError> {
    let refused = |character: &char| character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}');
    text.chars().find(refused).map_or(Ok(()), |character| Err(QrError::NoText(character)))
}

impl Pattern {
    fn new(version: Version, codewords: usize) -> Pattern {
        let side = version.width();
        let width = side.unsigned_abs().into();
        let mut canvas = Canvas::new(version, LEVEL);
        canvas.draw_all_functional_patterns();
        let order = data_order(&canvas, side);
        canvas.draw_data(&vec![0; codewords], &[]);
        let masked = MASKS
            .iter()
            .map(|mask| {
                let mut canvas = canvas.clone();
                canvas.apply_mask(*mask);
                let mut grid = Grid::empty(width);
                for (y, row) in (0..width).zip(0..side) {
                    for (x, column) in (0..width).zip(0..side) {
                        if canvas.get(column, row).is_dark() {
                            grid.set(x, y);
                        }
                    }
                }
                grid
            })
            .collect();
        Pattern { width, order, masked }
    }

    fn fill<'a>(&self, codewords: impl Iterator<Item = &'a u8>) -> QrCode {
        let mut data = Grid::empty(self.width);
        let bits = codewords.flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
        for ((x, y), dark) in self.order.iter().zip(bits) {
            if dark {
                data.set(usize::from(*x), usize::from(*y));
            }
        }
        let mut best: Option<(u32, Grid)> = None;
        for mask in &self.masked {
            let candidate = Grid { rows: xor(&data.rows, &mask.rows), columns: xor(&data.columns, &mask.columns) };
            let penalty = penalty::penalty(&candidate.rows, &candidate.columns);
            if best.as_ref().is_none_or(|(least, _)| penalty < *least) {
                best = Some((penalty, candidate));
            }
        }
        QrCode { width: self.width, rows: best.map(|(_, grid)| grid.rows).unwrap_or_default() }
    }
}

fn xor(a: &[u128], b: &[u128]) -> Vec<u128> {
    a.iter().zip(b).map(|(a, b)| a ^ b).collect()
}

/// The places that the function patterns left empty, two columns at a time from the right, upwards and downwards in
/// turn, passing over the vertical timing pattern (ISO/IEC 18004, 7.7.3).
fn data_order(canvas: &Canvas, side: i16) -> Vec<(u8, u8)> {
    let mut order = Vec::new();
    let mut right = side - 1;
    let mut upwards = true;
    while right > 0 {
        if right == 6 {
            right -= 1;
        }
        for step in 0..side {
            let y = if upwards { side - 1 - step } else { step };
            for x in [right, right - 1] {
                if canvas.get(x, y) == Module::Empty
                    && let (Ok(x), Ok(y)) = (u8::try_from(x), u8::try_from(y))
                {
                    order.push((x, y));
                }
            }
        }
        upwards = !upwards;
        right -= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The symbol that the crate itself draws for each mask.
    fn by_the_crate(text: &str) -> Vec<Vec<u128>> {
        let bits = bits::encode_auto(text.as_bytes(), LEVEL).unwrap();
        let version = bits.version();
        let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, LEVEL).unwrap();
        let mut canvas = Canvas::new(version, LEVEL);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &correction);
        MASKS
            .iter()
            .map(|mask| {
                let mut masked = canvas.clone();
                masked.apply_mask(*mask);
                let width = version.width();
                (0..width).map(|y| (0..width).map(|x| u128::from(masked.get(x, y).is_dark()) << x).sum()).collect()
            })
            .collect()
    }

    fn transposed(rows: &[u128]) -> Vec<u128> {
        (0..rows.len()).map(|x| rows.iter().enumerate().map(|(y, row)| (row >> x & 1) << y).sum()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_symbol_is_the_crates_own_under_the_mask_of_least_penalty(text in "[A-Z0-9:/.]{1,400}|[ -~]{1,200}") {
            let code = QrMaker::default().encode(&text).unwrap();
            let all = by_the_crate(&text);
            prop_assert!(all.contains(&code.rows));
            let penalty = |rows: &[u128]| penalty::penalty(rows, &transposed(rows));
            let least = all.iter().map(|rows| penalty(rows)).min().unwrap();
            prop_assert_eq!(penalty(&code.rows), least);
        }
    }

    #[test]
    fn a_text_beyond_version_15_is_refused() {
        let maker = QrMaker::default();
        assert_eq!(maker.encode(&"A".repeat(600)).unwrap().width, 77);
        assert_eq!([600, 700, 70_000].map(|length| QrMaker::fits(&"A".repeat(length)).is_ok()), [true, false, false]);
        assert_eq!(maker.encode(&"A".repeat(700)), Err(QrError::TooLong));
        assert_eq!(maker.encode(&"A".repeat(70_000)), Err(QrError::TooLong));
    }

    #[test]
    fn a_text_that_the_metadata_cannot_repeat_is_refused() {
        for character in ['\0', '\u{1}', '\t', '\n', '\r', '\u{7F}', '\u{85}', '\u{FFFE}', '\u{FFFF}'] {
            let text = format!("HTTPS://A{character}B");
            assert_eq!(QrMaker::default().encode(&text), Err(QrError::NoText(character)));
            assert_eq!(QrMaker::fits(&text), Err(QrError::NoText(character)));
        }
        assert!(QrMaker::fits("HTTPS://A/<&>\u{FFFD}\u{10FFFF}").is_ok());
    }

    #[test]
    fn samples_are_rows_of_whole_bytes_from_the_left() {
        let code = QrCode { width: 9, rows: vec![0b1_0000_0001; 9] };
        assert_eq!(code.samples(), [0x80, 0x80].repeat(9));
    }
}
