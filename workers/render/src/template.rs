//! The graphics that never change. `printpdf` authors them once, `lopdf` reads the result, and its content becomes a
//! form XObject of every certificate. Text is not part of the template.

mod curve;
mod guilloche;
pub(crate) mod seal;

use lopdf::Document;
use printpdf::{Mm, PdfDocument, PdfPage, PdfSaveOptions};
use sha2::{Digest, Sha256};

use crate::layout::PAGE_MM;

/// Goes up with every change of what a page looks like. Documents of older versions keep verifying, since a document is
/// never made anew.
pub(crate) const VERSION: u16 = 1;

/// Why the template could not be carried over: a fault of this crate or of its libraries, found at start.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// `lopdf` could not read what `printpdf` wrote.
    #[error("the template's graphics cannot be read back")]
    Unreadable(#[from] lopdf::Error),
    /// The graphics refer to fonts, pictures or states, which are not carried over.
    #[error("the template's graphics use the resource {0}")]
    Resource(String),
    /// There is no page, or nothing on it.
    #[error("the template's graphics are empty")]
    Empty,
}

/// The content stream of the template's form XObject, in points from the lower left corner of the page.
pub(crate) fn content() -> Result<Vec<u8>, TemplateError> {
    carry_over(&author())
}

/// SHA-256 of the graphics and of the places that the layout gives to text and pictures.
pub(crate) fn digest(content: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(content);
    hash.update(crate::layout::places().as_bytes());
    hash.finalize().into()
}

fn author() -> Vec<u8> {
    let mut document = PdfDocument::new("template");
    document.pages = vec![PdfPage::new(Mm(PAGE_MM.0), Mm(PAGE_MM.1), guilloche::page())];
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

    #[test]
    fn the_content_is_the_drawing_that_printpdf_wrote_and_nothing_but_paths() {
        let content = content().unwrap();
        assert_eq!(carry_over(&author()).unwrap(), content);
        let operations = Content::decode(&content).unwrap().operations;
        assert!(100 < operations.len());
        for operation in operations {
            let known = ["q", "Q", "cm", "RG", "rg", "w", "m", "l", "c", "h", "S", "f", "f*", "B", "b", "s", "n", "J", "j"];
            assert!(known.contains(&operation.operator.as_str()), "{}", operation.operator);
        }
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
