//! The drawing: a guilloche border between fine rules, corner rosettes, a pale ground of waves with one large rosette,
//! the frame of the portrait and the rules that part title, fields and foot.

use std::f64::consts::{FRAC_PI_2, TAU};

use printpdf::Op;

use super::curve::{Colour, Placement, curve, draw, polyline, stroke_with};
use crate::layout::file::{Border, Ground, Layout, Medallion, Ring, Rule, Rules};
use crate::layout::{BoxMm, PAGE_MM};

/// Distances from the edge of the page, in millimetres.
const OUTER_RULE: f64 = 9.0;
const BAND_MIDDLE: f64 = 15.0;
const INNER_RULE: f64 = 21.0;
/// From the middle of a corner rosette to where the strands of the border begin.
const CORNER: f64 = 5.6;

pub(super) fn page(layout: &Layout) -> Vec<Op> {
    let mut ops = vec![Op::SaveGraphicsState];
    ground(&mut ops, &layout.ground);
    medallion(&mut ops, &layout.medallion);
    border(&mut ops, &layout.border);
    corners(&mut ops, &layout.border);
    frames(&mut ops, layout.border.rules);
    hairlines(&mut ops, &layout.rules);
    portrait_frame(&mut ops, layout.pictures.portrait, layout.rules.colour);
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
fn ground(ops: &mut Vec<Op>, of: &Ground) {
    let (width, height) = page_size();
    let length = width - 2.0 * (INNER_RULE + 1.6);
    let (swing, waves) = (of.swing, f64::from(of.waves));
    let wave = |side: f64| curve(move |t: f64| (length * t, side * swing * (TAU * waves * t).sin()), 0.0..1.0, 4 * of.waves, false);
    let (lowest, highest) = (INNER_RULE + 1.6 + swing, height - INNER_RULE - 1.6 - swing);
    let step = (highest - lowest) / f64::from(of.pairs.saturating_sub(1).max(1));
    ops.extend(stroke_with(of.colour, 0.09));
    draw(ops, &[wave(1.0), wave(-1.0)], (0..of.pairs).map(|pair| Placement::at(INNER_RULE + 1.6, lowest + step * f64::from(pair))));
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
fn rosette(ops: &mut Vec<Op>, (x, y): (f64, f64), ring: Ring) {
    let turn = TAU / f64::from(ring.petals.max(1)) / f64::from(ring.turns.max(1));
    let turned = (0..ring.turns).map(|n| Placement { turn: turn * f64::from(n), ..Placement::at(x, y) });
    draw(ops, &[petals(ring.mean, ring.swing, ring.petals)], turned);
}

fn medallion(ops: &mut Vec<Op>, of: &Medallion) {
    let [x, from_top] = of.centre;
    ops.extend(stroke_with(of.colour, 0.12));
    for ring in &of.rings {
        rosette(ops, (x, up(from_top)), *ring);
    }
}

/// Strands of waves along each side of the border, each shifted against the last.
fn border(ops: &mut Vec<Op>, of: &Border) {
    let (width, height) = page_size();
    let start = BAND_MIDDLE + CORNER;
    let period_mm = of.period;
    for strand in &of.strands {
        let swing = strand.swing;
        ops.extend(stroke_with(strand.colour, 0.16));
        let period: Vec<Op> = (0..4u32)
            .map(|quarter| {
                let phase = f64::from(quarter) / 4.0;
                curve(move |t: f64| (period_mm * t, swing * (TAU * (t + phase)).sin()), 0.0..1.0, 4, false)
            })
            .collect();
        for (length, vertical) in [(width, false), (height, true)] {
            // As many whole waves as fit best; they are stretched to end where the side ends.
            let periods = ((length - 2.0 * start) / period_mm).round().max(1.0);
            let step = (length - 2.0 * start) / periods;
            let across = if vertical { width } else { height };
            for middle in [BAND_MIDDLE, across - BAND_MIDDLE] {
                draw(
                    ops,
                    &period,
                    (0..whole(periods)).map(|n| {
                        let along = start + step * f64::from(n);
                        Placement {
                            turn: if vertical { FRAC_PI_2 } else { 0.0 },
                            stretch: step / period_mm,
                            to: if vertical { (middle, along) } else { (along, middle) },
                        }
                    }),
                );
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a side has some tens of waves")]
fn whole(count: f64) -> u32 {
    count as u32
}

/// A rosette in each corner of the border.
fn corners(ops: &mut Vec<Op>, of: &Border) {
    let (width, height) = page_size();
    for x in [BAND_MIDDLE, width - BAND_MIDDLE] {
        for y in [BAND_MIDDLE, height - BAND_MIDDLE] {
            for corner in &of.corners {
                ops.extend(stroke_with(corner.colour, 0.16));
                rosette(ops, (x, y), corner.ring);
            }
        }
    }
}

fn frame(left: f64, bottom: f64, right: f64, top: f64) -> Op {
    polyline(&[(left, bottom), (right, bottom), (right, top), (left, top)], true)
}

/// The rules on both sides of the border.
fn frames(ops: &mut Vec<Op>, colour: Colour) {
    let (width, height) = page_size();
    for (distance, thickness) in [(OUTER_RULE, 0.7), (OUTER_RULE + 1.1, 0.18), (INNER_RULE - 1.1, 0.18), (INNER_RULE, 0.45)] {
        ops.extend(stroke_with(colour, thickness));
        ops.push(frame(distance, distance, width - distance, height - distance));
    }
}

/// The hairlines between the parts of the page.
fn hairlines(ops: &mut Vec<Op>, of: &Rules) {
    ornament(ops, &of.ornament, of.colour);
    let Rule { left, right, top } = of.foot;
    ops.extend(stroke_with(of.colour, 0.15));
    ops.push(polyline(&[(left, up(top)), (right, up(top))], false));
}

/// A rule with a small lozenge in its middle.
fn ornament(ops: &mut Vec<Op>, of: &Rule, colour: Colour) {
    let (middle, y) = ((of.left + of.right) / 2.0, up(of.top));
    ops.extend(stroke_with(colour, 0.2));
    ops.push(polyline(&[(of.left, y), (middle - 4.0, y)], false));
    ops.push(polyline(&[(middle + 4.0, y), (of.right, y)], false));
    for size in [1.0, 1.9] {
        let half = size * 1.4;
        ops.push(polyline(&[(middle - half, y), (middle, y - size), (middle + half, y), (middle, y + size)], true));
    }
}

fn portrait_frame(ops: &mut Vec<Op>, portrait: BoxMm, colour: Colour) {
    ops.extend(stroke_with(colour, 0.2));
    for distance in [0.7, 1.3] {
        ops.push(frame(
            f64::from(portrait.left) - distance,
            up(f64::from(portrait.bottom())) - distance,
            f64::from(portrait.right()) + distance,
            up(f64::from(portrait.top)) + distance,
        ));
    }
}
