//! What is measured about a photo. Codes are stable: reports, statistics and the configuration go by them.

mod texts;

pub use texts::Texts;

/// One thing that is measured, as a number in a unit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// The format: 1 for one that photos come in, 0 for GIF, which holds 256 colours only.
    Format,
    /// Pictures in the file; 2 stands for any animation.
    Pictures,
    /// Width of the upright source, in pixels: the class of resolution.
    Width,
    /// Height of the upright source, in pixels.
    Height,
    /// Width divided by height of the upright source.
    Aspect,
    /// Quarter turns by which the face lies wrong after the camera's note was followed.
    Turned,
    /// Spread of brightness over the whole picture (standard deviation, 0 to 127): nothing can be seen in one of one colour.
    Content,
    /// Faces found.
    Faces,
    /// Width of the face in hundredths of the picture's width. GA 461-2004 asks for 207 ± 14 of 358 pixels, about 58.
    FaceWidth,
    /// How far the middle of the face is from the middle of the picture, in hundredths of its width.
    FaceOffset,
    /// The crown, in hundredths of the height from the top; below 0 it is cut off. GA 461-2004 asks for 7 to 21 of 441 pixels.
    Crown,
    /// The eyes, in hundredths of the height from the top. GA 461-2004 asks for at most 234 of 441 pixels, about 53.
    EyeLine,
    /// Loss of sharpness in the face, 0 (sharp) to 100 (nothing but blur).
    Blur,
    /// Mean brightness of the face, 0 to 255.
    Brightness,
    /// Share of the face that is burnt out to white, in hundredths.
    Burnt,
    /// Brightness of the face between its darkest and its brightest twentieth, 0 to 255.
    Contrast,
    /// Difference in brightness between the halves of the face, in hundredths of the mean.
    LightDifference,
    /// Distance of the background's colour from white and from blue, whichever is nearer, in units of colour (0 to 441).
    BackgroundColour,
    /// Share of the background that is not of one colour, in hundredths.
    BackgroundUnevenness,
    /// Share of the clothing that has the colour of the background, in hundredths.
    ClothingLikeBackground,
    /// Strength of colour: mean difference between a pixel's strongest and weakest channel, 0 to 255.
    Colour,
    /// Sides along which a border or frame runs.
    Frame,
    /// Share of the picture that marks cover (stamps, dates, writing), in hundredths.
    Marks,
    /// Quality that the picture's own quantisation tables tell, 1 to 100 (JPEG only).
    Quality,
    /// How much stronger the steps between blocks of 8 pixels are than those within, as a quotient.
    Blocks,
    /// Inks: 3 for a picture of light, 4 for one made for printing (CMYK).
    Inks,
}

impl Measure {
    /// Every measure, in the order of the checks.
    pub const ALL: [Measure; 26] = [
        Measure::Format,
        Measure::Pictures,
        Measure::Width,
        Measure::Height,
        Measure::Aspect,
        Measure::Turned,
        Measure::Content,
        Measure::Faces,
        Measure::FaceWidth,
        Measure::FaceOffset,
        Measure::Crown,
        Measure::EyeLine,
        Measure::Blur,
        Measure::Brightness,
        Measure::Burnt,
        Measure::Contrast,
        Measure::LightDifference,
        Measure::BackgroundColour,
        Measure::BackgroundUnevenness,
        Measure::ClothingLikeBackground,
        Measure::Colour,
        Measure::Frame,
        Measure::Marks,
        Measure::Quality,
        Measure::Blocks,
        Measure::Inks,
    ];

    /// Stable code in kebab case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Measure::Format => "format",
            Measure::Pictures => "pictures",
            Measure::Width => "width",
            Measure::Height => "height",
            Measure::Aspect => "aspect",
            Measure::Turned => "turned",
            Measure::Content => "content",
            Measure::Faces => "faces",
            Measure::FaceWidth => "face-width",
            Measure::FaceOffset => "face-offset",
            Measure::Crown => "crown",
            Measure::EyeLine => "eye-line",
            Measure::Blur => "blur",
            Measure::Brightness => "brightness",
            Measure::Burnt => "burnt",
            Measure::Contrast => "contrast",
            Measure::LightDifference => "light-difference",
            Measure::BackgroundColour => "background-colour",
            Measure::BackgroundUnevenness => "background-unevenness",
            Measure::ClothingLikeBackground => "clothing-like-background",
            Measure::Colour => "colour",
            Measure::Frame => "frame",
            Measure::Marks => "marks",
            Measure::Quality => "quality",
            Measure::Blocks => "blocks",
            Measure::Inks => "inks",
        }
    }

    /// The measure of a code.
    pub fn of_code(code: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|measure| measure.as_str() == code)
    }

    /// Whether what is measured is certain enough to refuse a photo without a person looking at it. Where a colour, a pattern or a line is
    /// taken for something, a person decides.
    pub const fn is_certain(self) -> bool {
        match self {
            Measure::Pictures
            | Measure::Width
            | Measure::Height
            | Measure::Aspect
            | Measure::Turned
            | Measure::Content
            | Measure::Faces
            | Measure::FaceWidth
            | Measure::FaceOffset
            | Measure::Crown
            | Measure::Blur
            | Measure::Brightness
            | Measure::Burnt
            | Measure::BackgroundUnevenness
            | Measure::Quality => true,
            Measure::Format
            | Measure::EyeLine
            | Measure::Contrast
            | Measure::LightDifference
            | Measure::BackgroundColour
            | Measure::ClothingLikeBackground
            | Measure::Colour
            | Measure::Frame
            | Measure::Marks
            | Measure::Blocks
            | Measure::Inks => false,
        }
    }

    /// The value with its unit.
    pub fn shown(self, value: f32) -> String {
        match self {
            Measure::Width | Measure::Height => format!("{value:.0} px"),
            Measure::Aspect | Measure::Blocks => format!("{value:.2}"),
            Measure::Turned => format!("{:.0}°", value * 90.0),
            Measure::FaceWidth
            | Measure::FaceOffset
            | Measure::Crown
            | Measure::EyeLine
            | Measure::Burnt
            | Measure::LightDifference
            | Measure::BackgroundUnevenness
            | Measure::ClothingLikeBackground => format!("{value:.0}%"),
            Measure::Marks => format!("{value:.2}%"),
            Measure::Format
            | Measure::Pictures
            | Measure::Content
            | Measure::Faces
            | Measure::Blur
            | Measure::Brightness
            | Measure::Contrast
            | Measure::BackgroundColour
            | Measure::Colour
            | Measure::Frame
            | Measure::Quality
            | Measure::Inks => format!("{value:.0}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_distinct_and_found_again() {
        let codes: HashSet<_> = Measure::ALL.iter().map(|measure| measure.as_str()).collect();
        assert_eq!(codes.len(), Measure::ALL.len());
        for measure in Measure::ALL {
            assert_eq!(Measure::of_code(measure.as_str()), Some(measure));
        }
        assert_eq!(Measure::of_code("nose"), None);
    }
}
