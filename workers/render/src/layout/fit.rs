//! Fits one text into one box: first by size on one line, then on more lines, then smaller still, and only then with words cut.

use std::ops::Range;

use super::line_break::{Broken, beginnings, break_lines, without_end_blanks};
use super::{BoxMm, Ink, Line, POINTS_PER_MM};
use crate::text::{Letter, width_pt};

/// Height of a line in ems, and how far below its upper edge the baseline lies.
pub(super) const LEADING: f32 = 1.35;
const ASCENT: f32 = 1.06;
/// Sizes are tried in these steps, in points.
const STEP: f32 = 0.5;

/// Nothing is printed smaller, in points, whatever a rule says: what needs it does not fit.
pub(super) const SMALLEST: f32 = 6.0;

/// The rule for one box. Sizes in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) largest: f32,
    /// Down to here one line is preferred to several.
    pub(super) single: f32,
    pub(super) smallest: f32,
    pub(super) most_lines: usize,
    /// Space after each letter, in ems.
    pub(super) spacing: f32,
    /// Whether several lines are made equally long.
    pub(super) balanced: bool,
}

impl Fit {
    pub(super) const fn lines(largest: f32, smallest: f32, most_lines: usize) -> Fit {
        Fit { largest, single: largest * 0.82, smallest, most_lines, spacing: 0.0, balanced: false }
    }
}

/// What may become of a word that is wider than its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// The text does not fit.
    Whole,
    /// The line ends inside of the word.
    Cut,
}

impl Words {
    /// In the order in which they are tried: every size with whole words comes before a cut.
    pub(super) const TRIED: [Words; 2] = [Words::Whole, Words::Cut];
}

/// A text in lines of one size.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    pub(super) size: f32,
    /// In points.
    pub(super) spacing: f32,
    pub(super) lines: Vec<Range<usize>>,
}

/// `None` when the rule has no size at which the text fits.
pub(super) fn fit(letters: &[Letter], area: BoxMm, rule: Fit) -> Option<Fitted> {
    let width = area.width * POINTS_PER_MM;
    let height = area.height * POINTS_PER_MM;
    Words::TRIED.into_iter().find_map(|words| fit_points(letters, (width, height), rule, words))
}

/// The same with width and height of the box in points, and for one way with words.
pub(super) fn fit_points(letters: &[Letter], (width, height): (f32, f32), rule: Fit, words: Words) -> Option<Fitted> {
    let spacing_em = rule.spacing;
    // Spacing counts as a part of each letter, so that a line is never longer than it was judged to be.
    let room = |size: f32, letters: usize| width - spacing_em * size * count(letters);
    let mut size = rule.largest;
    while rule.single.max(SMALLEST) <= size {
        let one_line = width_pt(letters, size) <= room(size, letters.len());
        if one_line && LEADING * size <= height {
            return Some(Fitted { size, spacing: spacing_em * size, lines: std::iter::once(0..letters.len()).collect() });
        }
        size -= STEP;
    }
    let beginnings = beginnings(letters);
    // Broken lines need not be as small as the smallest single line was.
    size = rule.largest.min(rule.single * 1.1);
    while rule.smallest.max(SMALLEST) <= size {
        let ems = width / (1.0 + spacing_em);
        if let Some(broken) = break_lines(letters, &beginnings, size, ems)
            && (words == Words::Cut || !broken.cut)
            && broken.lines.len() <= rule.most_lines
            && count(broken.lines.len()) * LEADING * size <= height
        {
            let lines = if rule.balanced { balanced((letters, &beginnings), size, ems, broken.lines) } else { broken.lines };
            return Some(Fitted { size, spacing: 0.0, lines });
        }
        size -= STEP;
    }
    None
}

/// The lines of the narrowest width that needs no more of them and cuts no word.
fn balanced((letters, beginnings): (&[Letter], &[bool]), size: f32, width: f32, lines: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut best = lines;
    let mut narrower = width - size;
    while size < narrower {
        match break_lines(letters, beginnings, size, narrower) {
            Some(Broken { lines, cut: false }) if lines.len() <= best.len() => best = lines,
            Some(_) | None => break,
        }
        narrower -= size;
    }
    best
}

#[expect(clippy::cast_precision_loss, reason = "a page holds far fewer than 2^24")]
pub(super) fn count(number: usize) -> f32 {
    number as f32
}

impl Fitted {
    pub(super) fn height(&self) -> f32 {
        count(self.lines.len()) * LEADING * self.size
    }

    /// Lines centred in both directions.
    pub(super) fn centred(&self, letters: &[Letter], area: BoxMm, ink: Ink) -> Vec<Line> {
        let [left, bottom, right, top] = area.to_points();
        let upper = (top + bottom + self.height()) / 2.0;
        self.place(letters, upper, ink, |line| {
            let line = without_end_blanks(line);
            let gaps = count(line.len().saturating_sub(1)) * self.spacing;
            (left + right - width_pt(line, self.size) - gaps) / 2.0
        })
    }

    /// Lines that begin at `left`, the first one's upper edge at `upper`.
    pub(super) fn flush_left(&self, letters: &[Letter], left: f32, upper: f32, ink: Ink) -> Vec<Line> {
        self.place(letters, upper, ink, |_| left)
    }

    fn place(&self, letters: &[Letter], upper: f32, ink: Ink, x: impl Fn(&[Letter]) -> f32) -> Vec<Line> {
        let mut baseline = upper - ASCENT * self.size;
        let mut placed = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let letters = letters.get(line.clone()).unwrap_or(&[]);
            if !letters.is_empty() {
                placed.push(Line { x: x(letters), baseline, size: self.size, spacing: self.spacing, ink, letters: letters.to_vec() });
            }
            baseline -= LEADING * self.size;
        }
        placed
    }
}

/// How far below its upper edge the baseline of a line lies.
pub(super) fn baseline_below(size: f32) -> f32 {
    ASCENT * size
}
