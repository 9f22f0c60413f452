//! Whatever text comes, there is a page that shows every character of it, or a refusal. Each property counts its pages, since one
//! whose inputs are all refused would say nothing.

use std::cell::Cell;

use domain::kind::Kind;
use domain::printed_field::PrintedField;
use lopdf::Document;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{TestCaseError, TestRunner};

use super::glyph_tests::shown;
use super::*;
use crate::test_assets::{assets, certificate, portrait};
use crate::{PrintedCertificate, PrintedValue, QrError, specimen};

const CASES: u32 = 128;

/// Every character that the fonts have, ideographs of all planes mostly.
fn covered(assets: &Assets) -> Vec<char> {
    (' '..='\u{3FFFF}').filter(|character| assets.chain.find(*character).is_some()).collect()
}

/// Text as it comes, with rare characters, and once in a while something that no font may have.
fn text(covered: Vec<char>, longest: usize) -> impl Strategy<Value = String> {
    let usual = select("王李张建筑工程有限公司（）·一二三 ABCxyz0123456789.-".chars().collect::<Vec<_>>());
    let character = prop_oneof![600 => usual, 400 => select(covered), 2 => any::<char>()];
    proptest::collection::vec(character, 1..=longest).prop_map(String::from_iter)
}

/// Renders and looks: every character of these texts is in the file, or the refusal is right. Counts the pages.
fn page_or_refusal(page: &PrintedCertificate, texts: &[&String], assets: &Assets, pages: &Cell<u32>) -> Result<(), TestCaseError> {
    match render(page, &portrait(), assets) {
        Ok(unsigned) => {
            pages.set(pages.get() + 1);
            let shown = shown(&Document::load_mem(&unsigned.bytes).unwrap(), assets);
            for character in texts.iter().flat_map(|text| text.chars()) {
                prop_assert!(shown.contains(&character), "{character:?} is not in the file");
            }
        }
        Err(RenderError::MissingGlyph { character, .. }) => {
            prop_assert_eq!(assets.missing_characters(&character.to_string()), [character]);
        }
        Err(RenderError::DoesNotFit { .. }) => {}
        Err(error) => prop_assert!(false, "{error}"),
    }
    Ok(())
}

/// Runs a property and demands that at least half of its inputs gave a page.
fn run<T: std::fmt::Debug>(inputs: impl Strategy<Value = T>, property: impl Fn(T, &Cell<u32>) -> Result<(), TestCaseError>) {
    let pages = Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) };
    if let Err(error) = TestRunner::new(config).run(&inputs, |input| property(input, &pages)) {
        panic!("{error}");
    }
    assert!(CASES / 2 <= pages.get(), "only {} of {CASES} inputs gave a page", pages.get());
}

fn metadata(document: &Document) -> String {
    let reference = document.catalog().unwrap().get(b"Metadata").unwrap();
    String::from_utf8(document.dereference(reference).unwrap().1.as_stream().unwrap().content.clone()).unwrap()
}

#[test]
fn any_text_in_every_place_gives_a_page_with_every_glyph_or_a_refusal() {
    let Some(assets) = assets() else { return };
    let text = |longest| text(covered(&assets), longest);
    let field = (0..PrintedField::ALL.len(), proptest::collection::vec(text(24), 1..3));
    let heads = (text(16), text(16), text(16), text(16), text(40), text(24));
    // The years 1930 to 2220.
    let inputs = (0..Kind::ALL.len(), proptest::collection::vec(field, 0..8), heads, -1_262_304_000i64..7_889_238_000);
    run(inputs, |(kind, fields, (title, number, authority, issued_on_text, contact, identifier), seconds), pages| {
        let kind = Kind::ALL[kind];
        let printed = crate::printed_fields(kind).unwrap();
        let page = PrintedCertificate {
            kind,
            title,
            holder_name: number.clone(),
            number,
            values: fields.into_iter().map(|(field, lines)| PrintedValue { field: printed[field % printed.len()], lines }).collect(),
            authority,
            issued_on_text,
            contact,
            identifier: Some(identifier),
            signing_time: time::OffsetDateTime::from_unix_timestamp(seconds).unwrap(),
            ..certificate()
        };
        let mut texts: Vec<&String> = page.values.iter().flat_map(|value| &value.lines).collect();
        texts.extend([&page.title, &page.number, &page.authority, &page.issued_on_text, &page.contact]);
        texts.extend(&page.identifier);
        page_or_refusal(&page, &texts, &assets, pages)
    });
}

#[test]
fn anything_at_all_in_one_place_gives_a_page_with_every_glyph_or_a_refusal() {
    let Some(assets) = assets() else { return };
    // Anything at all now and then; else characters that fonts have, at more lengths than fit.
    let wild = prop_oneof![1 => "\\PC{0,24}", 1 => ".{0,40}", 8 => text(covered(&assets), 80), 4 => "[ -~]{0,120}"];
    run((0..Kind::ALL.len(), 0..7usize, wild), |(kind, place, text), pages| {
        let kind = Kind::ALL[kind];
        let mut page = specimen::ordinary(kind);
        match place {
            0 => page.title.clone_from(&text),
            1 => page.number.clone_from(&text),
            2 => page.authority.clone_from(&text),
            3 => page.issued_on_text.clone_from(&text),
            4 => page.contact.clone_from(&text),
            5 => page.identifier = Some(text.clone()),
            _ => page.values[0].lines = vec![text.clone()],
        }
        page_or_refusal(&page, &[&text], &assets, pages)
    });
}

#[test]
fn any_text_of_the_code_gives_a_page_or_is_too_long() {
    let Some(assets) = assets() else { return };
    let text =
        prop_oneof![4 => "[A-Z0-9:/.]{0,800}", 2 => "[ -~]{0,400}", 1 => ".{0,200}", 1 => "\\PC{0,200}", 1 => "[A-Z\\x00-\\x1f]{0,40}"];
    run(text, |qr_text, pages| {
        let page = PrintedCertificate { qr_text, ..certificate() };
        match render(&page, &portrait(), &assets) {
            Ok(unsigned) => {
                pages.set(pages.get() + 1);
                let document = Document::load_mem(&unsigned.bytes).unwrap();
                let packet = metadata(&document);
                // The characters of XML 1.0, 2.2.
                let of_xml = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
                prop_assert!(packet.chars().all(of_xml), "{packet:?}");
                let (_, rest) = packet.split_once("<dc:relation><rdf:Bag><rdf:li>").unwrap();
                let told = rest.split('<').next().unwrap().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
                prop_assert_eq!(told, page.qr_text);
            }
            Err(RenderError::Qr(QrError::NoText(character))) => prop_assert!(page.qr_text.contains(character)),
            Err(error) => prop_assert_eq!(error, RenderError::Qr(QrError::TooLong)),
        }
        Ok(())
    });
}
