//! A portrait that is nobody's: a head and shoulders drawn from ellipses on white, 295 by 413 pixels.

const WIDTH: u16 = 295;
const HEIGHT: u16 = 413;

pub(crate) fn jpeg() -> Result<Vec<u8>, jpeg_encoder::EncodingError> {
    let mut pixels = Vec::with_capacity(3 * usize::from(WIDTH) * usize::from(HEIGHT));
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            pixels.extend(colour(f32::from(x), f32::from(y)));
        }
    }
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 88).encode(&pixels, WIDTH, HEIGHT, jpeg_encoder::ColorType::Rgb)?;
    Ok(jpeg)
}

fn inside(x: f32, y: f32, centre: (f32, f32), radii: (f32, f32)) -> bool {
    ((x - centre.0) / radii.0).powi(2) + ((y - centre.1) / radii.1).powi(2) < 1.0
}

fn colour(x: f32, y: f32) -> [u8; 3] {
    let middle = 147.0;
    let eye = |side: f32| inside(x, y, (middle + side * 32.0, 185.0), (9.0, 5.0));
    if eye(-1.0) || eye(1.0) {
        [45, 38, 36]
    } else if inside(x, y, (middle, 250.0), (24.0, 5.0)) {
        [172, 96, 90]
    } else if inside(x, y, (middle, 195.0), (72.0, 95.0)) && 130.0 < y {
        [236, 200, 176]
    } else if inside(x, y, (middle, 170.0), (80.0, 100.0)) && y < 190.0 {
        [40, 34, 34]
    } else if inside(x, y, (middle, 290.0), (34.0, 50.0)) {
        [222, 184, 160]
    } else if inside(x, y, (middle, 420.0), (135.0, 105.0)) {
        [46, 62, 92]
    } else {
        [250, 250, 250]
    }
}
