//! The layout file of a kind (`templates/*.toml`): its places, labels, sizes, colours and the measures of its graphics.

use domain::kind::Kind;
use domain::printed_field::PrintedField;
use serde::{Deserialize, Deserializer};

use super::BoxMm;
use super::fit::Fit;
use crate::template::TemplateError;

/// Red, green and blue from 0 to 1.
pub(crate) type Colour = [f32; 3];

/// Everything that a layout file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    /// Goes up with every change of what a page of this kind looks like.
    pub(crate) version: u16,
    pub(crate) inks: Inks,
    pub(crate) border: Border,
    pub(crate) ground: Ground,
    pub(crate) medallion: Medallion,
    pub(crate) rules: Rules,
    pub(crate) pictures: Pictures,
    pub(crate) title: TextPlace,
    pub(crate) number: TextPlace,
    pub(crate) fields: Column,
    pub(crate) authority: TextPlace,
    pub(crate) issued_on: TextPlace,
    pub(crate) qr_caption: TextPlace,
    pub(crate) identifier: TextPlace,
    pub(crate) version_line: TextPlace,
    pub(crate) verify_hint: TextPlace,
    pub(crate) contact: TextPlace,
}

/// Colours of text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inks {
    pub(crate) title: Colour,
    pub(crate) value: Colour,
    pub(crate) label: Colour,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Border {
    pub(crate) rules: Colour,
    /// Length of one wave in millimetres, before it is stretched to fill a side.
    pub(crate) period: f64,
    pub(crate) strands: Vec<Strand>,
    pub(crate) corners: Vec<ColouredRing>,
}

/// Four waves, each a quarter of a period behind the last.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Strand {
    pub(crate) colour: Colour,
    pub(crate) swing: f64,
}

/// Petals around a mean radius, drawn several times, each a little turned.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ring {
    pub(crate) mean: f64,
    pub(crate) swing: f64,
    pub(crate) petals: u32,
    pub(crate) turns: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ColouredRing {
    pub(crate) colour: Colour,
    #[serde(flatten)]
    pub(crate) ring: Ring,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ground {
    pub(crate) colour: Colour,
    pub(crate) pairs: u32,
    pub(crate) waves: u32,
    pub(crate) swing: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Medallion {
    pub(crate) colour: Colour,
    pub(crate) centre: [f64; 2],
    pub(crate) rings: Vec<Ring>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    pub(crate) colour: Colour,
    pub(crate) ornament: Rule,
    pub(crate) foot: Rule,
}

/// A horizontal hairline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pictures {
    pub(crate) portrait: BoxMm,
    pub(crate) qr: BoxMm,
    pub(crate) seal: BoxMm,
}

/// Where one text stands, and by which rule it shrinks and wraps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextPlace {
    /// What is printed before the text, or all of it.
    #[serde(default)]
    pub(crate) before: String,
    pub(crate) place: BoxMm,
    pub(crate) ink: Ink,
    largest: f32,
    /// Down to here one line is preferred to several.
    single: Option<f32>,
    smallest: f32,
    lines: usize,
    #[serde(default)]
    balanced: bool,
    #[serde(default)]
    spacing: f32,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ink {
    /// The title: strengthened by its own outline.
    Title,
    /// Values and the authority.
    Value,
    /// Labels, and the lines at the foot.
    Label,
}

/// The column of labels and values.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub(crate) place: BoxMm,
    /// Of values, in points.
    pub(crate) largest: f32,
    /// Width of the labels' column, in letters of a label.
    pub(crate) label_letters: f32,
    /// Between the columns, in millimetres.
    pub(crate) gap: f32,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    #[serde(deserialize_with = "field")]
    pub(crate) field: PrintedField,
    pub(crate) label: String,
}

fn field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PrintedField, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

impl TextPlace {
    pub(super) fn fit(&self) -> Fit {
        Fit {
            largest: self.largest,
            single: self.single.unwrap_or(self.largest * 0.82),
            smallest: self.smallest,
            most_lines: self.lines,
            spacing: self.spacing,
            balanced: self.balanced,
        }
    }
}

impl Layout {
    /// Every text that the template itself prints.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        let places = [&self.number, &self.authority, &self.issued_on, &self.qr_caption, &self.identifier, &self.version_line];
        let rest = [&self.title, &self.verify_hint, &self.contact];
        let labels = self.fields.rows.iter().map(|row| row.label.as_str());
        places.into_iter().chain(rest).map(|place| place.before.as_str()).chain(labels)
    }

    pub(crate) fn of(kind: Kind) -> Result<Layout, TemplateError> {
        toml::from_str(source(kind)).map_err(|source| TemplateError::Layout { kind, source: Box::new(source) })
    }
}

/// The layout file of a kind, as it stands in the program.
pub(crate) const fn source(kind: Kind) -> &'static str {
    match kind {
        Kind::Constructor => include_str!("../../templates/constructor.toml"),
        Kind::Architect => include_str!("../../templates/architect.toml"),
        Kind::StructuralEngineer => include_str!("../../templates/structural-engineer.toml"),
        Kind::SafetyPersonnel => include_str!("../../templates/safety-personnel.toml"),
        Kind::SpecialOperation => include_str!("../../templates/special-operation.toml"),
        Kind::PostTraining => include_str!("../../templates/post-training.toml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layouts() -> impl Iterator<Item = (Kind, Layout)> {
        Kind::ALL.iter().map(|kind| (*kind, Layout::of(*kind).unwrap()))
    }

    #[test]
    fn each_kind_has_a_layout_whose_code_measures_30_mm_and_whose_portrait_is_five_by_seven() {
        for (kind, layout) in layouts() {
            let Pictures { portrait, qr, seal } = layout.pictures;
            assert_eq!((qr.width, qr.height), (30.0, 30.0), "{kind}");
            assert_eq!((seal.width, seal.height), (crate::template::seal::SIDE, crate::template::seal::SIDE), "{kind}");
            assert!((portrait.height / portrait.width - 1.4).abs() < 0.001, "{kind}");
            assert!(1 <= layout.version, "{kind}");
        }
    }

    #[test]
    fn every_fact_has_one_place_at_most_and_the_common_ones_have_one_in_every_kind() {
        for (kind, layout) in layouts() {
            for field in PrintedField::ALL {
                let rows = layout.fields.rows.iter().filter(|row| row.field == *field).count();
                assert!(rows <= 1, "{kind} prints {field} {rows} times");
            }
            for field in [PrintedField::HolderName, PrintedField::Sex, PrintedField::FirstIssuedOn, PrintedField::Validity] {
                assert!(layout.fields.rows.iter().any(|row| row.field == field), "{kind} has no place for {field}");
            }
        }
    }

    #[test]
    fn a_key_that_no_layout_knows_is_refused() {
        let wrong = source(Kind::Constructor).replace("\n[medallion]", "\nwave = 7\n[medallion]");
        assert!(toml::from_str::<Layout>(&wrong).unwrap_err().to_string().contains("wave"));
    }
}
