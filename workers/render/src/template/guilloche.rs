//! The drawing: a guilloche border between fine rules, corner rosettes, a pale ground of waves with one large rosette,
//! the frame of the portrait and the rules that part title, fields and foot.

use std::f64::consts::{FRAC_PI_2, TAU};

use printpdf::Op;

use super::curve::{Colour, Placement, curve, draw, polyline, stroke_with};
use crate::layout::{BoxMm, CONTACT, FIELDS, IDENTIFIER, NUMBER, PAGE_MM, PORTRAIT};

const BRONZE: Colour = [0.66, 0.49, 0.24];
const DEEP_BRONZE: Colour = [0.50, 0.35, 0.14];
const TEAL: Colour = [0.30, 0.52, 0.50];
const PALE_TEAL: Colour = [0.80, 0.89, 0.875];
const PALE_BRONZE: Colour = [0.94, 0.885, 0.785];

/// Distances from the edge of the page, in millimetres.
const OUTER_RULE: f64 = 9.0;
const BAND_MIDDLE: f64 = 15.0;
const INNER_RULE: f64 = 21.0;
/// From the middle of a corner rosette to where the strands of the border begin.
const CORNER: f64 = 5.6;

pub(super) fn page() -> Vec<Op> {
    let mut ops = vec![Op::SaveGraphicsState];
    ground(&mut ops);
    medallion(&mut ops);
    border(&mut ops);
    corners(&mut ops);
    rules(&mut ops);
    portrait_frame(&mut ops);
    ops.push(Op::RestoreGraphicsState);
    ops
}

fn page_size() -> (f64, f64) {
    (f64::from(PAGE_MM.0), f64::from(PAGE_MM.1))
}

/// From the upper edge of the page, as the layout counts, to the lower one.
fn up(from_top_mm: f64) -> f64 {
    page_size().1 - from_top_mm
}

/// Pairs of opposed waves over the whole inner field.
fn ground(ops: &mut Vec<Op>) {
    let (width, height) = page_size();
    let length = width - 2.0 * (INNER_RULE + 1.6);
    let swing = 1.7;
    let wave = |side: f64| curve(move |t: f64| (length * t, side * swing * (TAU * 7.0 * t).sin()), 0.0..1.0, 28, false);
    let (lowest, highest) = (INNER_RULE + 1.6 + swing, height - INNER_RULE - 1.6 - swing);
    let pairs = 74u32;
    let step = (highest - lowest) / f64::from(pairs - 1);
    ops.extend(stroke_with(PALE_TEAL, 0.09));
    draw(ops, &[wave(1.0), wave(-1.0)], (0..pairs).map(|pair| Placement::at(INNER_RULE + 1.6, lowest + step * f64::from(pair))));
}

/// One closed curve whose radius swings `count` times around its mean.
fn petals(mean: f64, swing: f64, count: u32) -> Op {
    let count_of_waves = f64::from(count);
    let at = move |angle: f64| {
        let radius = mean + swing * (count_of_waves * angle).cos();
        (radius * angle.cos(), radius * angle.sin())
    };
    curve(at, 0.0..TAU, 4 * count, true)
}

/// The same petals several times, each a little turned against the last, until they meet the first again.
fn rosette(ops: &mut Vec<Op>, (x, y): (f64, f64), (mean, swing): (f64, f64), count: u32, rings: u32) {
    let turn = TAU / f64::from(count) / f64::from(rings);
    draw(ops, &[petals(mean, swing, count)], (0..rings).map(|ring| Placement { turn: turn * f64::from(ring), ..Placement::at(x, y) }));
}

/// The large rosette behind the fields.
fn medallion(ops: &mut Vec<Op>) {
    let centre = (page_size().0 / 2.0, up(146.0));
    ops.extend(stroke_with(PALE_BRONZE, 0.12));
    rosette(ops, centre, (50.0, 8.0), 16, 10);
    rosette(ops, centre, (33.0, 8.5), 12, 8);
    rosette(ops, centre, (14.0, 9.5), 8, 8);
}

/// Strands of waves along each side of the border, each shifted against the last.
fn border(ops: &mut Vec<Op>) {
    const PERIOD: f64 = 9.0;
    let (width, height) = page_size();
    let start = BAND_MIDDLE + CORNER;
    for (colour, swing) in [(TEAL, 3.6), (BRONZE, 2.2)] {
        ops.extend(stroke_with(colour, 0.16));
        let period: Vec<Op> = (0..4u32)
            .map(|strand| {
                let phase = f64::from(strand) / 4.0;
                curve(move |t: f64| (PERIOD * t, swing * (TAU * (t + phase)).sin()), 0.0..1.0, 4, false)
            })
            .collect();
        for (length, periods, vertical) in [(width, 17u32, false), (height, 27, true)] {
            let step = (length - 2.0 * start) / f64::from(periods);
            let across = if vertical { width } else { height };
            for middle in [BAND_MIDDLE, across - BAND_MIDDLE] {
                draw(
                    ops,
                    &period,
                    (0..periods).map(|n| {
                        let along = start + step * f64::from(n);
                        Placement {
                            turn: if vertical { FRAC_PI_2 } else { 0.0 },
                            stretch: step / PERIOD,
                            to: if vertical { (middle, along) } else { (along, middle) },
                        }
                    }),
                );
            }
        }
    }
}

/// A rosette in each corner of the border.
fn corners(ops: &mut Vec<Op>) {
    let (width, height) = page_size();
    for x in [BAND_MIDDLE, width - BAND_MIDDLE] {
        for y in [BAND_MIDDLE, height - BAND_MIDDLE] {
            ops.extend(stroke_with(TEAL, 0.16));
            rosette(ops, (x, y), (3.5, 1.3), 8, 4);
            ops.extend(stroke_with(BRONZE, 0.16));
            rosette(ops, (x, y), (1.8, 0.8), 6, 3);
        }
    }
}

fn frame(left: f64, bottom: f64, right: f64, top: f64) -> Op {
    polyline(&[(left, bottom), (right, bottom), (right, top), (left, top)], true)
}

/// The rules of the border, and the hairlines between the parts of the page.
fn rules(ops: &mut Vec<Op>) {
    let (width, height) = page_size();
    for (distance, thickness) in [(OUTER_RULE, 0.7), (OUTER_RULE + 1.1, 0.18), (INNER_RULE - 1.1, 0.18), (INNER_RULE, 0.45)] {
        ops.extend(stroke_with(BRONZE, thickness));
        ops.push(frame(distance, distance, width - distance, height - distance));
    }
    ornament(ops, up(f64::from(NUMBER.bottom()) + 3.5));
    let above_foot = up(f64::from(IDENTIFIER.top) - 1.2);
    ops.extend(stroke_with(BRONZE, 0.15));
    ops.push(polyline(&[(f64::from(CONTACT.left), above_foot), (f64::from(CONTACT.right()), above_foot)], false));
}

/// A rule with a small lozenge in its middle, under the number.
fn ornament(ops: &mut Vec<Op>, y: f64) {
    let middle = page_size().0 / 2.0;
    let (left, right) = (f64::from(FIELDS.left), f64::from(FIELDS.right()));
    ops.extend(stroke_with(DEEP_BRONZE, 0.2));
    ops.push(polyline(&[(left, y), (middle - 4.0, y)], false));
    ops.push(polyline(&[(middle + 4.0, y), (right, y)], false));
    for size in [1.0, 1.9] {
        let half = size * 1.4;
        ops.push(polyline(&[(middle - half, y), (middle, y - size), (middle + half, y), (middle, y + size)], true));
    }
}

fn portrait_frame(ops: &mut Vec<Op>) {
    ops.extend(stroke_with(DEEP_BRONZE, 0.2));
    for distance in [0.7, 1.3] {
        let BoxMm { left, top, .. } = PORTRAIT;
        ops.push(frame(
            f64::from(left) - distance,
            up(f64::from(PORTRAIT.bottom())) - distance,
            f64::from(PORTRAIT.right()) + distance,
            up(f64::from(top)) + distance,
        ));
    }
}
