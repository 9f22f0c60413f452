//! Colours, and how shapes are filled with them.

use tiny_skia::{Color, GradientStop, LinearGradient, Paint, Point, RadialGradient, Shader, SpreadMode, Transform};

use super::Place;

/// A colour that may let through what lies below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    pub(super) rgb: [f32; 3],
    pub(super) alpha: f32,
}

impl Ink {
    /// An opaque colour, written as 0xRRGGBB.
    pub(crate) fn new(code: u32) -> Ink {
        let [_, red, green, blue] = code.to_be_bytes();
        Ink { rgb: [red, green, blue].map(|channel| f32::from(channel) / 255.0), alpha: 1.0 }
    }

    pub(crate) fn with_alpha(self, alpha: f32) -> Ink {
        Ink { alpha, ..self }
    }

    /// This colour with a share of another.
    pub(crate) fn mixed(self, other: Ink, share: f32) -> Ink {
        let mut rgb = self.rgb;
        for (own, other) in rgb.iter_mut().zip(other.rgb) {
            *own += (other - *own) * share;
        }
        Ink { rgb, alpha: self.alpha }
    }

    pub(crate) fn darker(self, share: f32) -> Ink {
        self.mixed(Ink::new(0x1A1014), share)
    }

    pub(crate) fn lighter(self, share: f32) -> Ink {
        self.mixed(Ink::new(0xFFFFFF), share)
    }

    /// How far the two colours lie apart, in steps of brightness over the three channels.
    pub(crate) fn distance(self, other: Ink) -> f32 {
        self.rgb.iter().zip(other.rgb).map(|(own, other)| (own - other).powi(2)).sum::<f32>().sqrt() * 255.0
    }

    pub(super) fn color(self) -> Color {
        let [red, green, blue] = self.rgb.map(|channel| channel.clamp(0.0, 1.0));
        Color::from_rgba(red, green, blue, self.alpha.clamp(0.0, 1.0)).unwrap_or(Color::TRANSPARENT)
    }
}

/// How a shape is filled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fill {
    Flat(Ink),
    /// From one place and colour to another.
    Along(Place, Ink, Place, Ink),
    /// From the centre outwards to a radius.
    Around(Place, f32, Ink, Ink),
}

impl From<Ink> for Fill {
    fn from(ink: Ink) -> Fill {
        Fill::Flat(ink)
    }
}

pub(super) fn paint(fill: Fill) -> Paint<'static> {
    let point = |(x, y): Place| Point::from_xy(x, y);
    let stops = |from: Ink, to: Ink| vec![GradientStop::new(0.0, from.color()), GradientStop::new(1.0, to.color())];
    let (shader, plain) = match fill {
        Fill::Flat(ink) => (None, ink),
        Fill::Along(from, first, to, last) => {
            (LinearGradient::new(point(from), point(to), stops(first, last), SpreadMode::Pad, Transform::identity()), first)
        }
        Fill::Around(centre, radius, first, last) => {
            let centre = point(centre);
            (RadialGradient::new(centre, 0.0, centre, radius, stops(first, last), SpreadMode::Pad, Transform::identity()), first)
        }
    };
    Paint { shader: shader.unwrap_or(Shader::SolidColor(plain.color())), anti_alias: true, ..Paint::default() }
}
