//! Size and place of the head, after GA 461-2004 (photos of identity cards): the size in the photo as it came, the place in the part of it that
//! becomes the portrait. What cutting can mend is no fault.

use crate::Measure;
use crate::head::Head;
use crate::rect::Rect;
use crate::scene::Scene;

/// `part` is what becomes the portrait, in pixels of the scene.
pub(super) fn measure(scene: &Scene, part: &Rect, head: &Head, values: &mut Vec<(Measure, f32)>) {
    values.extend([
        (Measure::FaceWidth, percent(head.face_width() / f64::from(scene.width()))),
        (Measure::FaceOffset, percent((head.middle() - part.middle()).abs() / part.width)),
        (Measure::Crown, percent((head.lowest_crown() - part.top) / part.height)),
        (Measure::EyeLine, percent((head.eyes() - part.top) / part.height)),
    ]);
}

#[expect(clippy::cast_possible_truncation, reason = "a share shown without decimals")]
fn percent(share: f64) -> f32 {
    (share * 100.0) as f32
}
