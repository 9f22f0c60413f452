//! The shape of the configuration file. What a file does not say stays as the defaults have it.

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

use domain::kind::Kind;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use time::{Date, Month};

use super::thresholds::Thresholds;
use super::{Config, Font, ObjectStore};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ConfigFile {
    kinds: Kinds<KindTable>,
    contact: Contact,
    fonts: Fonts,
    verify: Verify,
    keys: Keys,
    status_lists: StatusLists,
    identifier: Identifier,
    work: Work,
    photos: Photos,
    objects: Objects,
    database: Database,
}

/// One value for each kind, by its code.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case", bound = "T: Default + Deserialize<'de>")]
struct Kinds<T> {
    constructor: T,
    architect: T,
    structural_engineer: T,
    safety_personnel: T,
    special_operation: T,
    post_training: T,
}

impl<T> Kinds<T> {
    fn into_pairs(self) -> [(Kind, T); 6] {
        [
            (Kind::Constructor, self.constructor),
            (Kind::Architect, self.architect),
            (Kind::StructuralEngineer, self.structural_engineer),
            (Kind::SafetyPersonnel, self.safety_personnel),
            (Kind::SpecialOperation, self.special_operation),
            (Kind::PostTraining, self.post_training),
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct KindTable {
    #[serde(deserialize_with = "civil_day")]
    cut_over: Option<Date>,
    #[serde(deserialize_with = "start")]
    starts_on: Option<Start>,
    highest_age_years: Option<u8>,
}

/// When a kind starts; `"off"` where it does not.
#[derive(Clone, Copy, Debug)]
enum Start {
    Off,
    On(Date),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Contact {
    line: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Fonts {
    chain: Option<Vec<FontEntry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FontEntry {
    path: PathBuf,
    #[serde(default)]
    face: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Verify {
    base: Option<String>,
    anchors: Option<Vec<PathBuf>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Keys {
    passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StatusLists {
    fresh_minutes: Option<u32>,
    valid_hours: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Identifier {
    issuer_code: Option<String>,
    type_codes: Kinds<Option<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Work {
    concurrency: Option<u16>,
    lease_seconds: Option<u32>,
    import_chunk: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Photos {
    lease_minutes: Option<u32>,
    legacy: Thresholds,
    upload: Thresholds,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Objects {
    url: Option<String>,
    endpoint: Option<String>,
    region: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Database {
    url: Option<String>,
    pool_size: Option<u32>,
}

impl ConfigFile {
    /// The defaults with what the file says, its relative paths taken from `dir`.
    pub(super) fn resolve(self, dir: &Path) -> Config {
        let mut config = Config::default();
        for (kind, table) in self.kinds.into_pairs() {
            let settings = config.settings.kind_mut(kind);
            set(&mut settings.cut_over, table.cut_over);
            match table.starts_on {
                Some(Start::On(day)) => settings.starts_on = Some(day),
                Some(Start::Off) => settings.starts_on = None,
                None => {}
            }
            if let Some(years) = table.highest_age_years {
                settings.highest_age_years = Some(years).filter(|years| *years > 0);
            }
        }
        set(&mut config.settings.contact_zh, self.contact.line);
        config.settings.issuer_code = self.identifier.issuer_code;
        for (kind, code) in self.identifier.type_codes.into_pairs() {
            config.type_codes.extend(code.map(|code| (kind, code)));
        }
        if let Some(chain) = self.fonts.chain {
            config.fonts = chain.into_iter().map(|entry| Font { path: dir.join(entry.path), face: entry.face }).collect();
        }
        set(&mut config.verify.base, self.verify.base);
        if let Some(anchors) = self.verify.anchors {
            config.verify.anchors = anchors.into_iter().map(|path| dir.join(path)).collect();
        }
        config.passphrase_file = self.keys.passphrase_file.map(|path| dir.join(path));
        set(&mut config.status_lists.fresh_minutes, self.status_lists.fresh_minutes);
        set(&mut config.status_lists.valid_hours, self.status_lists.valid_hours);
        let work = &mut config.work;
        if let Some(number) = self.work.concurrency {
            work.concurrency = NonZeroU16::new(number);
        }
        set(&mut work.lease_seconds, self.work.lease_seconds);
        set(&mut work.import_chunk, self.work.import_chunk);
        set(&mut config.photos.lease_minutes, self.photos.lease_minutes);
        self.photos.legacy.apply(&mut config.photos.legacy);
        self.photos.upload.apply(&mut config.photos.upload);
        config.objects = ObjectStore { url: self.objects.url, endpoint: self.objects.endpoint, region: self.objects.region };
        config.database.url = self.database.url.map(Into::into);
        set(&mut config.database.pool_size, self.database.pool_size);
        config
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn civil_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    day(&value).map(Some).ok_or_else(|| D::Error::custom("expected a date such as 2018-11-01, without quotes"))
}

fn start<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Start>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    if value.as_str() == Some("off") {
        return Ok(Some(Start::Off));
    }
    day(&value)
        .map(|day| Some(Start::On(day)))
        .ok_or_else(|| D::Error::custom("expected a date such as 2018-11-01, without quotes, or \"off\""))
}

/// A TOML value that is a local date and nothing more.
fn day(value: &toml::Value) -> Option<Date> {
    let moment = value.as_datetime()?;
    if moment.time.is_some() || moment.offset.is_some() {
        return None;
    }
    let date = moment.date?;
    Date::from_calendar_date(date.year.into(), Month::try_from(date.month).ok()?, date.day).ok()
}
