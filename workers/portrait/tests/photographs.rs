//! Every check on variants of two real photographs: it fires where it should and stays silent where it should.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a test may panic, and its pictures are small"
)]

#[path = "photographs/edits.rs"]
mod edits;
#[path = "photographs/sitters.rs"]
mod sitters;

use edits::*;
use image::imageops::{blur, rotate90, rotate180, rotate270};
use image::{Rgb, RgbImage, imageops};
use portrait::{Grade, Limits, Policy, Review, Reviewer, Rules, Verdict};
use sitters::{BLUE, WHITE, man, photograph, woman};

use Verdict::{Approved, Held, Rejected};

fn reviewer() -> Reviewer {
    Reviewer::new(Limits::default(), Rules::legacy(), Rules::upload())
}

/// The codes of the checks that did not pass.
fn fired(review: &Review) -> Vec<&'static str> {
    review.checks.iter().filter(|check| check.grade != Grade::Pass).map(|check| check.measure.as_str()).collect()
}

/// Name, file, verdict for a legacy photo and for an upload, and what an upload's checks find.
type Case = (&'static str, Vec<u8>, Verdict, Verdict, &'static [&'static str]);

fn cases(man: &RgbImage, woman: &RgbImage) -> Vec<Case> {
    let busy = part(&photograph("obama.jpg").unwrap(), [240, 0, 500, 700]);
    let two = {
        let mut pair = RgbImage::from_pixel(840, 1120, WHITE);
        imageops::replace(&mut pair, &scaled(man, 400, 560), 10, 300);
        imageops::replace(&mut pair, &scaled(woman, 400, 560), 430, 300);
        pair
    };
    let nobody = part(man, [0, 480, 157, 220]);
    let aside = {
        let mut wall = RgbImage::from_pixel(500, 700, WHITE);
        imageops::replace(&mut wall, &part(man, [0, 0, 370, 700]), 130, 0);
        wall
    };
    let large = scaled(man, 1000, 1400);
    let low = |picture: &RgbImage| png(&image::load_from_memory(&jpeg_of(picture, 6, None, false)).unwrap().into_rgb8());
    let white_blouse =
        mapped(man, |x, y, colour| if y > 480 || (y > 430 && !(150..350).contains(&x)) { [244.0, 245.0, 246.0] } else { colour });
    vec![
        ("a good photo", jpeg(man), Approved, Approved, &[]),
        ("on blue", jpeg(&sitters::man(BLUE).unwrap()), Approved, Approved, &[]),
        ("another good photo, enlarged", jpeg(&scaled(woman, 360, 504)), Approved, Approved, &[]),
        ("progressive", jpeg_of(man, 92, None, true), Approved, Approved, &[]),
        ("PNG", png(man), Approved, Approved, &[]),
        ("BMP", bmp(man), Approved, Approved, &[]),
        ("WebP", webp(man), Approved, Approved, &[]),
        ("GIF", gif(man, 1), Held, Held, &["format"]),
        ("moving GIF", gif(man, 2), Held, Rejected, &["format", "pictures"]),
        ("cut too close", jpeg(&part(&large, [240, 60, 520, 728])), Held, Rejected, &["face-width"]),
        ("crown cut off", jpeg(&part(man, [30, 110, 421, 590])), Held, Rejected, &["crown", "eye-line"]),
        ("off the middle", jpeg(&aside), Held, Rejected, &["face-offset"]),
        ("scaled to an old examination photo", jpeg(&scaled(man, 100, 140)), Approved, Rejected, &["width", "height"]),
        ("scaled to one inch", jpeg(&scaled(man, 295, 413)), Approved, Approved, &[]),
        ("scaled to four times the size", jpeg(&scaled(man, 2000, 2800)), Approved, Approved, &[]),
        ("turned by note, to the left", jpeg_of(&rotate270(man), 92, Some(6), false), Approved, Approved, &[]),
        ("turned by note, upside down", jpeg_of(&rotate180(man), 92, Some(3), false), Approved, Approved, &[]),
        ("turned by pixels, to the right", jpeg(&rotate90(man)), Held, Rejected, &["turned"]),
        ("turned by pixels, to the left", jpeg(&rotate270(man)), Held, Rejected, &["turned"]),
        ("turned by pixels, upside down", jpeg(&rotate180(man)), Held, Rejected, &["turned"]),
        ("slightly soft", jpeg(&blur(man, 1.0)), Approved, Approved, &[]),
        ("blurred", jpeg(&blur(man, 6.0)), Held, Rejected, &["blur"]),
        ("dark", jpeg(&toned(man, 0.2, 0.0)), Held, Rejected, &["brightness", "contrast", "background-colour"]),
        ("bright", jpeg(&toned(man, 1.0, 110.0)), Held, Rejected, &["brightness", "burnt"]),
        ("flat", jpeg(&toned(man, 0.19, 125.0)), Held, Held, &["contrast", "background-colour"]),
        ("light from one side", jpeg(&shaded(man)), Held, Held, &["light-difference"]),
        ("grey", jpeg(&grey(man)), Approved, Held, &["colour"]),
        ("busy background", jpeg(&busy), Held, Rejected, &["background-colour", "background-unevenness"]),
        ("red background", jpeg(&sitters::man(Rgb([200, 30, 40])).unwrap()), Approved, Held, &["background-colour"]),
        ("white blouse before white", jpeg(&white_blouse), Held, Held, &["clothing-like-background"]),
        ("two faces", jpeg(&two), Held, Rejected, &["faces"]),
        ("no face", jpeg(&scaled(&nobody, 314, 440)), Held, Rejected, &["faces"]),
        ("stretched sideways", jpeg(&scaled(man, 700, 700)), Held, Rejected, &["aspect"]),
        ("stretched upwards", jpeg(&scaled(man, 400, 700)), Held, Rejected, &["aspect"]),
        ("CMYK", cmyk(man), Approved, Held, &["inks"]),
        ("a black border", jpeg(&framed(man, 12, Rgb([20, 20, 20]))), Held, Held, &["frame"]),
        ("a red stamp", jpeg(&stamped(man)), Held, Held, &["marks"]),
        ("writing on the background", jpeg(&written_on(man)), Held, Held, &["marks"]),
        ("compressed too much", jpeg_of(man, 6, None, false), Held, Rejected, &["quality", "blocks"]),
        ("compressed too much, saved again", low(man), Held, Held, &["blocks"]),
    ]
}

#[test]
fn each_check_fires_where_it_should_and_nowhere_else() {
    let (Some(man), Some(woman)) = (man(WHITE), woman(BLUE)) else { return };
    let mut reviewer = reviewer();
    let mut wrong = Vec::new();
    for (name, file, legacy, upload, expected) in cases(&man, &woman) {
        let old = reviewer.review(&file, Policy::Legacy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let new = reviewer.review(&file, Policy::Upload).unwrap();
        if (old.verdict, new.verdict, fired(&new).as_slice()) != (legacy, upload, expected) {
            let values: Vec<String> = new.checks.iter().map(|check| format!("{} {:.2}", check.measure.as_str(), check.value)).collect();
            wrong.push(format!(
                "{name}: {:?} {:?} {:?}\n    wanted {legacy:?} {upload:?} {expected:?}\n    {}",
                old.verdict,
                new.verdict,
                fired(&new),
                values.join(", ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
