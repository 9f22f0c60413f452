//! The two photographs of `../shared/photos`, cut to identity photos before a plain background.

use std::path::PathBuf;

use image::{Rgb, RgbImage};

pub(crate) const WHITE: Rgb<u8> = Rgb([246, 247, 248]);
pub(crate) const BLUE: Rgb<u8> = Rgb([67, 142, 219]);

/// A photograph as it is; none, with a printed line, where the folder is not there.
pub(crate) fn photograph(name: &str) -> Option<RgbImage> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/photos").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        println!("passed over: {} is not there", path.display());
        return None;
    };
    Some(image::load_from_memory(&bytes).unwrap().into_rgb8())
}

/// A man in a dark suit, 500 × 700.
pub(crate) fn man(ground: Rgb<u8>) -> Option<RgbImage> {
    let photo = photograph("obama.jpg")?;
    let ovals = [(489.0, 215.0, 138.0, 188.0), (489.0, 268.0, 150.0, 46.0), (490.0, 300.0, 116.0, 140.0)];
    let body = [
        (405.0, 360.0),
        (400.0, 425.0),
        (300.0, 470.0),
        (195.0, 522.0),
        (130.0, 650.0),
        (90.0, 800.0),
        (850.0, 800.0),
        (845.0, 600.0),
        (822.0, 512.0),
        (700.0, 455.0),
        (640.0, 418.0),
        (588.0, 375.0),
        (578.0, 340.0),
    ];
    Some(cut_out(&photo, &ovals, &body, ground, [240, 0, 500, 700]))
}

/// A woman in an orange suit, 240 × 336.
pub(crate) fn woman(ground: Rgb<u8>) -> Option<RgbImage> {
    let photo = photograph("astronaut.png")?;
    let ovals = [(228.0, 75.0, 74.0, 60.0), (226.0, 110.0, 62.0, 75.0), (205.0, 225.0, 98.0, 75.0)];
    let body = [(60.0, 260.0), (120.0, 230.0), (300.0, 235.0), (350.0, 280.0), (365.0, 400.0), (20.0, 400.0)];
    Some(cut_out(&photo, &ovals, &body, ground, [100, 2, 240, 336]))
}

type Oval = (f64, f64, f64, f64);

fn cut_out(photo: &RgbImage, ovals: &[Oval], body: &[(f64, f64)], ground: Rgb<u8>, part: [u32; 4]) -> RgbImage {
    let [left, top, width, height] = part;
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x + left, y + top);
        let at = (f64::from(x), f64::from(y));
        let is_sitter = ovals.iter().any(|oval| is_in_oval(*oval, at)) || is_in_polygon(body, at);
        if is_sitter { *photo.get_pixel(x, y) } else { ground }
    })
}

fn is_in_oval((x, y, across, down): Oval, at: (f64, f64)) -> bool {
    ((at.0 - x) / across).powi(2) + ((at.1 - y) / down).powi(2) <= 1.0
}

/// Whether a ray to the right crosses the outline an odd number of times.
fn is_in_polygon(corners: &[(f64, f64)], at: (f64, f64)) -> bool {
    let ends = corners.iter().zip(corners.iter().cycle().skip(1));
    ends.filter(|((ax, ay), (bx, by))| (*ay > at.1) != (*by > at.1) && at.0 < (bx - ax) * (at.1 - ay) / (by - ay) + ax).count() % 2 == 1
}
