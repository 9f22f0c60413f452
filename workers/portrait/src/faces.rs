//! Finding faces: the SeetaFace cascade of crate rustface over a small grey picture.

use std::io::Cursor;

use rustface::{Detector, ImageData, Model};

use crate::rect::Rect;

/// The model of the detector, see `model/README.md`.
const MODEL: &[u8] = include_bytes!("../model/seeta_fd_frontal_v1.0.bin");

/// Sides of the detector's window in pixels; smaller pictures hold no face for it.
const WINDOW: u32 = 40;

/// The least score of the face of a photo. Noise stays below 1, faces of good drawn portraits above 10, see the tests.
const LEAST_SCORE: f64 = 2.5;

/// The least score of a second face.
const SECOND_SCORE: f64 = 4.0;

/// A second face counts from this share of the first one's width; smaller ones are prints on clothes and passers-by far away.
const SECOND_WIDTH: f64 = 0.35;

/// A face as the detector frames it: a square from the brows' upper end to the chin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    pub(crate) frame: Rect,
    pub(crate) score: f64,
}

/// The faces of a picture, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Faces(pub(crate) Vec<Found>);

impl Faces {
    /// The face that the photo is of.
    pub(crate) fn main(&self) -> Option<Found> {
        self.0.first().copied()
    }
}

/// The detector with its model; making one reads the whole model, so it is kept.
pub(crate) struct FaceFinder {
    detector: Box<dyn Detector>,
}

impl FaceFinder {
    pub(crate) fn new() -> FaceFinder {
        let model: Model = rustface::read_model(Cursor::new(MODEL)).expect("the shipped model is whole");
        let mut detector = rustface::create_detector_with_model(model);
        detector.set_min_face_size(32);
        detector.set_score_thresh(LEAST_SCORE);
        detector.set_pyramid_scale_factor(0.8);
        detector.set_slide_window_step(4, 4);
        FaceFinder { detector }
    }

    /// Looks for faces in grey samples, row by row.
    pub(crate) fn find(&mut self, luma: &[u8], width: u32, height: u32) -> Faces {
        if width < WINDOW || height < WINDOW {
            return Faces::default();
        }
        let mut found: Vec<Found> = self
            .detector
            .detect(&ImageData::new(luma, width, height))
            .iter()
            .map(|face| {
                let frame = face.bbox();
                Found {
                    frame: Rect {
                        left: f64::from(frame.x()),
                        top: f64::from(frame.y()),
                        width: f64::from(frame.width()),
                        height: f64::from(frame.height()),
                    },
                    score: face.score(),
                }
            })
            .collect();
        let weight = |face: &Found| face.score * face.frame.width;
        found.sort_by(|one, other| weight(other).total_cmp(&weight(one)));
        if let Some(&first) = found.first() {
            found.retain(|face| *face == first || is_another(face, &first));
        }
        Faces(found)
    }
}

/// Whether a find is a second person, and not a smaller frame of the same one.
fn is_another(face: &Found, first: &Found) -> bool {
    let apart = (face.frame.middle() - first.frame.middle()).abs().max((face.frame.top - first.frame.top).abs());
    face.score >= SECOND_SCORE
        && face.frame.width >= SECOND_WIDTH * first.frame.width
        && apart > 0.5 * (face.frame.width + first.frame.width) * 0.8
}

#[cfg(test)]
mod tests {
    use sample::portraits;

    use super::*;
    use crate::scene::Scene;
    use crate::turn::Turn;

    #[test]
    fn faces_score_far_above_the_least_and_noise_far_below() {
        let mut finder = FaceFinder::new();
        finder.detector.set_score_thresh(0.01);
        for index in 0..40 {
            let photo = image::load_from_memory(&portraits::good(index, 5).unwrap()).unwrap();
            let scene = Scene::of(&photo, Turn::default()).unwrap();
            let score = finder.find(&scene.luma, scene.width(), scene.height()).main().unwrap().score;
            assert!(score > 10.0, "{index}: {score}");
        }
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        for blur in [1_u8, 3, 6].repeat(20) {
            let grey = image::GrayImage::from_fn(160, 224, |_, _| image::Luma([noise()]));
            // Blurring takes the contrast, which stretching gives back.
            let mut luma = image::imageops::blur(&grey, f32::from(blur)).into_raw();
            let (dark, light) = (*luma.iter().min().unwrap(), *luma.iter().max().unwrap());
            luma.iter_mut().for_each(|value| *value = u8::try_from(u32::from(*value - dark) * 255 / u32::from(light - dark)).unwrap());
            let score = finder.find(&luma, 160, 224).main().map_or(0.0, |face| face.score);
            assert!(score < 1.0, "noise blurred by {blur}: {score}");
        }
    }
}
