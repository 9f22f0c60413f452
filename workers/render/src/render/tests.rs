//! Determinism, refusals, and the arithmetic of the file.

use lopdf::{Document, Object};
use sha2::{Digest, Sha384};

use super::*;
use crate::test_assets::{assets, certificate, passed_over, portrait, with_name};
use crate::{PortraitError, QrError, specimen};

#[test]
fn equal_input_gives_equal_bytes_whatever_was_rendered_before() {
    let (Some(first), Some(second)) = (assets(), assets()) else {
        return;
    };
    let portrait = portrait();
    render(&with_name("先画别的𪜀字"), &portrait, &second).unwrap();
    let a = render(&certificate(), &portrait, &first).unwrap();
    let b = render(&certificate(), &portrait, &second).unwrap();
    assert_eq!(first.digests(certificate().kind), second.digests(certificate().kind));
    assert!(a == b, "the bytes differ");
    let c = render(&with_name("王小明"), &portrait, &first).unwrap();
    assert_ne!(a.digest_sha384, c.digest_sha384);
}

#[test]
fn a_character_that_no_font_shows_is_refused_with_its_code_point_and_field() {
    let Some(assets) = assets() else { return };
    for (character, code_point) in [
        ('\u{10FFFD}', "U+10FFFD"),
        ('\u{E863}', "U+E863"),
        ('\u{FFFF}', "U+FFFF"),
        ('\u{0}', "U+0000"),
        ('\n', "U+000A"),
        ('\u{200B}', "U+200B"),
        ('\u{FE00}', "U+FE00"),
        ('\u{FFFD}', "U+FFFD"),
    ] {
        let value = format!("王{character}明");
        let error = render(&with_name(&value), &portrait(), &assets).unwrap_err();
        let expected = RenderError::MissingGlyph { character, code_point: code_point.into(), field: "姓名".into() };
        assert_eq!(error, expected);
        assert_eq!(assets.missing_characters(&value), [character]);
    }
    let nameless = PrintedCertificate { holder_name: "\u{E000}".into(), ..certificate() };
    let error = render(&nameless, &portrait(), &assets).unwrap_err();
    assert_eq!(error, RenderError::missing('\u{E000}', "holder-name"));
}

#[test]
fn rare_and_minority_names_are_shown_by_the_first_font_that_can() {
    let Some(assets) = assets() else { return };
    assert_eq!(assets.missing_characters("𬍛㛃𠅤䶮﨑神阿依古丽·买买提"), Vec::<char>::new());
    let place = |character| {
        let (font, _) = assets.chain.find(character).unwrap();
        assets.chain.fonts[font].data.name.clone()
    };
    assert!(place('王').contains("NotoSerifCJK"));
    // Extensions C and E.
    assert!(place('𪜀').contains("HanaMin"));
    assert!(place('𬺠').contains("HanaMin"));
    let unsigned = render(&with_name("王𪜀𬺠"), &portrait(), &assets).unwrap();
    let document = Document::load_mem(&unsigned.bytes).unwrap();
    let (_, page) = document.get_pages().into_iter().next().unwrap();
    assert!(1 < document.get_page_fonts(page).unwrap().len());
}

#[test]
fn the_specimen_of_every_font_uses_them_all() {
    let Some(assets) = assets() else { return };
    let unsigned = render(&specimen::of_every_font(certificate().kind), &portrait(), &assets);
    if assets.chain.fonts.len() < 4 {
        passed_over("fonts-babelstone-han is not installed");
        assert!(matches!(unsigned, Err(RenderError::MissingGlyph { .. })));
        return;
    }
    let document = Document::load_mem(&unsigned.unwrap().bytes).unwrap();
    let (_, page) = document.get_pages().into_iter().next().unwrap();
    let names: Vec<String> = document.get_page_fonts(page).unwrap().keys().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    assert_eq!(names, ["C", "F0", "F1", "F2", "F3"]);
}

#[test]
fn subsets_of_one_font_with_other_glyphs_have_other_names() {
    let Some(assets) = assets() else { return };
    let names = |name: &str| {
        let document = Document::load_mem(&render(&with_name(name), &portrait(), &assets).unwrap().bytes).unwrap();
        let (_, page) = document.get_pages().into_iter().next().unwrap();
        let fonts = document.get_page_fonts(page).unwrap();
        let base = |font: &[u8]| String::from_utf8(fonts[font].get(b"BaseFont").and_then(Object::as_name).unwrap().to_vec()).unwrap();
        [base(b"C"), base(b"F0")]
    };
    let (first, second) = (names("赵钱孙"), names("周吴郑"));
    assert_ne!(first[1], second[1]);
    assert_ne!(first[0], first[1]);
    assert_eq!(first[0], second[0], "all certificates of a kind share their common font");
    assert_eq!(first, names("赵钱孙"));
}

#[test]
fn the_byte_range_covers_everything_but_the_hole_and_the_digest_is_over_it() {
    let Some(assets) = assets() else { return };
    let unsigned = render(&certificate(), &portrait(), &assets).unwrap();
    let bytes = &unsigned.bytes;
    let hole = unsigned.contents.clone();
    assert_eq!(hole.len(), 2 * HOLE_BYTES);
    assert!(bytes[hole.clone()].iter().all(|digit| *digit == b'0'));
    assert_eq!((bytes[hole.start - 1], bytes[hole.end]), (b'<', b'>'));

    let document = Document::load_mem(bytes).unwrap();
    let signature = signature(&document);
    let range: Vec<usize> = signature
        .get(b"ByteRange")
        .and_then(Object::as_array)
        .unwrap()
        .iter()
        .map(|number| usize::try_from(number.as_i64().unwrap()).unwrap())
        .collect();
    let [0, before, after, rest] = range[..] else {
        panic!("the byte range is {range:?}");
    };
    assert_eq!(before, hole.start - 1);
    assert_eq!(after, hole.end + 1);
    assert_eq!(after + rest, bytes.len());
    let mut hash = Sha384::new();
    hash.update(&bytes[..before]);
    hash.update(&bytes[after..]);
    assert_eq!(unsigned.digest_sha384[..], hash.finalize()[..]);
}

fn signature(document: &Document) -> &lopdf::Dictionary {
    let catalog = document.catalog().unwrap();
    let permissions = catalog.get(b"Perms").and_then(Object::as_dict).unwrap();
    let reference = permissions.get(b"DocMDP").unwrap();
    document.dereference(reference).unwrap().1.as_dict().unwrap()
}

#[test]
fn the_signature_certifies_without_any_change_allowed() {
    let Some(assets) = assets() else { return };
    let unsigned = render(&certificate(), &portrait(), &assets).unwrap();
    let document = Document::load_mem(&unsigned.bytes).unwrap();
    let signature = signature(&document);
    let name = |key: &[u8]| signature.get(key).and_then(Object::as_name).unwrap();
    assert_eq!(name(b"Filter"), b"Adobe.PPKLite");
    assert_eq!(name(b"SubFilter"), b"ETSI.CAdES.detached");
    let references = signature.get(b"Reference").and_then(Object::as_array).unwrap();
    let transform = references[0].as_dict().unwrap();
    assert_eq!(transform.get(b"TransformMethod").and_then(Object::as_name).unwrap(), b"DocMDP");
    let parameters = transform.get(b"TransformParams").and_then(Object::as_dict).unwrap();
    assert_eq!(parameters.get(b"P").and_then(Object::as_i64).unwrap(), 1);
    let form = document.catalog().unwrap().get(b"AcroForm").and_then(Object::as_dict).unwrap();
    assert_eq!(form.get(b"SigFlags").and_then(Object::as_i64).unwrap(), 3);
}

#[test]
fn the_portrait_is_passed_through_byte_for_byte_and_the_template_is_the_form() {
    let Some(assets) = assets() else { return };
    let portrait = portrait();
    let unsigned = render(&certificate(), &portrait, &assets).unwrap();
    let document = Document::load_mem(&unsigned.bytes).unwrap();
    let stream = |number: usize| {
        let id = (u32::try_from(number).unwrap(), 0);
        document.get_object(id).and_then(Object::as_stream).unwrap()
    };
    assert_eq!(stream(object::PORTRAIT).content, portrait);
    assert_eq!(
        stream(object::TEMPLATE).decompressed_content().unwrap(),
        crate::template::Template::of(certificate().kind).unwrap().graphics
    );
    let mask = &stream(object::QR).dict;
    assert!(mask.get(b"ImageMask").and_then(Object::as_bool).unwrap());
}

#[test]
fn what_cannot_be_placed_is_refused() {
    let Some(assets) = assets() else { return };
    let refused = |page: PrintedCertificate, jpeg: &[u8]| render(&page, jpeg, &assets).unwrap_err();
    assert_eq!(refused(certificate(), b"no picture"), RenderError::Portrait(PortraitError::NotJpeg));
    let long = PrintedCertificate { qr_text: "A".repeat(1_000), ..certificate() };
    assert_eq!(assets.fits(&long), Err(RenderError::Qr(QrError::TooLong)));
    assert_eq!(refused(long, &portrait()), RenderError::Qr(QrError::TooLong));
    let wide = with_name(&"陕".repeat(5_000));
    assert_eq!(assets.fits(&wide), Err(RenderError::does_not_fit("姓名")));
    assert_eq!(refused(wide, &portrait()), RenderError::does_not_fit("姓名"));
    let crowd = PrintedCertificate { signer_name: "陕".repeat(60), ..certificate() };
    assert_eq!(refused(crowd, &portrait()), RenderError::does_not_fit("signer-name"));
}

#[test]
fn what_fits_is_rendered() {
    let Some(assets) = assets() else { return };
    for kind in domain::kind::Kind::ALL {
        for page in [specimen::ordinary(*kind), specimen::extreme(*kind)] {
            assert_eq!(assets.fits(&page), Ok(()));
            assert!(render(&page, &portrait(), &assets).is_ok());
        }
    }
}

#[test]
fn other_signers_than_can_be_kept_are_rendered_all_the_same() {
    let Some(assets) = assets() else { return };
    for number in 0..12 {
        let page = PrintedCertificate { signer_name: format!("第{number}中心"), ..certificate() };
        assert!(render(&page, &portrait(), &assets).is_ok());
    }
}
