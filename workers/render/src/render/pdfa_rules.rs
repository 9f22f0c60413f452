//! The rules of PDF/A-2u (ISO 19005-2) that can be read off a file, and what ISO 32000-1 asks of a tagged one. No validator has said
//! so of these files; the metadata make no claim.

use domain::kind::Kind;
use lopdf::{Dictionary, Document, Object};

use super::*;
use crate::specimen;
use crate::test_assets::{assets, portrait};

fn documents() -> Vec<(Kind, Vec<u8>, Document)> {
    let Some(assets) = assets() else { return Vec::new() };
    let pages = Kind::ALL.iter().flat_map(|kind| [specimen::ordinary(*kind), specimen::extreme(*kind)]);
    pages
        .map(|page| {
            let bytes = render(&page, &portrait(), &assets).unwrap().bytes;
            let document = Document::load_mem(&bytes).unwrap();
            (page.kind, bytes, document)
        })
        .collect()
}

/// Every dictionary of the file, of streams too, wherever it stands.
fn dictionaries(document: &Document) -> Vec<&Dictionary> {
    fn walk<'a>(object: &'a Object, found: &mut Vec<&'a Dictionary>) {
        if let Ok(dictionary) = object.as_dict() {
            found.push(dictionary);
            dictionary.iter().for_each(|(_, value)| walk(value, found));
        } else if let Ok(stream) = object.as_stream() {
            found.push(&stream.dict);
            stream.dict.iter().for_each(|(_, value)| walk(value, found));
        } else if let Ok(array) = object.as_array() {
            array.iter().for_each(|value| walk(value, found));
        }
    }
    let mut found = Vec::new();
    document.objects.values().for_each(|object| walk(object, &mut found));
    found
}

fn at<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> &'a Object {
    document.dereference(dictionary.get(key).unwrap()).unwrap().1
}

#[test]
fn the_file_is_built_as_6_1_asks() {
    for (kind, bytes, document) in documents() {
        assert!(bytes.starts_with(b"%PDF-1.7\n%"), "{kind}: 6.1.2");
        assert!(bytes[10..14].iter().all(|byte| 127 < *byte), "{kind}: 6.1.2");
        let trailer = &document.trailer;
        let id = trailer.get(b"ID").and_then(Object::as_array).unwrap();
        assert!(id.len() == 2 && id[0] == id[1], "{kind}: 6.1.3");
        assert!(!trailer.has(b"Encrypt") && bytes.ends_with(b"%%EOF\n"), "{kind}: 6.1.3");
        for dictionary in dictionaries(&document) {
            // Parts of other files, programs, and what a viewer may do by itself.
            for key in [
                "FFilter",
                "FDecodeParms",
                "JS",
                "JavaScript",
                "A",
                "AA",
                "OpenAction",
                "Alternates",
                "OPI",
                "Interpolate",
                "EmbeddedFiles",
                "XFA",
                "OCProperties",
            ] {
                assert!(!dictionary.has(key.as_bytes()), "{kind}: {key}");
            }
            let filter = dictionary.get(b"Filter").and_then(Object::as_name).unwrap_or(b"");
            assert!(["", "FlateDecode", "DCTDecode", "Adobe.PPKLite"].contains(&str::from_utf8(filter).unwrap()), "{kind}: 6.1.7.2");
            // Implementation limits, 6.1.13.
            for (key, value) in dictionary {
                assert!(key.len() <= 127, "{kind}: 6.1.13");
                assert!(value.as_str().is_ok_and(|text| text.len() <= 32_767) || value.as_str().is_err(), "{kind}: 6.1.13");
            }
        }
        let nesting = |content: &[u8]| {
            let operations = lopdf::content::Content::decode(content).unwrap().operations;
            let (mut depth, mut deepest) = (0i32, 0);
            for operation in operations {
                depth += i32::from(operation.operator == "q") - i32::from(operation.operator == "Q");
                deepest = deepest.max(depth);
            }
            (depth, deepest)
        };
        let (_, page) = document.get_pages().into_iter().next().unwrap();
        let (left, deepest) = nesting(&document.get_page_content(page));
        assert!(left == 0 && deepest <= 28, "{kind}: 6.1.13");
    }
}

#[test]
fn colours_have_their_profile_and_fonts_their_programs() {
    for (kind, _, document) in documents() {
        let catalog = document.catalog().unwrap();
        let [intent] = catalog.get(b"OutputIntents").and_then(Object::as_array).unwrap().as_slice() else { panic!("one output intent") };
        let intent = intent.as_dict().unwrap();
        assert_eq!(intent.get(b"S").and_then(Object::as_name).unwrap(), b"GTS_PDFA1", "{kind}: 6.2.3");
        let profile = at(&document, intent, b"DestOutputProfile").as_stream().unwrap();
        assert_eq!(profile.dict.get(b"N").and_then(Object::as_i64).unwrap(), 3, "{kind}: 6.2.3");
        let profile = profile.decompressed_content().unwrap();
        assert_eq!((&profile[12..16], &profile[16..20], &profile[36..40]), (&b"mntr"[..], &b"RGB "[..], &b"acsp"[..]), "{kind}: 6.2.3");
        assert_eq!(u32::from_be_bytes(profile[..4].try_into().unwrap()) as usize, profile.len(), "{kind}: 6.2.3");

        let (_, page) = document.get_pages().into_iter().next().unwrap();
        let group = at(&document, document.get_dictionary(page).unwrap(), b"Group").as_dict().unwrap();
        assert!(group.has(b"CS"), "{kind}: 6.2.10");
        for (name, font) in document.get_page_fonts(page).unwrap() {
            let [descendant] = at(&document, font, b"DescendantFonts").as_array().unwrap().as_slice() else { panic!("one descendant") };
            let descendant = document.dereference(descendant).unwrap().1.as_dict().unwrap();
            let descriptor = at(&document, descendant, b"FontDescriptor").as_dict().unwrap();
            let true_type = descendant.get(b"Subtype").and_then(Object::as_name).unwrap() == b"CIDFontType2";
            let program = if true_type { &b"FontFile2"[..] } else { b"FontFile3" };
            assert!(descriptor.has(program) && true_type == descendant.has(b"CIDToGIDMap"), "{kind}: 6.2.11, {name:?}");
            assert!(!descriptor.has(b"CIDSet"), "{kind}: 6.2.11.4.2");
            let map = at(&document, font, b"ToUnicode").as_stream().unwrap();
            let map = String::from_utf8(map.decompressed_content().unwrap_or_else(|_| map.content.clone())).unwrap();
            for forbidden in ["><0000>", "><FEFF>", "><FFFE>"] {
                assert!(!map.contains(forbidden), "{kind}: 6.2.11.7.2");
            }
        }
    }
}

#[test]
fn the_seal_is_printed_and_certifies_without_another_word() {
    for (kind, _, document) in documents() {
        let catalog = document.catalog().unwrap();
        let form = catalog.get(b"AcroForm").and_then(Object::as_dict).unwrap();
        assert!(!form.has(b"NeedAppearances"), "{kind}: 6.4.1");
        let (_, page) = document.get_pages().into_iter().next().unwrap();
        let annotations = at(&document, document.get_dictionary(page).unwrap(), b"Annots").as_array().unwrap();
        let [seal] = annotations.as_slice() else { panic!("one annotation") };
        let seal = document.dereference(seal).unwrap().1.as_dict().unwrap();
        let flags = seal.get(b"F").and_then(Object::as_i64).unwrap();
        // Print, and none of Invisible, Hidden, NoView and ToggleNoView.
        assert_eq!(flags & (1 | 2 | 4 | 32 | 256), 4, "{kind}: 6.3.2");
        let appearance = seal.get(b"AP").and_then(Object::as_dict).unwrap();
        assert_eq!(appearance.iter().map(|(key, _)| key.as_slice()).collect::<Vec<_>>(), [b"N"], "{kind}: 6.3.3");
        let permissions = catalog.get(b"Perms").and_then(Object::as_dict).unwrap();
        assert_eq!(permissions.len(), 1, "{kind}: 6.1.12");
        let reference = &at(&document, at(&document, permissions, b"DocMDP").as_dict().unwrap(), b"Reference").as_array().unwrap()[0];
        for key in ["DigestLocation", "DigestMethod", "DigestValue"] {
            assert!(!reference.as_dict().unwrap().has(key.as_bytes()), "{kind}: 6.1.12");
        }
    }
}

#[test]
fn the_metadata_say_the_same_twice_and_claim_nothing() {
    for (kind, _, document) in documents() {
        let metadata = at(&document, document.catalog().unwrap(), b"Metadata").as_stream().unwrap();
        assert!(!metadata.dict.has(b"Filter"), "{kind}: 6.6.2.1");
        let packet = String::from_utf8(metadata.content.clone()).unwrap();
        assert!(packet.starts_with("<?xpacket begin=") && !packet.contains("bytes=") && !packet.contains("encoding="), "{kind}: 6.6.2.1");
        assert!(!packet.contains("pdfaid"), "no validator has confirmed a claim");
        let info = document.dereference(document.trailer.get(b"Info").unwrap()).unwrap().1.as_dict().unwrap();
        let text = |key: &[u8]| info.get(key).and_then(lopdf::decode_text_string).unwrap();
        assert!(packet.contains(&format!("<rdf:li xml:lang=\"x-default\">{}</rdf:li>", text(b"Title"))), "{kind}: 6.6.2.3");
        assert!(packet.contains(&format!("<rdf:li>{}</rdf:li>", text(b"Author"))), "{kind}: 6.6.2.3");
        assert!(packet.contains(&format!("<pdf:Producer>{}</pdf:Producer>", text(b"Producer"))), "{kind}: 6.6.2.3");
        assert!(packet.contains(&format!("<xmp:CreatorTool>{}</xmp:CreatorTool>", text(b"Creator"))), "{kind}: 6.6.2.3");
        // D:20181105093000+08'00' is 2018-11-05T09:30:00+08:00.
        for (key, name) in [(&b"CreationDate"[..], "CreateDate"), (b"ModDate", "ModifyDate")] {
            let date = text(key);
            let part = |from: usize, to: usize| &date[from..to];
            let iso = format!("{}-{}-{}T{}:{}:{}+08:00", part(2, 6), part(6, 8), part(8, 10), part(10, 12), part(12, 14), part(14, 16));
            assert!(packet.contains(&format!("<xmp:{name}>{iso}</xmp:{name}>")), "{kind}: 6.6.2.3");
        }
    }
}

#[test]
fn every_marked_content_has_its_element_and_what_is_read_out_is_whole() {
    for (kind, _, document) in documents() {
        let catalog = document.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").and_then(Object::as_str).unwrap(), b"zh-CN");
        let root = at(&document, catalog, b"StructTreeRoot").as_dict().unwrap();
        let numbers = root.get(b"ParentTree").and_then(Object::as_dict).unwrap().get(b"Nums").and_then(Object::as_array).unwrap();
        let of_page = numbers[1].as_array().unwrap();
        let whole = at(&document, root, b"K").as_dict().unwrap();
        let mut marks = Vec::new();
        let mut tags = Vec::new();
        for element in whole.get(b"K").and_then(Object::as_array).unwrap() {
            let id = element.as_reference().unwrap();
            let element = document.get_dictionary(id).unwrap();
            tags.push(String::from_utf8(element.get(b"S").and_then(Object::as_name).unwrap().to_vec()).unwrap());
            let Ok(own) = element.get(b"K").and_then(Object::as_array) else { continue };
            for mark in own {
                let mark = usize::try_from(mark.as_i64().unwrap()).unwrap();
                assert_eq!(of_page[mark].as_reference().unwrap(), id, "{kind}: mark {mark}");
                marks.push(mark);
            }
        }
        marks.sort_unstable();
        assert_eq!(marks, (0..of_page.len()).collect::<Vec<_>>(), "{kind}");
        assert!(tags.starts_with(&["H1".into(), "P".into(), "Figure".into(), "P".into()]), "{kind}: {tags:?}");
        assert!(tags.ends_with(&["Figure".into(), "Form".into()]), "{kind}: {tags:?}");
        // Whose seal it is stands in words beside the element and beside the field.
        let form = whole.get(b"K").and_then(Object::as_array).unwrap().last().unwrap().as_reference().unwrap();
        let form = document.get_dictionary(form).unwrap();
        let field = at(&document, at(&document, catalog, b"AcroForm").as_dict().unwrap(), b"Fields").as_array().unwrap()[0].clone();
        let field = document.dereference(&field).unwrap().1.as_dict().unwrap();
        for words in [form.get(b"Alt").unwrap(), field.get(b"TU").unwrap()] {
            let words = lopdf::decode_text_string(words).unwrap();
            assert!(words.contains(&specimen::ordinary(kind).signer_name), "{kind}: {words}");
        }
        let (_, page) = document.get_pages().into_iter().next().unwrap();
        let operations = lopdf::content::Content::decode(&document.get_page_content(page)).unwrap().operations;
        let (mut open, mut in_contents) = (0, 0);
        for operation in operations {
            match operation.operator.as_str() {
                "BMC" | "BDC" => {
                    open += 1;
                    in_contents += usize::from(operation.operands.get(1).and_then(|o| o.as_dict().ok()).is_some_and(|d| d.has(b"MCID")));
                }
                "EMC" => open -= 1,
                "Do" | "Tj" | "f" | "S" => assert!(0 < open, "{kind}: {} stands outside of all marks", operation.operator),
                _ => {}
            }
        }
        assert_eq!((open, in_contents), (0, of_page.len()), "{kind}");
    }
}
