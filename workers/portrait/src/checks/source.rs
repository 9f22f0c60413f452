//! What the source says before its pixels are looked at.

use crate::Measure;
use crate::decode::Picture;
use crate::format::Format;
use crate::scene::Scene;

#[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
pub(super) fn measure(picture: &Picture, scene: &Scene, values: &mut Vec<(Measure, f32)>) {
    let (width, height) = scene.turn.size((picture.image.width(), picture.image.height()));
    values.extend([
        (Measure::Format, if picture.format == Format::Gif { 0.0 } else { 1.0 }),
        (Measure::Pictures, if picture.is_animated { 2.0 } else { 1.0 }),
        (Measure::Width, width as f32),
        (Measure::Height, height as f32),
        (Measure::Aspect, width as f32 / height.max(1) as f32),
        (Measure::Turned, f32::from(scene.quarters)),
        (Measure::Inks, if picture.is_cmyk { 4.0 } else { 3.0 }),
    ]);
}
