//! What holders and reviewers read about a measure, in Chinese and English.

use super::Measure;

/// The sentences of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    /// What is measured, in Chinese.
    pub name_zh: &'static str,
    /// What is measured, in English.
    pub name_en: &'static str,
    /// What a value below the threshold means and what to do, in Chinese.
    pub low_zh: &'static str,
    /// The same in English.
    pub low_en: &'static str,
    /// What a value above the threshold means and what to do, in Chinese.
    pub high_zh: &'static str,
    /// The same in English.
    pub high_en: &'static str,
}

impl Measure {
    /// The sentences of the measure.
    pub const fn texts(self) -> Texts {
        let [name_zh, name_en, low_zh, low_en, high_zh, high_en] = self.sentences();
        Texts { name_zh, name_en, low_zh, low_en, high_zh, high_en }
    }

    const fn sentences(self) -> [&'static str; 6] {
        match self {
            Measure::Format => one(
                "图片格式",
                "format",
                "图片为GIF格式，只有256色，请改用JPEG格式",
                "The picture is a GIF of 256 colours at most; please use JPEG",
            ),
            Measure::Pictures => one(
                "图片数量",
                "pictures in the file",
                "文件为动态图片，仅取第一帧，请上传静态照片",
                "The file is an animation, of which only the first picture is taken; please upload a still photo",
            ),
            Measure::Width => one(
                "照片宽度",
                "width",
                "照片像素偏低，请上传更清晰的照片",
                "The photo has too few pixels across; please upload a larger one",
            ),
            Measure::Height => one(
                "照片高度",
                "height",
                "照片像素偏低，请上传更清晰的照片",
                "The photo has too few pixels from top to bottom; please upload a larger one",
            ),
            Measure::Aspect => [
                "宽高比例",
                "width ÷ height",
                "照片过窄，尺寸变形或裁剪不当，请按证件照比例重新裁剪",
                "The photo is too narrow: stretched or badly cut; please cut it to the shape of an identity photo",
                "照片过宽，尺寸变形或裁剪不当，请按证件照比例重新裁剪",
                "The photo is too wide: stretched or badly cut; please cut it to the shape of an identity photo",
            ],
            Measure::Turned => one(
                "头像方向",
                "turn of the head",
                "照片横置或倒置，请转正后上传",
                "The photo lies on its side or upside down; please turn it upright",
            ),
            Measure::Content => one(
                "画面内容",
                "spread of brightness",
                "照片接近单一颜色，看不到人像，请重新上传",
                "The photo is nearly one colour and shows nobody; please upload it again",
            ),
            Measure::Faces => [
                "人脸数量",
                "faces",
                "未检测到正面人脸，请上传本人正面免冠照片",
                "No face is seen from the front; please upload a photo of your face, bareheaded and from the front",
                "照片中不止一张人脸，请上传本人单人照片",
                "More than one face is seen; please upload a photo of yourself alone",
            ],
            Measure::FaceWidth => [
                "脸宽占比",
                "face width in the picture's width",
                "头部过小，请靠近拍摄或裁剪后上传",
                "The head is too small; please come nearer or cut the photo",
                "头部过大，请留出头部四周的空间",
                "The head is too large; please leave room around it",
            ],
            Measure::FaceOffset => one(
                "脸部偏离中线",
                "face off the middle",
                "头部未居中，请使头部位于照片中间",
                "The head is not in the middle; please centre it",
            ),
            Measure::Crown => [
                "头顶位置",
                "crown from the top",
                "头顶被裁切或紧贴上边，请留出头顶空间",
                "The top of the head is cut off or touches the edge; please leave room above it",
                "头顶上方留白过多，请重新裁剪",
                "There is too much room above the head; please cut the photo again",
            ],
            Measure::EyeLine => [
                "双眼位置",
                "eyes from the top",
                "头部位置过高，请重新裁剪",
                "The head sits too high; please cut the photo again",
                "头部位置过低，请重新裁剪",
                "The head sits too low; please cut the photo again",
            ],
            Measure::Blur => one("模糊程度", "blur", "照片模糊，请上传清晰的照片", "The photo is blurred; please upload a sharp one"),
            Measure::Brightness => [
                "面部亮度",
                "brightness of the face",
                "面部过暗，请在明亮均匀的光线下重新拍摄",
                "The face is too dark; please take the photo in bright and even light",
                "面部过亮，请避免曝光过度",
                "The face is too bright; please avoid overexposure",
            ],
            Measure::Burnt => one(
                "面部过曝比例",
                "burnt-out part of the face",
                "面部有过曝或反光，请避免强光直射",
                "Parts of the face are burnt out to white; please avoid hard light and reflections",
            ),
            Measure::Contrast => one(
                "面部对比度",
                "contrast of the face",
                "面部对比度过低，五官不清晰，请重新拍摄",
                "The features of the face hardly stand out; please take the photo again",
            ),
            Measure::LightDifference => one(
                "面部左右亮度差",
                "difference of light between the halves of the face",
                "面部光线不均，请使光线从正面均匀照射",
                "The light on the face is uneven; please have it come evenly from the front",
            ),
            Measure::BackgroundColour => one(
                "背景与白色或蓝色的差距",
                "distance of the background from white and blue",
                "背景颜色不符，应为白色或蓝色",
                "The background is neither white nor blue",
            ),
            Measure::BackgroundUnevenness => one(
                "背景杂乱比例",
                "uneven part of the background",
                "背景不是纯色，请在纯白或纯蓝背景前拍摄",
                "The background is not plain; please stand before a plain white or blue one",
            ),
            Measure::ClothingLikeBackground => one(
                "衣着与背景相近比例",
                "clothing in the colour of the background",
                "上衣与背景颜色相近，请穿着与背景不同颜色的上衣",
                "The clothing has the colour of the background; please wear another colour",
            ),
            Measure::Colour => one(
                "色彩强度",
                "strength of colour",
                "照片为黑白，请上传彩色照片",
                "The photo is black and white; please upload one in colour",
            ),
            Measure::Frame => one(
                "边框",
                "sides with a border",
                "照片带有边框，请去除边框，勿翻拍或扫描",
                "The photo has a border; please upload the photo itself, not a picture of it",
            ),
            Measure::Marks => one(
                "印章文字比例",
                "marks on the picture",
                "照片上有印章、日期或文字，请上传无印记的照片",
                "There are stamps, dates or writing on the photo; please upload one without",
            ),
            Measure::Quality => one(
                "压缩质量",
                "quality of compression",
                "照片压缩过度，请上传原始照片",
                "The photo was compressed too much; please upload the original",
            ),
            Measure::Blocks => one(
                "压缩块状痕迹",
                "blocks left by compression",
                "照片有明显的压缩痕迹，请上传原始照片",
                "Compression has left visible blocks; please upload the original",
            ),
            Measure::Inks => one(
                "色彩通道",
                "inks",
                "照片为印刷色彩(CMYK)，已转换，颜色可能有偏差",
                "The photo was made for printing (CMYK) and has been converted; its colours may be off",
            ),
        }
    }
}

/// A measure that can only be wrong in one direction, or means the same in both.
const fn one(name_zh: &'static str, name_en: &'static str, zh: &'static str, en: &'static str) -> [&'static str; 6] {
    [name_zh, name_en, zh, en, zh, en]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_speaks_both_languages() {
        for measure in Measure::ALL {
            let Texts { name_zh, name_en, low_zh, low_en, high_zh, high_en } = measure.texts();
            assert!([name_zh, low_zh, high_zh].iter().all(|text| !text.is_ascii()), "{measure:?}");
            assert!([low_en, high_en].iter().all(|text| text.is_ascii() && text.starts_with('T') | text.starts_with(char::is_uppercase)));
            assert!(!name_en.is_empty(), "{measure:?}");
        }
    }
}
