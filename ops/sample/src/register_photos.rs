//! Photos of the people of a huge register, for measurements: small, quickly made, and no two of them the same file.

use anyhow::Context;
use image::RgbImage;
use image::imageops::{FilterType, resize};
use time::Date;

use crate::crowd::Crowd;
use crate::dice::Dice;
use crate::portrait::{self, Sitter};
use crate::register_csv::SERIALS;

/// So many portraits are drawn; each serves many people.
const FACES: usize = 64;
/// Width and height in pixels, as old systems kept them.
const SIZE: (u32, u32) = (100, 140);

/// One photo in so many is of nobody in the register, the last of them.
const OF_NOBODY_EACH: u64 = 50;
/// One photo in so many is a text, the last but one of them.
const TEXT_EACH: u64 = 200;

/// Photos of the people of [`register_csv`](crate::register_csv()) with the same seed and day, in its order: names of files and bytes.
///
/// One in fifty is named by the ID number of nobody in any register, and one in two hundred is a text. Each file has its
/// place in a comment, so that no two are the same. The same arguments give the same bytes.
///
/// # Errors
///
/// When a portrait cannot be drawn, or more photos are asked for than a register has rows (9,999,999).
pub fn register_photos(count: u64, seed: u64, as_of: Date) -> anyhow::Result<impl Iterator<Item = (String, Vec<u8>)>> {
    anyhow::ensure!(count <= SERIALS, "{count} photos are more than a register has rows; ask for at most {SERIALS}");
    let crowd = Crowd::new(seed, as_of);
    let faces = (0..FACES).map(|face| small_portrait(face, seed)).collect::<anyhow::Result<Vec<_>>>()?;
    let places = 0..usize::try_from(count)?;
    let strangers = usize::try_from(SERIALS)?;
    Ok(places.map(move |index| {
        let place = index as u64 + 1;
        let is_of_nobody = place.is_multiple_of(OF_NOBODY_EACH);
        let person = crowd.person(if is_of_nobody { strangers + index } else { index });
        // One place earlier, since each two hundredth is of nobody.
        let is_text = !is_of_nobody && (place + 1).is_multiple_of(TEXT_EACH);
        let bytes = if is_text {
            format!("照片 {place} 见附件，请与单位联系补交。\r\n").into_bytes()
        } else {
            with_comment(&faces[index % FACES], &format!("photo {place}"))
        };
        (format!("{}.jpg", person.identity), bytes)
    }))
}

fn small_portrait(face: usize, seed: u64) -> anyhow::Result<Vec<u8>> {
    let sitter = Sitter::draw(face % 2 == 1, &mut Dice::new(seed, "photo of the register", face));
    let picture: RgbImage = resize(&portrait::paint(&sitter)?, SIZE.0, SIZE.1, FilterType::Triangle);
    portrait::jpeg(&picture).context("encode a small portrait")
}

/// A JPEG with a comment behind its first segment, where every reader takes one.
fn with_comment(jpeg: &[u8], text: &str) -> Vec<u8> {
    let first_length = jpeg.get(4..6).map_or(0, |length| usize::from(u16::from_be_bytes([length[0], length[1]])));
    let (head, rest) = jpeg.split_at((4 + first_length).min(jpeg.len()));
    let length = u16::try_from(text.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    [head, b"\xFF\xFE", &length, text.as_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use time::macros::date;

    #[test]
    fn photos_are_of_the_people_of_the_register_but_for_the_chosen_ones() {
        let photos: Vec<(String, Vec<u8>)> = register_photos(1000, 1, date!(2026 - 10 - 31)).unwrap().collect();
        let mut register = Vec::new();
        crate::register_csv(1000, 1, date!(2026 - 10 - 31), &mut register).unwrap();
        let text = String::from_utf8(register).unwrap();
        let known = photos.iter().filter(|(name, _)| text.contains(name.trim_end_matches(".jpg"))).count();
        // One row in a thousand has a wrong number, another 15 digits, and another a small x, which one number in eleven has.
        assert!((970..=980).contains(&known), "{known}");
        assert_eq!(photos.iter().map(|(name, _)| name).collect::<HashSet<_>>().len(), 1000);
        assert_eq!(photos.iter().map(|(_, bytes)| bytes).collect::<HashSet<_>>().len(), 1000);
        assert_eq!(photos.iter().filter(|(_, bytes)| !bytes.starts_with(b"\xFF\xD8")).count(), 5);
        let picture = image::load_from_memory(&photos[999].1).unwrap();
        assert_eq!((picture.width(), picture.height()), SIZE);
        assert!(register_photos(SERIALS + 1, 1, date!(2026 - 10 - 31)).is_err());
    }
}
