//! What can be wrong, or only unusual, with a picture that somebody sends in.

/// Writes the enum and its tables from one list, so that no fault can lack its code or its extension.
macro_rules! faults {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $code:literal, $extension:literal; )+) => {
        /// A fault of a picture. Some of them a review must refuse, some it must see through: the variant says what is wrong, not
        /// what becomes of it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl Fault {
            /// All of them: first what the picture shows, then how it is taken, cut and marked, then how it is saved.
            pub const ALL: &[Fault] = &[$( Fault::$variant, )+];

            /// The code in kebab case.
            pub const fn as_str(self) -> &'static str {
                match self { $( Fault::$variant => $code, )+ }
            }

            /// The extension of the file, without its dot. It may promise another format than the bytes have.
            pub const fn extension(self) -> &'static str {
                match self { $( Fault::$variant => $extension, )+ }
            }
        }
    };
}

faults! {
    /// Shelves and a window behind the person.
    BusyBackground = "busy-background", "jpg";
    /// A plain red ground.
    RedBackground = "red-background", "jpg";
    /// A plain grey ground.
    GreyBackground = "grey-background", "jpg";
    /// Two people side by side.
    TwoPeople = "two-people", "jpg";
    /// A landscape, or an empty chair: nobody is there.
    Nobody = "nobody", "jpg";
    /// A white blouse on a white ground.
    WhiteOnWhite = "white-on-white", "jpg";
    /// Somebody far away.
    HeadTooSmall = "head-too-small", "jpg";
    /// A head that is cut by the edges.
    HeadTooLarge = "head-too-large", "jpg";
    /// A head near the left or right edge.
    OffCentre = "off-centre", "jpg";
    /// Out of focus.
    Blurred = "blurred", "jpg";
    /// Taken with much too little light.
    Dark = "dark", "jpg";
    /// Taken with much too much light.
    Overexposed = "overexposed", "jpg";
    /// One side lies in shadow.
    UnevenLight = "uneven-light", "jpg";
    /// Without colours, in a file that could have some.
    Grey = "grey", "jpg";
    /// Pulled sideways, to 0.97 as wide as high.
    Stretched = "stretched", "jpg";
    /// The pixels lie on their side.
    TurnedPixels = "turned-pixels", "jpg";
    /// The pixels lie on their side, and an EXIF note says how to stand them up.
    TurnedByExif = "turned-by-exif", "jpg";
    /// 60 × 84 pixels.
    Tiny = "tiny", "jpg";
    /// 100 × 140 pixels, as old examinations kept them.
    LegacySmall = "legacy-small", "jpg";
    /// 2000 × 2800 pixels, no sharper than they were.
    Huge = "huge", "jpg";
    /// A coloured frame around the picture.
    Framed = "framed", "jpg";
    /// A red round stamp over a corner, and the date in printed digits.
    StampedAndDated = "stamped-and-dated", "jpg";
    /// JPEG of quality 5.
    OverCompressed = "over-compressed", "jpg";
    /// JPEG in the four colours of print.
    CmykJpeg = "cmyk-jpeg", "jpg";
    /// JPEG in several passes.
    ProgressiveJpeg = "progressive-jpeg", "jpg";
    /// PNG.
    Png = "png", "png";
    /// Windows bitmap.
    Bmp = "bmp", "bmp";
    /// WebP without loss.
    WebP = "webp", "webp";
    /// GIF of one frame.
    StillGif = "still-gif", "gif";
    /// GIF of two frames.
    MovingGif = "moving-gif", "gif";
    /// The header of a HEIC file as telephones write it, with nothing to decode behind it.
    Heic = "heic", "heic";
    /// JPEG that ends in the middle.
    TruncatedJpeg = "truncated-jpeg", "jpg";
    /// A text whose name says JPEG.
    TextFile = "text-file", "jpg";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_kebab_case_and_told_once() {
        let codes: HashSet<&str> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
        assert_eq!(codes.len(), Fault::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase())), "{codes:?}");
    }
}
