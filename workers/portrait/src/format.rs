//! What a file is by its content; its name is never asked.

/// A format as its first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG, the usual photo.
    Jpeg,
    /// PNG.
    Png,
    /// GIF, possibly an animation.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// WebP.
    WebP,
    /// TIFF, and raw pictures of many cameras.
    Tiff,
    /// HEIC, the usual photo of an iPhone.
    Heic,
    /// AVIF.
    Avif,
    /// Photoshop document.
    Photoshop,
    /// SVG drawing.
    Svg,
    /// PDF document.
    Pdf,
    /// ZIP archive, or an Office document, which is one.
    Zip,
    /// Archive of another kind: RAR or 7z.
    Archive,
    /// A program.
    Program,
    /// Office document of before 2007.
    Office,
    /// Web page.
    Html,
    /// Plain text.
    Text,
    /// Only zero bytes: a file that was never written.
    Zeros,
    /// Nothing known.
    Unknown,
}

impl Format {
    /// Recognises the format by content. Looks at the first kilobyte only.
    pub fn of(bytes: &[u8]) -> Format {
        let head = &bytes[..bytes.len().min(1024)];
        if let Some(brand) = head.get(4..12).filter(|mark| mark.starts_with(b"ftyp")).map(|mark| &mark[4..]) {
            return match brand {
                b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => Format::Heic,
                b"avif" | b"avis" => Format::Avif,
                _ => Format::Unknown,
            };
        }
        if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            return Format::WebP;
        }
        const MARKS: &[(&[u8], Format)] = &[
            (b"\xFF\xD8\xFF", Format::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Format::Png),
            (b"GIF87a", Format::Gif),
            (b"GIF89a", Format::Gif),
            (b"BM", Format::Bmp),
            (b"II*\0", Format::Tiff),
            (b"MM\0*", Format::Tiff),
            (b"8BPS", Format::Photoshop),
            (b"%PDF", Format::Pdf),
            (b"PK\x03\x04", Format::Zip),
            (b"PK\x05\x06", Format::Zip),
            (b"Rar!\x1A\x07", Format::Archive),
            (b"7z\xBC\xAF\x27\x1C", Format::Archive),
            (b"MZ", Format::Program),
            (b"\x7FELF", Format::Program),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Format::Office),
        ];
        if let Some(&(_, format)) = MARKS.iter().find(|(mark, _)| head.starts_with(mark)) {
            return format;
        }
        if !head.is_empty() && head.iter().all(|&byte| byte == 0) {
            return Format::Zeros;
        }
        textual(head)
    }

    /// Whether pictures of the format are read.
    pub const fn is_read(self) -> bool {
        matches!(self, Format::Jpeg | Format::Png | Format::Gif | Format::Bmp | Format::WebP)
    }

    /// Whether the format is a picture at all.
    pub const fn is_picture(self) -> bool {
        match self {
            Format::Jpeg
            | Format::Png
            | Format::Gif
            | Format::Bmp
            | Format::WebP
            | Format::Tiff
            | Format::Heic
            | Format::Avif
            | Format::Photoshop
            | Format::Svg => true,
            Format::Pdf
            | Format::Zip
            | Format::Archive
            | Format::Program
            | Format::Office
            | Format::Html
            | Format::Text
            | Format::Zeros
            | Format::Unknown => false,
        }
    }

    /// The format as people call it, in English.
    pub const fn name_en(self) -> &'static str {
        match self {
            Format::Jpeg => "JPEG",
            Format::Png => "PNG",
            Format::Gif => "GIF",
            Format::Bmp => "BMP",
            Format::WebP => "WebP",
            Format::Tiff => "TIFF",
            Format::Heic => "HEIC (an iPhone photo)",
            Format::Avif => "AVIF",
            Format::Photoshop => "Photoshop",
            Format::Svg => "SVG",
            Format::Pdf => "a PDF document",
            Format::Zip => "a ZIP archive or an Office document",
            Format::Archive => "an archive",
            Format::Program => "a program",
            Format::Office => "an Office document",
            Format::Html => "a web page",
            Format::Text => "plain text",
            Format::Zeros => "a file of zero bytes only",
            Format::Unknown => "of an unknown format",
        }
    }

    /// The format as people call it, in Chinese.
    pub const fn name_zh(self) -> &'static str {
        match self {
            Format::Jpeg => "JPEG",
            Format::Png => "PNG",
            Format::Gif => "GIF",
            Format::Bmp => "BMP",
            Format::WebP => "WebP",
            Format::Tiff => "TIFF",
            Format::Heic => "HEIC（苹果手机照片）",
            Format::Avif => "AVIF",
            Format::Photoshop => "Photoshop",
            Format::Svg => "SVG",
            Format::Pdf => "PDF文档",
            Format::Zip => "ZIP压缩包或Office文档",
            Format::Archive => "压缩包",
            Format::Program => "程序",
            Format::Office => "Office文档",
            Format::Html => "网页",
            Format::Text => "文本",
            Format::Zeros => "全零数据",
            Format::Unknown => "未知格式",
        }
    }
}

/// Web pages and drawings are text, too; they are told apart so that the holder reads what went wrong.
fn textual(head: &[u8]) -> Format {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if text.contains("<svg") {
        return Format::Svg;
    }
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Format::Html;
    }
    // Chinese text may be in GB18030, so only the control characters tell text from binary.
    let printable = |&byte: &u8| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r');
    if !head.is_empty() && head.iter().all(printable) { Format::Text } else { Format::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_the_format() {
        let cases: &[(&[u8], Format)] = &[
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Format::Jpeg),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Format::Png),
            (b"GIF89a\x01\0", Format::Gif),
            (b"BM\x36\0\0\0", Format::Bmp),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Format::WebP),
            (b"RIFF\x10\0\0\0AVI LIST", Format::Unknown),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Format::Heic),
            (b"\0\0\0\x18ftypavif\0\0\0\0", Format::Avif),
            (b"\0\0\0\x18ftypisom\0\0\0\0", Format::Unknown),
            (b"MM\0*\0\0", Format::Tiff),
            (b"8BPS\0\x01", Format::Photoshop),
            (b"%PDF-1.7", Format::Pdf),
            (b"PK\x03\x04\x14", Format::Zip),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0", Format::Office),
            (b"<?xml version=\"1.0\"?><svg/>", Format::Svg),
            (b"\xEF\xBB\xBF <!DOCTYPE html>", Format::Html),
            ("照片见附件".as_bytes(), Format::Text),
            (b"\xD5\xD5\xC6\xAC", Format::Text),
            (&[0; 64], Format::Zeros),
            (&[1, 2, 3], Format::Unknown),
            (b"", Format::Unknown),
        ];
        for (bytes, format) in cases {
            assert_eq!(Format::of(bytes), *format, "{bytes:?}");
        }
    }
}
