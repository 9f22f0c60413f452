//! Which part of the photo becomes the portrait: cut around the face, never stretched.

use crate::Limits;
use crate::head::Head;
use crate::rect::Rect;

/// Where the crown lies in the portrait, from the top, as a share of its height (GA 461-2004: 7 to 21 of 441 pixels).
const CROWN: f64 = 0.045;

/// The breadth of the face in the portrait's width when a larger photo is cut (GA 461-2004: 207 of 358 pixels, 0.58; less
/// leaves room for hair and shoulders).
const FACE: f64 = 0.48;

/// A photo whose face is as broad as this share of its width is cut by studio rules already and keeps its width.
const WELL_CUT: f64 = 0.34;

/// The part of a photo of this size, in its pixels, with the shape of a portrait.
pub(crate) fn part(width: u32, height: u32, head: Option<&Head>, limits: &Limits) -> Rect {
    let (width, height) = (f64::from(width), f64::from(height));
    let aspect = f64::from(limits.target_aspect.width) / f64::from(limits.target_aspect.height.max(1));
    let largest = width.min(height * aspect);
    let breadth = match head {
        Some(head) if head.face_width() < WELL_CUT * largest => (head.face_width() / FACE).clamp(1.0, largest),
        _ => largest,
    };
    let tall = (breadth / aspect).min(height);
    let (left, top) = match head {
        Some(head) => (head.middle() - breadth / 2.0, head.highest_crown() - CROWN * tall),
        None => ((width - breadth) / 2.0, (height - tall) / 2.0),
    };
    let (left, top) = (left.clamp(0.0, (width - breadth).max(0.0)).round(), top.clamp(0.0, (height - tall).max(0.0)).round());
    let (wide, high) = (breadth.round().clamp(1.0, width - left), tall.round().clamp(1.0, height - top));
    Rect { left, top, width: wide, height: high }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(middle: f64, top: f64, size: f64) -> Head {
        Head::of(Rect { left: middle - size / 2.0, top, width: size, height: size })
    }

    #[test]
    fn without_a_face_the_middle_is_taken() {
        let limits = Limits::default();
        for (source, expected) in [
            ((295, 413), [0, 0, 295, 413]),
            ((413, 579), [0, 0, 413, 578]),
            ((358, 441), [22, 0, 315, 441]),
            ((640, 480), [149, 0, 343, 480]),
            ((4000, 80), [1971, 0, 57, 80]),
        ] {
            assert_eq!(part(source.0, source.1, None, &limits).pixels(), expected, "{source:?}");
        }
    }

    #[test]
    fn a_well_cut_photo_keeps_its_width_and_a_distant_face_comes_near() {
        let limits = Limits::default();
        assert_eq!(part(413, 579, Some(&head(206.0, 200.0, 230.0)), &limits).pixels()[2], 413);
        let near = part(3000, 4000, Some(&head(1200.0, 1000.0, 500.0)), &limits);
        assert!((near.middle() - 1200.0).abs() < 2.0, "{near:?}");
        assert!((near.width - 875.0).abs() < 2.0, "{near:?}");
        assert!(near.top < 800.0 && near.bottom() > 1700.0, "{near:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn the_part_lies_within_the_photo_and_has_its_shape(
            width in 75_u32..8000, height in 105_u32..8000, middle in 0.0_f64..1.0, top in 0.0_f64..1.0, size in 0.1_f64..1.0, seen in any::<bool>()
        ) {
            let limits = Limits::default();
            let (w, h) = (f64::from(width), f64::from(height));
            let head = head(middle * w, top * h, size * w);
            let part = part(width, height, seen.then_some(&head), &limits);
            prop_assert!(part.left >= 0.0 && part.top >= 0.0 && part.right() <= w && part.bottom() <= h, "{:?}", part);
            prop_assert!((part.width / part.height - 5.0 / 7.0).abs() < 0.03, "{:?}", part);
        }
    }
}
