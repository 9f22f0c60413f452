//! The parts of a workbook that are read whole, held against bounds, and where the content of each sheet lies.

use std::io;

use quick_xml::events::Event;

use super::Archive;
use crate::source::bounds::{Bounded, too_large};
use crate::source::refusal::Refusal;
use crate::source::xml::{Xml, attribute, number};

/// What the shared strings may unfold to.
const MOST_STRING_BYTES: u64 = 384 << 20;
/// How many shared strings are kept: two millions of rows with six texts each.
const MOST_STRINGS: u64 = 12_000_000;
/// What any other part may unfold to that is no sheet.
const MOST_PART_BYTES: u64 = 32 << 20;
/// Parts of one workbook.
const MOST_PARTS: usize = 10_000;

/// Unfolds every part that is kept whole once without keeping it. The sheets are judged when their turn comes.
pub(super) fn check(archive: &mut Archive) -> Result<(), Refusal> {
    if archive.len() > MOST_PARTS {
        return Err(Refusal::TooLarge { what: "the workbook".to_owned(), limit: format!("{MOST_PARTS} parts") });
    }
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(Refusal::damaged)?;
        if entry.encrypted() {
            return Err(Refusal::Encrypted);
        }
        let name = entry.name().map_err(Refusal::damaged)?.to_lowercase();
        drop(entry);
        if !name.ends_with(".xml") && !name.ends_with(".rels") || name.contains("worksheets/") {
            continue;
        }
        let entry = archive.by_index(index).map_err(Refusal::damaged)?;
        let packed = entry.compressed_size();
        if name.ends_with("sharedstrings.xml") {
            check_strings(Bounded::entry(entry, "the list of texts", packed, MOST_STRING_BYTES))?;
        } else {
            io::copy(&mut Bounded::entry(entry, "a part of the workbook", packed, MOST_PART_BYTES), &mut io::sink())?;
        }
    }
    Ok(())
}

/// The library makes room for as many texts as the list claims to have.
fn check_strings(reader: impl io::Read) -> Result<(), Refusal> {
    let mut xml = Xml::new(reader);
    let mut strings = 0;
    let mut text_bytes = 0_usize;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "sst" if number(&element, "uniqueCount").is_some_and(|count| count > MOST_STRINGS) || claims_too_many(&element) => {
                    return Err(Refusal::Damaged("its list of texts claims too many".to_owned()));
                }
                "si" => {
                    strings += 1;
                    text_bytes = 0;
                }
                _ => {}
            },
            Event::Text(text) => text_bytes += text.len(),
            Event::CData(text) => text_bytes += text.len(),
            Event::End(_)
            | Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_)
            | Event::DocType(_)
            | Event::Eof => {}
        }
        if strings > MOST_STRINGS {
            return Err(Refusal::TooLarge { what: "the list of texts".to_owned(), limit: format!("{MOST_STRINGS} texts") });
        }
        if text_bytes > super::sheet::MOST_CELL_BYTES {
            return Err(too_large("one cell", super::sheet::MOST_CELL_BYTES as u64));
        }
    }
    Ok(())
}

fn claims_too_many(element: &quick_xml::events::BytesStart<'_>) -> bool {
    attribute(element, "uniqueCount").is_some_and(|count| !count.is_empty() && count.parse::<u64>().is_err())
}

/// The name of each sheet with the path of its content.
pub(super) fn sheet_paths(archive: &mut Archive) -> Result<Vec<(String, String)>, Refusal> {
    let mut targets = Vec::new();
    each_element(archive, "xl/_rels/workbook.xml.rels", |element, name| {
        if name == "Relationship"
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
        {
            targets.push((id, absolute(&target)));
        }
    })?;
    let mut sheets = Vec::new();
    each_element(archive, "xl/workbook.xml", |element, name| {
        if name == "sheet"
            && let (Some(title), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
            && let Some((_, target)) = targets.iter().find(|(known, _)| *known == id)
        {
            sheets.push((title, target.clone()));
        }
    })?;
    Ok(sheets)
}

fn absolute(target: &str) -> String {
    match target.strip_prefix('/') {
        Some(from_root) => from_root.to_owned(),
        None => format!("xl/{}", target.strip_prefix("./").unwrap_or(target)),
    }
}

fn each_element(archive: &mut Archive, path: &str, mut take: impl FnMut(&quick_xml::events::BytesStart<'_>, &str)) -> Result<(), Refusal> {
    let entry = archive.by_index(super::sheet::index_of(archive, path)?).map_err(Refusal::damaged)?;
    let mut xml = Xml::new(entry);
    while let Some(event) = xml.next()? {
        if let Event::Start(element) | Event::Empty(element) = event {
            take(&element, element.local_name().as_ref());
        }
    }
    Ok(())
}
