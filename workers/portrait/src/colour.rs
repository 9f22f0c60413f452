//! Colours as every screen and printer takes them: sRGB.

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// What became of the colours of a picture that carries a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    /// They were sRGB, or as good as.
    Kept,
    /// They were converted.
    Converted,
    /// The profile is damaged or not for screen colours; they are taken as sRGB.
    ProfileIgnored,
}

/// Profiles of cameras have a few kilobytes; larger ones are not worth reading.
const MAX_PROFILE_BYTES: usize = 1024 * 1024;

/// A conversion that moves no channel by more than this shows no difference.
const INVISIBLE: u8 = 2;

/// Converts the picture from its profile to sRGB in place.
pub(crate) fn to_srgb(picture: &mut RgbImage, icc_profile: &[u8]) -> Colours {
    let Some(converted) = convert(picture.as_raw(), icc_profile) else {
        return Colours::ProfileIgnored;
    };
    let moved = picture.as_raw().iter().zip(&converted).map(|(before, after)| before.abs_diff(*after)).max();
    if moved.is_none_or(|moved| moved <= INVISIBLE) {
        return Colours::Kept;
    }
    picture.copy_from_slice(&converted);
    Colours::Converted
}

fn convert(samples: &[u8], icc_profile: &[u8]) -> Option<Vec<u8>> {
    if icc_profile.len() > MAX_PROFILE_BYTES {
        return None;
    }
    let profile = ColorProfile::new_from_slice(icc_profile).ok()?;
    if profile.color_space != DataColorSpace::Rgb {
        return None;
    }
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut converted = vec![0; samples.len()];
    transform.transform(samples, &mut converted).ok()?;
    Some(converted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn swatch() -> RgbImage {
        RgbImage::from_fn(8, 8, |x, y| image::Rgb([u8::try_from(x * 30).unwrap(), 180, u8::try_from(y * 30).unwrap()]))
    }

    #[test]
    fn srgb_stays_and_wide_colours_are_converted() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        let wide = ColorProfile::new_display_p3().encode().unwrap();
        let mut picture = swatch();
        assert_eq!(to_srgb(&mut picture, &srgb), Colours::Kept);
        assert_eq!(picture, swatch());
        assert_eq!(to_srgb(&mut picture, &wide), Colours::Converted);
        assert_ne!(picture, swatch());
    }

    #[test]
    fn a_profile_that_is_none_changes_nothing() {
        let mut picture = swatch();
        for profile in [b"".as_slice(), b"not a profile", &[0; 4096], &vec![0; MAX_PROFILE_BYTES + 1]] {
            assert_eq!(to_srgb(&mut picture, profile), Colours::ProfileIgnored);
            assert_eq!(picture, swatch());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn a_damaged_profile_never_panics(at in 0_usize..600, byte in any::<u8>(), cut in 0_usize..700) {
            let mut profile = ColorProfile::new_display_p3().encode().unwrap();
            if let Some(place) = profile.get_mut(at) { *place = byte; }
            profile.truncate(cut);
            to_srgb(&mut swatch(), &profile);
        }
    }
}
