//! Printed marks: red stamps and dates anywhere, writing on the background.

use std::collections::VecDeque;

use crate::ground::Ground;
use crate::head::Head;
use crate::scene::Scene;
use crate::statistics::percent;

/// How much stronger red is than blue in the ink of stamps and of dates.
const INK: f32 = 70.0;

/// Lines are thin: squares of this side fit into cloth, but not into them.
const THICK: u32 = 3;

/// Borders and soft edges are no writing.
const EDGE: u32 = 3;

/// Share of the picture that marks cover, in hundredths.
pub(super) fn share(scene: &Scene, head: &Head, ground: Option<&Ground>) -> f32 {
    let writing = ground.filter(|ground| ground.is_plain()).map_or(0, |ground| writing(scene, head, ground));
    percent(ink(scene, head) + writing, scene.luma.len())
}

/// Thin lines of red or orange in the lower corners, where stamps and dates are put.
fn ink(scene: &Scene, head: &Head) -> usize {
    let (width, height) = (scene.width(), scene.height());
    let top = crate::rect::whole(head.chin().max(f64::from(height) * 0.5)).min(height);
    let place = |x: u32, y: u32| ((y - top) * width + x) as usize;
    let places = || (top..height).flat_map(move |y| (0..width).map(move |x| (x, y)));
    let is_ink: Vec<bool> = places().map(|(x, y)| has_ink(scene.colour(x, y))).collect();
    let mut is_thick = vec![false; is_ink.len()];
    for (x, y) in places().filter(|&(x, y)| x + THICK <= width && y + THICK <= height) {
        let square = || (y..y + THICK).flat_map(move |y| (x..x + THICK).map(move |x| (x, y)));
        if square().all(|(x, y)| is_ink[place(x, y)]) {
            square().for_each(|(x, y)| is_thick[place(x, y)] = true);
        }
    }
    let corner = 0.4 * f64::from(width);
    places()
        .filter(|&(x, _)| f64::from(x) < corner || f64::from(x) > f64::from(width) - corner)
        .filter(|&(x, y)| is_ink[place(x, y)] && !is_thick[place(x, y)])
        .count()
}

fn has_ink([red, green, blue]: [f32; 3]) -> bool {
    red > 120.0 && red - blue > INK && red - green > 0.5 * INK
}

/// What stands out from the background above the chin and does not hang together with the head.
fn writing(scene: &Scene, head: &Head, ground: &Ground) -> usize {
    let size = (scene.width(), scene.height());
    let bottom = crate::rect::whole(head.chin().max(0.0)).min(size.1);
    let place = |x: u32, y: u32| (y * size.0 + x) as usize;
    let mut stands_out: Vec<bool> =
        (0..bottom).flat_map(|y| (0..size.0).map(move |x| (x, y))).map(|(x, y)| ground.differs(scene, x, y)).collect();
    let near_head = |x: u32| (f64::from(x) - head.middle()).abs() < 0.6 * head.frame.width;
    // The head, the shoulders and the picture's edges are what everything else is told from.
    let is_seed = |x: u32, y: u32| near_head(x) || y + 1 == bottom || x < EDGE || y < EDGE || x + EDGE >= size.0;
    let mut waiting: VecDeque<(u32, u32)> =
        (0..bottom).flat_map(|y| (0..size.0).map(move |x| (x, y))).filter(|&(x, y)| is_seed(x, y) && stands_out[place(x, y)]).collect();
    for &(x, y) in &waiting {
        stands_out[place(x, y)] = false;
    }
    while let Some((x, y)) = waiting.pop_front() {
        for (x, y) in around(x, y, 1, (size.0, bottom)) {
            if std::mem::take(&mut stands_out[place(x, y)]) {
                waiting.push_back((x, y));
            }
        }
    }
    stands_out.into_iter().filter(|&is| is).count()
}

/// The pixels around one, itself among them.
fn around(x: u32, y: u32, reach: u32, (width, height): (u32, u32)) -> impl Iterator<Item = (u32, u32)> {
    (y.saturating_sub(reach)..=(y + reach).min(height - 1))
        .flat_map(move |y| (x.saturating_sub(reach)..=(x + reach).min(width - 1)).map(move |x| (x, y)))
}
