//! What the review noticed about an accepted or held photo.

/// One kind of observation. Its code is stable: reports and statistics group by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingCode {
    /// Narrower than a modern photo; legacy examination photos are 75 to 150 pixels wide. Accepted.
    LowResolution,
    /// The picture has no colour. Accepted.
    Grey,
    /// The JPEG was made for printing (CMYK) and has been converted. Accepted.
    Cmyk,
    /// The camera's note about its position was applied. Accepted.
    Rotated,
    /// Transparent parts were laid on white. Accepted.
    Transparent,
    /// Colours were converted from the camera's colour space to sRGB. Accepted.
    ColourSpace,
    /// The colour profile cannot be used; colours are taken as sRGB. Accepted.
    ColourProfileIgnored,
    /// Width and height are not those of an identity photo. Held.
    AspectOff,
    /// Nearly one colour: there is nobody to be seen. Held.
    Blank,
    /// An animation: only its first picture was taken. Held.
    Animated,
}

impl FindingCode {
    /// Every code, in the order of this list.
    pub const ALL: &[FindingCode] = &[
        FindingCode::LowResolution,
        FindingCode::Grey,
        FindingCode::Cmyk,
        FindingCode::Rotated,
        FindingCode::Transparent,
        FindingCode::ColourSpace,
        FindingCode::ColourProfileIgnored,
        FindingCode::AspectOff,
        FindingCode::Blank,
        FindingCode::Animated,
    ];

    /// Stable code in kebab case.
    pub const fn as_str(self) -> &'static str {
        match self {
            FindingCode::LowResolution => "low-resolution",
            FindingCode::Grey => "grey",
            FindingCode::Cmyk => "cmyk",
            FindingCode::Rotated => "rotated",
            FindingCode::Transparent => "transparent",
            FindingCode::ColourSpace => "colour-space",
            FindingCode::ColourProfileIgnored => "colour-profile-ignored",
            FindingCode::AspectOff => "aspect-off",
            FindingCode::Blank => "blank",
            FindingCode::Animated => "animated",
        }
    }

    /// Whether a person has to decide about a photo with this finding.
    pub const fn holds(self) -> bool {
        match self {
            FindingCode::AspectOff | FindingCode::Blank | FindingCode::Animated => true,
            FindingCode::LowResolution
            | FindingCode::Grey
            | FindingCode::Cmyk
            | FindingCode::Rotated
            | FindingCode::Transparent
            | FindingCode::ColourSpace
            | FindingCode::ColourProfileIgnored => false,
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            FindingCode::LowResolution => "照片像素偏低",
            FindingCode::Grey => "照片为黑白",
            FindingCode::Cmyk => "照片为印刷色彩(CMYK)，已转换",
            FindingCode::Rotated => "已按拍摄方向旋转照片",
            FindingCode::Transparent => "照片含透明部分，已铺白底",
            FindingCode::ColourSpace => "已将照片色彩转换为sRGB",
            FindingCode::ColourProfileIgnored => "照片色彩配置无法使用，按sRGB处理",
            FindingCode::AspectOff => "照片宽高比例不符合证件照要求",
            FindingCode::Blank => "照片接近单一颜色，看不到人像",
            FindingCode::Animated => "照片为动态图片，仅取第一帧",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            FindingCode::LowResolution => "The photo has few pixels",
            FindingCode::Grey => "The photo is black and white",
            FindingCode::Cmyk => "The photo was made for printing (CMYK) and has been converted",
            FindingCode::Rotated => "The photo was turned as the camera noted",
            FindingCode::Transparent => "Transparent parts of the photo were laid on white",
            FindingCode::ColourSpace => "The colours of the photo were converted to sRGB",
            FindingCode::ColourProfileIgnored => "The colour profile of the photo cannot be used; its colours are taken as sRGB",
            FindingCode::AspectOff => "Width and height are not those of an identity photo",
            FindingCode::Blank => "The photo is nearly one colour; nobody can be seen",
            FindingCode::Animated => "The photo is an animation; only its first picture was taken",
        }
    }
}

/// An observation about one photo: a stable code, what was measured, and a sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoFinding {
    /// Stable code in kebab case, see [`FindingCode::as_str`].
    pub code: &'static str,
    /// What the holder reads, in Chinese, with the measured value.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// The measured value with its unit, and the threshold where there is one.
    pub measured: String,
    /// Whether a person has to decide because of it.
    pub holds: bool,
}

impl PhotoFinding {
    pub(crate) fn new(code: FindingCode, measured: String) -> PhotoFinding {
        PhotoFinding {
            code: code.as_str(),
            zh: format!("{}：{measured}", code.zh()),
            en: format!("{}: {measured}", code.en()),
            measured,
            holds: code.holds(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_distinct_and_every_finding_carries_its_measure_in_both_languages() {
        let codes: HashSet<_> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), FindingCode::ALL.len());
        for &code in FindingCode::ALL {
            let finding = PhotoFinding::new(code, "120 × 168".to_owned());
            assert!(finding.zh.contains("120 × 168") && finding.en.contains("120 × 168"), "{finding:?}");
            assert!(!finding.zh.is_ascii());
            assert!(finding.en.is_ascii() || finding.en.contains('×'));
        }
    }
}
