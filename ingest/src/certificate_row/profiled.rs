//! The dictionaries of profiles. Each is made once and lives as long as the process, like those of the kinds; an installation has a handful.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::kind::Kind;

use crate::dictionary::Dictionary;
use crate::profile::Profile;

/// By kind and digest of the profile.
type Made = HashMap<(Kind, [u8; 32]), &'static Dictionary>;

static MADE: LazyLock<Mutex<Made>> = LazyLock::new(Mutex::default);

pub(super) fn dictionary(kind: Kind, profile: Option<&Profile>) -> &'static Dictionary {
    let Some(profile) = profile else { return Dictionary::of(kind) };
    // A panic elsewhere cannot have left an entry half made.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry((kind, profile.sha256())).or_insert_with(|| Box::leak(Box::new(profile.dictionary(Dictionary::of(kind)))))
}
