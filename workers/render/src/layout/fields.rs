//! The column of labels and values. All rows share one size; it goes down, and the rows closer together, until they fit.
//! Words are cut only where no size holds them whole.

use super::file::Layout;
use super::fit::{Fit, Fitted, LEADING, SMALLEST, Words, baseline_below, count, fit_points};
use super::{Block, BoxMm, Element, Ink, Line, PAGE_MM, POINTS_PER_MM, Role};
use crate::certificate::PrintedValue;
use crate::error::RenderError;
use crate::font::chain::FontChain;
use crate::text::{Letter, letters, width_pt};

/// Labels are set smaller than values.
const LABEL_SCALE: f32 = 0.88;
/// A long label shrinks to this share of its size before it takes a second line.
const LABEL_SHRINK: f32 = 0.6;
/// Room left free beside and below the portrait.
const PORTRAIT_MARGIN_MM: f32 = 4.0;
const MOST_LINES: usize = 8;

/// The sizes of values in points and the distances of single-line rows in ems. A size is given up only when its tightest
/// rows do not fit.
const SIZES: [f32; 9] = [14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, SMALLEST];
const PITCHES: [f32; 6] = [2.7, 2.45, 2.2, 2.0, 1.8, 1.6];

struct Row {
    name: String,
    label: Vec<Letter>,
    value: Vec<Letter>,
}

pub(super) fn place(chain: &FontChain, layout: &Layout, values: &[PrintedValue]) -> Result<Vec<Element>, RenderError> {
    if let Some(value) = values.iter().find(|value| !layout.fields.rows.iter().any(|row| row.field == value.field)) {
        return Err(RenderError::NoPlace { field: value.field.as_str() });
    }
    let mut rows = Vec::with_capacity(values.len());
    for row in &layout.fields.rows {
        let lines = values.iter().filter(|value| value.field == row.field).flat_map(|value| &value.lines);
        for (n, line) in lines.enumerate() {
            // A further line continues the field above it.
            let label = if n == 0 { row.label.as_str() } else { "" };
            let (label, value) = (letters(chain, label, &row.label)?, letters(chain, line, &row.label)?);
            rows.push(Row { name: row.label.clone(), label, value });
        }
    }
    let densities = || {
        let sizes = SIZES.iter().filter(|size| **size <= layout.fields.largest);
        sizes.flat_map(|size| PITCHES.iter().map(move |pitch| (*size, *pitch)))
    };
    Words::TRIED
        .into_iter()
        .flat_map(|words| densities().map(move |density| (words, density)))
        .find_map(|(words, density)| place_at(&rows, layout, density, words))
        .ok_or_else(|| {
            let longest = rows.iter().max_by_key(|row| row.value.len() + row.label.len());
            RenderError::does_not_fit(longest.map_or("fields", |row| &row.name))
        })
}

/// `None` when the rows do not fit at this size and pitch.
fn place_at(rows: &[Row], layout: &Layout, (size, pitch): (f32, f32), words: Words) -> Option<Vec<Element>> {
    let column = layout.fields.place;
    let label_size = (size * LABEL_SCALE).max(SMALLEST);
    let label_width = label_size * layout.fields.label_letters;
    let left = column.left * POINTS_PER_MM;
    let value_left = left + label_width + layout.fields.gap * POINTS_PER_MM;
    let mut used = 0.0;
    let mut elements = Vec::with_capacity(rows.len());
    for row in rows {
        let room = column.height * POINTS_PER_MM - used;
        let right = right_edge_mm(layout, column.top + used / POINTS_PER_MM) * POINTS_PER_MM;
        let value = fit_points(
            &row.value,
            (right - value_left, room),
            Fit { smallest: (size * 0.8).min(size - 1.0), balanced: true, ..Fit::lines(size, size, MOST_LINES) },
            words,
        )?;
        let label = fit_label(&row.label, (label_width, room), label_size, words)?;
        let gap = (pitch - LEADING) * size;
        let height = (LEADING * size).max(value.height()).max(label.height());
        if room < height {
            return None;
        }
        let upper = (PAGE_MM.1 - column.top) * POINTS_PER_MM - used;
        let area = |left: f32, right: f32| BoxMm {
            left: left / POINTS_PER_MM,
            top: column.top + used / POINTS_PER_MM,
            width: (right - left) / POINTS_PER_MM,
            height: height / POINTS_PER_MM,
        };
        let label = Block {
            name: row.name.clone(),
            area: area(left, left + label_width),
            lines: label_lines(&label, row, left, label_width, upper, value.size),
        };
        let value = Block {
            name: row.name.clone(),
            area: area(value_left, right),
            lines: value.flush_left(&row.value, value_left, upper, Ink::Value),
        };
        elements.push(Element { role: Role::Paragraph, blocks: vec![label, value] });
        used += height + gap;
    }
    Some(elements)
}

/// Values beside a portrait in their column end before it; those below run to the edge.
fn right_edge_mm(layout: &Layout, top_mm: f32) -> f32 {
    let (column, portrait) = (layout.fields.place, layout.pictures.portrait);
    let beside = column.left < portrait.left && portrait.left < column.right();
    if beside && top_mm < portrait.bottom() + PORTRAIT_MARGIN_MM { portrait.left - PORTRAIT_MARGIN_MM } else { column.right() }
}

fn fit_label(label: &[Letter], room: (f32, f32), size: f32, words: Words) -> Option<Fitted> {
    let rule = Fit { single: size * LABEL_SHRINK, smallest: size * LABEL_SHRINK * 0.8, ..Fit::lines(size, size, 2) };
    fit_points(label, room, rule, words)
}

/// Labels of two to six letters are spread over the column, as forms do. A label of one line stands on the baseline of
/// its value's first line, whose size may be smaller than the row's.
fn label_lines(fitted: &Fitted, row: &Row, left: f32, width: f32, upper: f32, value_size: f32) -> Vec<Line> {
    let mut lines = fitted.flush_left(&row.label, left, upper, Ink::Label);
    if let [line] = lines.as_mut_slice() {
        let down = baseline_below(value_size) - baseline_below(line.size);
        line.baseline -= down.max(0.0);
        let letters = line.letters.len();
        if (2..=6).contains(&letters) && line.letters.iter().all(|l| !l.character.is_ascii()) {
            let rest = width - width_pt(&line.letters, line.size);
            line.spacing = (rest / count(letters - 1)).max(0.0);
        }
    }
    lines
}
