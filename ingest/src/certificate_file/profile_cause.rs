//! Why a file has no header under a profile: each key that may be at fault is left out in turn, and the one without which a header is found is named.

use std::path::Path;
use std::sync::Arc;

use domain::kind::Kind;

use super::{CertificateFile, open_as_said};
use crate::certificate_row::Context;
use crate::header::HEADER_WITHIN_RECORDS;
use crate::profile::{Key, Profile};

/// The key of the profile that does not fit the file, and what to do; nothing where leaving it out does not help.
pub(super) fn cause(path: &Path, kind: Kind, context: &Context) -> Option<String> {
    let profile = context.profile.as_deref()?;
    let keys: Vec<Key> = Key::ALL.into_iter().filter(|key| profile.has(*key)).collect();
    let opened = |relaxed: Profile| open_as_said(path, kind, Context { profile: Some(Arc::new(relaxed)), ..context.clone() }).ok();
    for &key in &keys {
        if let Some(file) = opened(profile.without(&[key])) {
            return Some(format!("{}; correct the key in the profile or leave it out", told(key, profile, &file)));
        }
    }
    if keys.len() > 1 && opened(profile.without(&keys)).is_some() {
        let names: Vec<&str> = keys.into_iter().map(Key::as_str).collect();
        return Some(format!("without {} a header is found; correct these keys in the profile or leave them out", names.join(", ")));
    }
    profile.knows_by_place().then(|| {
        format!(
            "it gives columns by their place, and none of the first {HEADER_WITHIN_RECORDS} rows has an ID number or a certificate number in these places; correct the positions, or say header = false where the file has no header"
        )
    })
}

fn told(key: Key, profile: &Profile, file: &CertificateFile) -> String {
    match key {
        Key::Encoding => format!("its key encoding is wrong: the file is {}", file.encoding().as_str().to_ascii_lowercase()),
        Key::Delimiter => match file.delimiter() {
            Some(delimiter) => format!("its key delimiter is wrong: the file has {}", delimiter.as_str()),
            None => "its key delimiter is wrong".to_owned(),
        },
        Key::SkipRows => "its key skip_rows passes over the header".to_owned(),
        Key::Header => "its key header is wrong: the file has a header".to_owned(),
        Key::Columns => {
            let absent = profile.columns_not_in(file.header());
            if absent.is_empty() {
                "its columns are not those of the file".to_owned()
            } else {
                format!("the header has no column {}", absent.join(", "))
            }
        }
    }
}
