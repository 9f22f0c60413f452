//! The template of each kind: its layout file, and its graphics that never change. `printpdf` authors them once, `lopdf` reads
//! the result, and its content becomes a form XObject of every certificate. Text is not part of the graphics.

mod curve;
mod guilloche;
pub(crate) mod seal;

use domain::kind::Kind;
use lopdf::Document;
use printpdf::{Mm, PdfDocument, PdfPage, PdfSaveOptions};
use sha2::{Digest, Sha256};

use crate::layout::{Layout, PAGE_MM, file};

/// Revision of the renderer: of all that decides over the bytes of a page besides its layout file and the fonts, such as fitting,
/// line breaks, the seal, the order of objects, and the crates that make subsets and compress. It goes up whenever equal input gets
/// other bytes, so that orders from before are closed in place of becoming other documents; a test compares frozen pages.
pub const RENDERER_REVISION: u16 = 1;

/// What a page of one kind looks like.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) layout: Layout,
    /// The content stream of the form XObject, in points from the lower left corner of the page.
    pub(crate) graphics: Vec<u8>,
    /// SHA-256 of the renderer's revision, the graphics and the layout file.
    pub(crate) sha256: [u8; 32],
}

/// Why the template could not be carried over: a fault of this crate or of its libraries, found at start.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// `lopdf` could not read what `printpdf` wrote.
    #[error("the template's graphics cannot be read back")]
    Unreadable(#[from] lopdf::Error),
    /// The graphics refer to fonts, pictures or states, which are not carried over.
    #[error("the template's graphics use the resource {0}")]
    Resource(String),
    /// A layout file says what no layout knows.
    #[error("the layout file of {kind} cannot be used")]
    Layout {
        /// Of which kind.
        kind: Kind,
        /// What is wrong.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// There is no page, or nothing on it.
    #[error("the template's graphics are empty")]
    Empty,
}

impl Template {
    /// The template of a kind.
    pub(crate) fn of(kind: Kind) -> Result<Template, TemplateError> {
        let file = file::source(kind);
        let layout = Layout::of(kind)?;
        let graphics = carry_over(&author(&layout))?;
        let sha256 = digest(RENDERER_REVISION, &graphics, file);
        Ok(Template { layout, graphics, sha256 })
    }
}

fn digest(revision: u16, graphics: &[u8], layout_file: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(revision.to_be_bytes());
    hash.update(graphics);
    hash.update(layout_file);
    hash.finalize().into()
}

fn author(layout: &Layout) -> Vec<u8> {
    let mut document = PdfDocument::new("template");
    document.pages = vec![PdfPage::new(Mm(PAGE_MM.0), Mm(PAGE_MM.1), guilloche::page(layout))];
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    document.save(&options, &mut Vec::new())
}

fn carry_over(template: &[u8]) -> Result<Vec<u8>, TemplateError> {
    let document = Document::load_mem(template)?;
    let page = *document.get_pages().values().next().ok_or(TemplateError::Empty)?;
    let resources = document.get_dictionary(page)?.get(b"Resources")?;
    let (_, resources) = document.dereference(resources)?;
    for (name, kind) in resources.as_dict()? {
        let (_, kind) = document.dereference(kind)?;
        if !kind.as_dict()?.is_empty() {
            return Err(TemplateError::Resource(String::from_utf8_lossy(name).into_owned()));
        }
    }
    let content = document.get_page_content(page);
    if content.is_empty() {
        return Err(TemplateError::Empty);
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::content::Content;
    use printpdf::{Op, XObjectTransform};

    /// What printpdf makes of the drawing, apart from the code under test.
    fn by_printpdf(layout: &Layout) -> Vec<u8> {
        let mut document = PdfDocument::new("drawn again");
        document.pages = vec![PdfPage::new(Mm(210.0), Mm(297.0), guilloche::page(layout))];
        document.save(&PdfSaveOptions { optimize: false, subset_fonts: false, ..PdfSaveOptions::default() }, &mut Vec::new())
    }

    fn page_content(pdf: &[u8]) -> Vec<u8> {
        let document = Document::load_mem(pdf).unwrap();
        let page = *document.get_pages().values().next().unwrap();
        document.get_page_content(page)
    }

    #[test]
    fn a_drawing_in_another_form_of_file_is_carried_over_alike() {
        // In two compressed parts, which only a reader of PDF puts together.
        let authored = author(&Layout::of(Kind::Constructor).unwrap());
        let whole = page_content(&authored);
        let middle = whole.iter().rposition(|byte| *byte == b'\n').unwrap();
        let mut document = Document::load_mem(&authored).unwrap();
        let page = *document.get_pages().values().next().unwrap();
        let parts = [&whole[..middle], &whole[middle..]].map(|part| {
            let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), part.to_vec());
            stream.compress().unwrap();
            lopdf::Object::Reference(document.add_object(stream))
        });
        document.get_dictionary_mut(page).unwrap().set("Contents", parts.to_vec());
        let mut rearranged = Vec::new();
        document.save_to(&mut rearranged).unwrap();
        let operations = |content: &[u8]| Content::decode(content).unwrap().operations;
        let carried = carry_over(&rearranged).unwrap();
        assert_eq!(format!("{:?}", operations(&carried)), format!("{:?}", operations(&whole)));
    }

    #[test]
    fn the_graphics_are_the_drawing_that_printpdf_writes_and_nothing_but_paths() {
        for kind in Kind::ALL {
            let template = Template::of(*kind).unwrap();
            assert_eq!(template.graphics, page_content(&by_printpdf(&template.layout)), "{kind}");
            let written_by = Document::load_mem(&author(&template.layout)).unwrap();
            let info = written_by.trailer.get(b"Info").and_then(|info| written_by.dereference(info)).unwrap().1;
            // A key that printpdf writes into every document.
            assert!(info.as_dict().unwrap().has(b"GTS_PDFXVersion"), "{info:?}");
            let operations = Content::decode(&template.graphics).unwrap().operations;
            assert!(100 < operations.len());
            for operation in operations {
                let known = ["q", "Q", "cm", "RG", "rg", "w", "m", "l", "c", "h", "S", "f", "f*", "B", "b", "s", "n", "J", "j"];
                assert!(known.contains(&operation.operator.as_str()), "{}", operation.operator);
            }
        }
    }

    #[test]
    fn the_digest_knows_revision_graphics_and_layout_file() {
        let template = Template::of(Kind::Constructor).unwrap();
        let file = file::source(Kind::Constructor);
        assert_eq!(digest(RENDERER_REVISION, &template.graphics, file), template.sha256);
        assert_ne!(digest(RENDERER_REVISION + 1, &template.graphics, file), template.sha256);
        assert_ne!(digest(RENDERER_REVISION, b"q Q", file), template.sha256);
        assert_ne!(digest(RENDERER_REVISION, &template.graphics, "version = 1"), template.sha256);
    }

    #[test]
    fn no_two_kinds_look_alike() {
        let digests: std::collections::BTreeSet<_> =
            Kind::ALL.iter().map(|kind| Sha256::digest(Template::of(*kind).unwrap().graphics)).collect();
        assert_eq!(digests.len(), Kind::ALL.len());
    }

    #[test]
    fn a_drawing_with_resources_or_without_content_is_refused() {
        let mut document = PdfDocument::new("other");
        let id = document.add_graphics_state(Default::default());
        document.pages = vec![PdfPage::new(
            Mm(10.0),
            Mm(10.0),
            vec![
                Op::LoadGraphicsState { gs: id },
                Op::UseXobject { id: printpdf::XObjectId("X".into()), transform: XObjectTransform::default() },
            ],
        )];
        let bytes = document.save(&PdfSaveOptions::default(), &mut Vec::new());
        assert!(matches!(carry_over(&bytes), Err(TemplateError::Resource(_))));
        assert!(matches!(carry_over(b"%PDF-1.7"), Err(TemplateError::Unreadable(_))));
    }
}
