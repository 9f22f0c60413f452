//! Clothing in the colour of the background: the shoulders are lost in print.

use crate::ground::Ground;
use crate::head::Head;
use crate::rect::Rect;
use crate::scene::Scene;
use crate::statistics::percent;

/// Share of the clothing below the chin that does not stand out from the background, in hundredths; none where no clothing is to be seen.
pub(super) fn like(scene: &Scene, head: &Head, ground: &Ground) -> Option<f32> {
    if !ground.is_plain() {
        return None;
    }
    let top = head.chin() + 0.3 * head.frame.height;
    let breadth = 1.3 * head.frame.width;
    let part = Rect { left: head.middle() - breadth / 2.0, top, width: breadth, height: f64::from(scene.height()) - top };
    let [left, top, width, height] = part.within(scene.width(), scene.height()).pixels();
    if part.height < 0.06 * f64::from(scene.height()) || width * height == 0 {
        return None;
    }
    let places = (top..top + height).flat_map(|y| (left..left + width).map(move |x| (x, y)));
    let alike = places.filter(|&(x, y)| !ground.differs(scene, x, y)).count();
    Some(percent(alike, (width * height) as usize))
}
