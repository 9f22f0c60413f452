//! The background: what lies beside and above the head.

use crate::head::Head;
use crate::scene::Scene;
use crate::statistics::{distance, percent, quantile};

/// A colour that is further away than this stands out from the background.
const APART: f32 = 42.0;

/// A background in which more than this share stands out is not plain, in hundredths.
const PLAIN: f32 = 20.0;

/// The outermost pixels are left out: soft edges are no background.
const INSET: u32 = 6;

/// With a border more is left out.
const INSET_OF_A_FRAME: u32 = 14;

/// The background of a photo with a head in it.
pub(crate) struct Ground {
    /// Its colour in the upper left, upper right and at the height of the eyes on both sides; light falls off over it.
    corners: [[f32; 3]; 4],
    top: f32,
    bottom: f32,
    width: f32,
    /// Share of it that is not of its colour, in hundredths.
    pub(crate) unevenness: f32,
}

impl Ground {
    /// Looks at both sides of the head, from the top to the eyes; none where the head fills the picture.
    pub(crate) fn of(scene: &Scene, head: &Head, is_framed: bool) -> Option<Ground> {
        let places = places(scene, head, if is_framed { INSET_OF_A_FRAME } else { INSET });
        if places.len() * 100 < (scene.width() * scene.height()) as usize {
            return None;
        }
        let middle = head.middle();
        let split = crate::rect::whole((head.eyes() / 2.0).max(1.0));
        let quarter = |is_left: bool, is_upper: bool| {
            places.iter().copied().filter(|&(x, y)| (f64::from(x) < middle) == is_left && (y < split) == is_upper).collect::<Vec<_>>()
        };
        let colour = |of: &[(u32, u32)]| median(scene, if of.is_empty() { &places } else { of });
        let corners = [(true, true), (false, true), (true, false), (false, false)].map(|(left, upper)| colour(&quarter(left, upper)));
        let whole = median(scene, &places);
        // Corners that have little to do with each other are no falling light but different things.
        let corners = if corners.iter().all(|&corner| distance(corner, whole) < 1.5 * APART) { corners } else { [whole; 4] };
        let eyes = f64::from(scene.height()).min(head.eyes());
        let mut ground = Ground {
            corners,
            top: to_f32(eyes * 0.25),
            bottom: to_f32(eyes * 0.75),
            width: to_f32(f64::from(scene.width())),
            unevenness: 0.0,
        };
        ground.unevenness = percent(places.iter().filter(|&&(x, y)| ground.differs(scene, x, y)).count(), places.len());
        Some(ground)
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.unevenness <= PLAIN
    }

    /// The colour that the background has, or would have, at a place.
    pub(crate) fn expected(&self, x: u32, y: u32) -> [f32; 3] {
        let across = (to_f32(f64::from(x)) / self.width).clamp(0.0, 1.0);
        let down = ((to_f32(f64::from(y)) - self.top) / (self.bottom - self.top).max(1.0)).clamp(0.0, 1.0);
        std::array::from_fn(|channel| {
            let [upper_left, upper_right, lower_left, lower_right] = self.corners.map(|corner| corner[channel]);
            let upper = upper_left + (upper_right - upper_left) * across;
            let lower = lower_left + (lower_right - lower_left) * across;
            upper + (lower - upper) * down
        })
    }

    /// Whether a pixel stands out from the background.
    pub(crate) fn differs(&self, scene: &Scene, x: u32, y: u32) -> bool {
        distance(scene.colour(x, y), self.expected(x, y)) > APART
    }

    /// The crown, hair included: the first row in which a third of the middle of the head stands out from a plain background. None where the
    /// background is not plain, or the head begins at the very edge: it may be cut off, and only the face tells how far.
    pub(crate) fn crown(&self, scene: &Scene, head: &Head) -> Option<f64> {
        if !self.is_plain() {
            return None;
        }
        let half = 0.3 * head.frame.width;
        let within = |x: f64| crate::rect::whole(x.clamp(0.0, f64::from(scene.width())));
        let (left, right) = (within(head.middle() - half), within(head.middle() + half));
        let end = crate::rect::whole(head.frame.top.max(0.0)).min(scene.height());
        let row = (0..end).find(|&y| {
            let apart = (left..right).filter(|&x| self.differs(scene, x, y)).count();
            apart * 3 >= (right - left) as usize
        })?;
        (row > 1).then(|| f64::from(row))
    }

    /// How far the colour is from white and from the blue of identity photos, whichever is nearer; 0 for either.
    pub(crate) fn distance_from_white_and_blue(&self) -> f32 {
        self.corners.into_iter().map(|corner| from_white(corner).min(from_blue(corner))).fold(0.0, f32::max)
    }
}

/// Beside the head and at the picture's sides, above the eyes.
fn places(scene: &Scene, head: &Head, inset: u32) -> Vec<(u32, u32)> {
    let (width, height) = (scene.width(), scene.height());
    let bottom = crate::rect::whole(head.eyes().max(0.0)).min(height.saturating_sub(inset));
    let (middle, clear, side) = (head.middle(), 0.85 * head.frame.width, 0.1 * f64::from(width));
    let is_ground = |x: u32| {
        let x = f64::from(x);
        (x - middle).abs() > clear || ((x < side || x > f64::from(width) - side) && (x - middle).abs() > 0.6 * head.frame.width)
    };
    let columns: Vec<u32> = (inset..width.saturating_sub(inset)).filter(|&x| is_ground(x)).collect();
    (inset..bottom).flat_map(|y| columns.iter().map(move |&x| (x, y))).collect()
}

fn median(scene: &Scene, places: &[(u32, u32)]) -> [f32; 3] {
    std::array::from_fn(|channel| {
        let mut values: Vec<f32> = places.iter().map(|&(x, y)| scene.colour(x, y)[channel]).collect();
        quantile(&mut values, 0.5)
    })
}

/// White is what every channel is bright in, and none much brighter than another.
fn from_white(colour: [f32; 3]) -> f32 {
    let dark = colour.iter().map(|&channel| (210.0 - channel).max(0.0).powi(2)).sum::<f32>().sqrt();
    dark + (spread(colour) - 28.0).max(0.0)
}

/// The blues that studios use run from (30, 80, 160) to (0, 191, 243).
fn from_blue(colour: [f32; 3]) -> f32 {
    let ranges = [(0.0, 160.0), (40.0, 225.0), (120.0, 255.0)];
    let outside =
        colour.iter().zip(ranges).map(|(&channel, (low, high))| (low - channel).max(channel - high).max(0.0).powi(2)).sum::<f32>().sqrt();
    outside + (55.0 - (colour[2] - colour[0])).max(0.0) + (colour[1] - colour[2]).max(0.0)
}

fn spread(colour: [f32; 3]) -> f32 {
    colour.iter().copied().fold(0.0, f32::max) - colour.iter().copied().fold(255.0, f32::min)
}

#[expect(clippy::cast_possible_truncation, reason = "places in a small picture")]
fn to_f32(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_and_studio_blue_are_near_and_other_colours_far() {
        for near in [[255.0, 255.0, 255.0], [220.0, 222.0, 225.0], [67.0, 142.0, 219.0], [0.0, 191.0, 243.0], [30.0, 80.0, 160.0]] {
            assert!(from_white(near).min(from_blue(near)) < 1.0, "{near:?}");
        }
        for far in [[200.0, 30.0, 40.0], [120.0, 120.0, 120.0], [40.0, 140.0, 60.0], [20.0, 20.0, 20.0], [240.0, 200.0, 120.0]] {
            assert!(from_white(far).min(from_blue(far)) > 40.0, "{far:?}: {} {}", from_white(far), from_blue(far));
        }
    }
}
