//! Why a photo cannot be taken at all. A refusal is an answer to its holder, not a fault of the system.

use crate::format::Format;

/// A photo that cannot become a portrait, with the reason. `Display` is the English sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The file has no bytes.
    #[error("The file is empty. Please upload the photo again.")]
    Empty,
    /// The file is larger than allowed.
    #[error("The file has {bytes} bytes; at most {limit} are allowed. Please save the photo with less quality or fewer pixels.")]
    TooManyBytes {
        /// Size of the file in bytes.
        bytes: usize,
        /// Largest size in bytes.
        limit: usize,
    },
    /// The content is not a picture, whatever the file is called.
    #[error("The file is no picture: it is {}. Please upload a JPEG photo.", found.name_en())]
    NotAPicture {
        /// What the content is.
        found: Format,
    },
    /// A picture in a format that is not read: HEIC, AVIF, TIFF, SVG, Photoshop.
    #[error("The picture is in the format {}, which cannot be used. Please save it as JPEG.", format.name_en())]
    UnsupportedFormat {
        /// The format that the content shows.
        format: Format,
    },
    /// A picture that is another kind of file as well: an archive, a document, a program.
    #[error("The file is a picture and {} at once. Please upload the photo alone.", other.name_en())]
    TwoFormats {
        /// What else it is.
        other: Format,
    },
    /// A small file that unfolds to far more than a photo would.
    #[error("The picture of {bytes} bytes unfolds to {width} × {height} pixels, as no photo does. Please upload the photo itself.")]
    Unfolds {
        /// Size of the file in bytes.
        bytes: usize,
        /// Width in pixels as the file claims.
        width: u32,
        /// Height in pixels as the file claims.
        height: u32,
    },
    /// More pixels than allowed, or more than can be decoded within bounds.
    #[error("The picture has {width} × {height} pixels, which is too large. Please scale it down to at most {limit} pixels in all.")]
    TooManyPixels {
        /// Width in pixels as the file claims.
        width: u32,
        /// Height in pixels as the file claims.
        height: u32,
        /// Most pixels in all.
        limit: u64,
    },
    /// Too few pixels for a portrait.
    #[error("The picture has {width} × {height} pixels; at least {min_width} × {min_height} are needed. Please upload a larger photo.")]
    TooSmall {
        /// Width in pixels, after turning as the camera noted.
        width: u32,
        /// Height in pixels, after turning as the camera noted.
        height: u32,
        /// Least width in pixels.
        min_width: u32,
        /// Least height in pixels.
        min_height: u32,
    },
    /// Damaged, cut off, or of a rare sub-format.
    #[error("The picture is damaged or incomplete ({detail}). Please upload the photo again.")]
    Unreadable {
        /// What the decoder said, for support staff.
        detail: String,
    },
}

impl Refusal {
    /// Stable code in kebab case.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::Empty => "photo-empty",
            Refusal::TooManyBytes { .. } => "photo-too-large",
            Refusal::NotAPicture { .. } => "photo-not-a-picture",
            Refusal::UnsupportedFormat { .. } => "photo-unsupported-format",
            Refusal::TwoFormats { .. } => "photo-two-formats",
            Refusal::Unfolds { .. } => "photo-unfolds",
            Refusal::TooManyPixels { .. } => "photo-too-many-pixels",
            Refusal::TooSmall { .. } => "photo-too-small",
            Refusal::Unreadable { .. } => "photo-unreadable",
        }
    }

    /// The sentence for the holder, in English.
    pub fn en(&self) -> String {
        self.to_string()
    }

    /// The sentence for the holder, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::Empty => "文件为空，请重新上传照片。".to_owned(),
            Refusal::TooManyBytes { bytes, limit } => {
                format!("文件大小为{bytes}字节，超过上限{limit}字节，请压缩后重新上传。")
            }
            Refusal::NotAPicture { found } => format!("文件不是图片（内容为{}），请上传JPEG格式的照片。", found.name_zh()),
            Refusal::UnsupportedFormat { format } => format!("不支持{}格式，请另存为JPEG格式后上传。", format.name_zh()),
            Refusal::TwoFormats { other } => format!("文件既是图片又含有其他内容（{}），请只上传照片。", other.name_zh()),
            Refusal::Unfolds { bytes, width, height } => {
                format!("{bytes}字节的文件展开为{width}×{height}像素，不是正常的照片，请上传照片原件。")
            }
            Refusal::TooManyPixels { width, height, limit } => {
                format!("照片为{width}×{height}像素，过大，请缩小到总像素不超过{limit}后上传。")
            }
            Refusal::TooSmall { width, height, min_width, min_height } => {
                format!("照片为{width}×{height}像素，低于最低要求{min_width}×{min_height}，请上传更清晰的照片。")
            }
            Refusal::Unreadable { .. } => "照片已损坏或不完整，无法读取，请重新上传。".to_owned(),
        }
    }
}
