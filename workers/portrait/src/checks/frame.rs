//! Borders: lines along the edges, as scans and pictures of printed photos have them.

use crate::scene::Scene;
use crate::statistics::{deviation, mean};

/// How deep a border may reach, as a share of the side.
const DEPTH: f64 = 0.08;

/// Brightness or colour changes by more than this across the inner edge of a border.
const STEP: f32 = 30.0;

/// The change runs along at least this share of the side.
const ALONG: f32 = 0.9;

/// A border is of one colour: its brightness spreads by no more than this.
const PLAIN: f32 = 14.0;

/// How many sides have a border.
pub(crate) fn sides(scene: &Scene) -> f32 {
    let (width, height) = (scene.width(), scene.height());
    let depth = |side: u32| crate::rect::whole(f64::from(side) * DEPTH).max(3);
    let row = |y: u32| (0..width).map(|x| scene.colour(x, y)).collect::<Vec<_>>();
    let column = |x: u32| (0..height).map(|y| scene.colour(x, y)).collect::<Vec<_>>();
    let from = |of: &dyn Fn(u32) -> Vec<[f32; 3]>, side: u32, far: bool| {
        let place = |line: u32| of(if far { side - 1 - line.min(side - 1) } else { line.min(side - 1) });
        has_border((0..depth(side) + 2).map(place).collect())
    };
    let found = [from(&row, height, false), from(&row, height, true), from(&column, width, false), from(&column, width, true)];
    crate::statistics::count(found.into_iter().filter(|&is| is).count())
}

/// Lines from the edge inwards: plain ones, and then a step along the whole side.
fn has_border(lines: Vec<Vec<[f32; 3]>>) -> bool {
    lines.windows(3).take_while(|lines| is_plain(&lines[0])).any(|lines| {
        let steps = lines[0].iter().zip(&lines[2]).filter(|(outer, inner)| crate::statistics::distance(**outer, **inner) > STEP).count();
        crate::statistics::count(steps) >= ALONG * crate::statistics::count(lines[0].len())
    })
}

fn is_plain(line: &[[f32; 3]]) -> bool {
    // The corners belong to the other sides.
    let inner = &line[line.len() / 10..line.len() - line.len() / 10];
    let luma: Vec<f32> = inner.iter().map(|colour| mean(colour)).collect();
    deviation(&luma) <= PLAIN
}
