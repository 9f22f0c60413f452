//! Light and colour: of the whole picture, and of the face.

use crate::Measure;
use crate::head::Head;
use crate::rect::Rect;
use crate::scene::Scene;
use crate::statistics::{deviation, mean, percent, quantile};

/// From this brightness on nothing is left to be seen.
const BURNT: f32 = 250.0;

pub(super) fn of_picture(scene: &Scene, values: &mut Vec<(Measure, f32)>) {
    let luma: Vec<f32> = scene.luma.iter().map(|&sample| f32::from(sample)).collect();
    let chroma: Vec<f32> = scene
        .picture
        .pixels()
        .map(|pixel| {
            let [red, green, blue] = pixel.0;
            f32::from(red.max(green).max(blue) - red.min(green).min(blue))
        })
        .collect();
    values.extend([(Measure::Content, deviation(&luma)), (Measure::Colour, mean(&chroma))]);
}

pub(super) fn of_face(scene: &Scene, head: &Head, values: &mut Vec<(Measure, f32)>) {
    let skin = head.skin();
    let mut all = samples(scene, skin);
    let half = |left: f64| mean(&samples(scene, Rect { left, width: skin.width / 2.0, ..skin }));
    let (left, right) = (half(skin.left), half(skin.middle()));
    let brightness = mean(&all);
    let burnt = percent(all.iter().filter(|&&sample| sample >= BURNT).count(), all.len());
    let contrast = quantile(&mut all, 0.95) - quantile(&mut all, 0.05);
    values.extend([
        (Measure::Brightness, brightness),
        (Measure::Burnt, burnt),
        (Measure::Contrast, contrast),
        (Measure::LightDifference, (left - right).abs() * 100.0 / brightness.max(1.0)),
    ]);
}

fn samples(scene: &Scene, part: Rect) -> Vec<f32> {
    let [left, top, width, height] = part.within(scene.width(), scene.height()).pixels();
    (top..top + height).flat_map(|y| (left..left + width).map(move |x| (x, y))).map(|(x, y)| scene.brightness(x, y)).collect()
}
