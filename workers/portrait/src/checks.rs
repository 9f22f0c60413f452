//! The automatic checks: each measures one thing about the photo.

mod clothing;
mod compression;
mod frame;
mod light;
mod marks;
mod place;
mod sharpness;
mod source;

use crate::decode::Picture;
use crate::rect::Rect;
use crate::scene::Scene;
use crate::sitter::Sitter;
use crate::{Check, Measure, Rules};

/// How many sides of the picture have a border.
pub(crate) use frame::sides as framed_sides;

/// What was measured, in the order of [`Measure::ALL`]. What needs a face is measured where there is one, and
/// only one. `part` is what becomes the portrait, in pixels of the scene; `framed_sides` is as [`framed_sides`] counted them.
pub(crate) fn all(picture: &Picture, scene: &Scene, framed_sides: f32, sitter: Option<&Sitter>, part: &Rect, rules: &Rules) -> Vec<Check> {
    let mut values: Vec<(Measure, f32)> = Vec::with_capacity(Measure::ALL.len());
    source::measure(picture, scene, &mut values);
    light::of_picture(scene, &mut values);
    values.push((Measure::Faces, crate::statistics::count(scene.faces.0.len())));
    if let Some(Sitter { head, ground }) = sitter.filter(|_| scene.faces.0.len() == 1) {
        place::measure(scene, part, head, &mut values);
        light::of_face(scene, head, &mut values);
        if let Some(blur) = sharpness::blur(picture, scene, head) {
            values.push((Measure::Blur, blur));
        }
        if let Some(ground) = ground {
            values.push((Measure::BackgroundColour, ground.distance_from_white_and_blue()));
            values.push((Measure::BackgroundUnevenness, ground.unevenness));
            if let Some(like) = clothing::like(scene, head, ground) {
                values.push((Measure::ClothingLikeBackground, like));
            }
        }
        values.push((Measure::Marks, marks::share(scene, head, ground.as_ref())));
    }
    values.push((Measure::Frame, framed_sides));
    compression::measure(picture, &mut values);
    values.sort_by_key(|(measure, _)| *measure);
    values.into_iter().map(|(measure, value)| Check::new(measure, value, rules.bounds(measure))).collect()
}
