//! Why a reviewer rejects a photo: the reasons in use by the examination and social security authorities.

/// One reason, with what its holder reads. Codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoReason {
    /// 背景不符.
    Background,
    /// 头部过小或过大.
    HeadSize,
    /// 模糊.
    Blurred,
    /// 光线不均.
    UnevenLight,
    /// 翻拍扫描.
    Rephotographed,
    /// 修图.
    Retouched,
    /// 戴帽、墨镜、反光.
    Covered,
    /// 未露耳.
    EarsHidden,
    /// 上衣与背景相近.
    ClothingLikeBackground,
    /// 非本人.
    AnotherPerson,
    /// 有文字印章.
    Marks,
    /// 尺寸变形.
    Distorted,
    /// 生活照、艺术照.
    Casual,
    /// What no other reason says; the note says it.
    Other,
}

impl PhotoReason {
    /// Every reason.
    pub const ALL: [PhotoReason; 14] = [
        PhotoReason::Background,
        PhotoReason::HeadSize,
        PhotoReason::Blurred,
        PhotoReason::UnevenLight,
        PhotoReason::Rephotographed,
        PhotoReason::Retouched,
        PhotoReason::Covered,
        PhotoReason::EarsHidden,
        PhotoReason::ClothingLikeBackground,
        PhotoReason::AnotherPerson,
        PhotoReason::Marks,
        PhotoReason::Distorted,
        PhotoReason::Casual,
        PhotoReason::Other,
    ];

    /// Stable code in kebab case.
    pub const fn as_str(self) -> &'static str {
        self.words()[0]
    }

    /// What the holder reads, in Chinese.
    pub const fn zh(self) -> &'static str {
        self.words()[1]
    }

    /// What the holder reads, in English.
    pub const fn en(self) -> &'static str {
        self.words()[2]
    }

    /// The reason of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<PhotoReason> {
        PhotoReason::ALL.into_iter().find(|reason| reason.as_str() == code)
    }

    const fn words(self) -> [&'static str; 3] {
        match self {
            Self::Background => ["background", "背景不符，应为白色或蓝色纯色背景", "the background is not plain white or blue"],
            Self::HeadSize => ["head-size", "头部过小或过大", "the head is too small or too large"],
            Self::Blurred => ["blurred", "照片模糊", "the photo is blurred"],
            Self::UnevenLight => ["uneven-light", "光线不均", "the light is uneven"],
            Self::Rephotographed => ["rephotographed", "照片为翻拍或扫描件", "it is a picture or a scan of a printed photo"],
            Self::Retouched => ["retouched", "照片经过修图", "the photo was retouched"],
            Self::Covered => ["covered", "戴帽、戴墨镜或眼镜反光", "a hat, dark glasses or a reflection covers the face"],
            Self::EarsHidden => ["ears-hidden", "未露出双耳", "the ears are hidden"],
            Self::ClothingLikeBackground => {
                ["clothing-like-background", "上衣与背景颜色相近", "the clothing has the colour of the background"]
            }
            Self::AnotherPerson => ["another-person", "照片非本人", "the photo shows somebody else"],
            Self::Marks => ["marks", "照片上有文字或印章", "there are writing or stamps on the photo"],
            Self::Distorted => ["distorted", "尺寸变形", "the photo is distorted"],
            Self::Casual => ["casual", "照片为生活照或艺术照", "it is a snapshot or an artistic photo"],
            Self::Other => ["other", "其他原因，见审核说明", "another reason, see the note"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_again_and_every_reason_speaks_both_languages() {
        for reason in PhotoReason::ALL {
            assert_eq!(PhotoReason::of_code(reason.as_str()), Some(reason));
            assert!(!reason.zh().is_ascii() && reason.en().is_ascii(), "{reason:?}");
        }
        assert_eq!(PhotoReason::of_code("nose"), None);
    }
}
