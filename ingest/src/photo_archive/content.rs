//! What could be had of an entry, and the entry that this makes.

use std::io::{self, Read};

use domain::finding::{Finding, FindingCode};
use encoding_rs::GB18030;

use super::error::is_of_system;
use super::{LARGEST_PHOTO_BYTES, PhotoEntry, identity_of_file_name};

/// What could be had of an entry.
#[derive(Debug)]
pub(super) enum Content {
    /// A folder, or a file that systems leave in folders.
    Furniture,
    /// The bytes.
    Bytes(Vec<u8>),
    /// More than a photo may have.
    TooLarge,
    /// Bytes that cannot be had.
    Unreadable,
}

/// The entry at a place, counted from 0.
pub(super) fn entry(place: u64, path: &str, content: Content) -> PhotoEntry {
    // No table takes this character, and no system has it in the name of a file.
    let path_in_archive = path.replace('\0', "\u{FFFD}");
    let file_name = path_in_archive.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let (bytes, code) = match content {
        Content::Furniture => (Vec::new(), Some(FindingCode::PhotoFolder)),
        Content::TooLarge => (Vec::new(), Some(FindingCode::PhotoTooLarge)),
        Content::Unreadable => (Vec::new(), Some(FindingCode::PhotoUnreadable)),
        Content::Bytes(bytes) if bytes.is_empty() => (bytes, Some(FindingCode::PhotoEmpty)),
        Content::Bytes(bytes) => (bytes, None),
    };
    let identity = identity_of_file_name(&file_name);
    let mut findings: Vec<_> = code.map(|code| Finding::about(code, path_in_archive.as_str())).into_iter().collect();
    if identity.is_err() && code != Some(FindingCode::PhotoFolder) {
        findings.push(Finding::about(FindingCode::PhotoBadName, file_name.as_str()));
    }
    PhotoEntry { position: place + 1, path_in_archive, file_name, bytes, identity, findings }
}

/// Reads a photo, and says how many bytes came out, whatever became of them.
///
/// # Errors
/// The system's; damage makes the content unreadable.
pub(super) fn read_bounded(reader: impl Read) -> io::Result<(Content, u64)> {
    let mut bytes = Vec::new();
    let read = reader.take(LARGEST_PHOTO_BYTES + 1).read_to_end(&mut bytes);
    let unfolded = bytes.len() as u64;
    let content = match read {
        Ok(_) if unfolded > LARGEST_PHOTO_BYTES => Content::TooLarge,
        Ok(_) => Content::Bytes(bytes),
        Err(error) if is_of_system(&error) => return Err(error),
        Err(_) => Content::Unreadable,
    };
    Ok((content, unfolded))
}

/// Names come from systems that write them in GBK without saying so.
pub(crate) fn decoded_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// Files that systems leave in folders by themselves.
pub(crate) fn is_left_by_system(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.split('/').any(|part| part == "__MACOSX")
        || name.starts_with("._")
        || ["thumbs.db", "desktop.ini", ".ds_store"].contains(&name.to_ascii_lowercase().as_str())
}
