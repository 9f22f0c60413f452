//! The configuration: one TOML file, read and checked whole at the start. Every key has a default, so no file at all is a complete configuration;
//! `ecert.default.toml` documents them.

mod check;
mod error;
mod file;
mod origin;
mod place;
mod thresholds;

use std::fmt;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::{fs, io};

use domain::kind::Kind;
use domain::settings::Settings;
use portrait::Rules;

use crate::home::Home;

pub(crate) use self::error::ConfigError;

/// Everything that an installation decides for itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    /// What the rules depend on: dates per kind, the contact line, the issuer's code.
    settings: Settings,
    /// Type codes that the installation knows and the rules do not.
    type_codes: Vec<(Kind, String)>,
    /// The fonts of the certificates, best first.
    pub(crate) fonts: Vec<Font>,
    /// Verification by others.
    pub(crate) verify: Verify,
    /// File that holds the passphrase of a signer that was brought in encrypted.
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The status lists.
    pub(crate) status_lists: StatusLists,
    /// The workers.
    pub(crate) work: Work,
    /// The review of photos.
    pub(crate) photos: Photos,
    /// Where objects lie.
    pub(crate) objects: ObjectStore,
    /// The database.
    pub(crate) database: Database,
}

/// Where objects lie: deliveries, photos, documents, status lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ObjectStore {
    /// A bucket of S3-compatible storage, `s3://BUCKET` or `s3://BUCKET/FOLDER`; none means the folder `objects` of the home.
    pub(crate) url: Option<String>,
    /// The service's address; none means Amazon's.
    pub(crate) endpoint: Option<String>,
    /// The service's region.
    pub(crate) region: Option<String>,
}

/// The review of photos.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Photos {
    /// Minutes for which a reviewer holds a photo, and for which a decision can be taken back.
    pub(crate) lease_minutes: u32,
    /// The thresholds for photos that come with the records of the past.
    pub(crate) legacy: Rules,
    /// The thresholds for what holders upload.
    pub(crate) upload: Rules,
}

/// One face of a font file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Font {
    /// A TrueType or OpenType file, or a collection of such.
    pub(crate) path: PathBuf,
    /// The face in a collection, from 0; 0 for a single font.
    pub(crate) face: u32,
}

/// How others verify our certificates, and we theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verify {
    /// The host, and perhaps the path, that the QR code's address begins with; upper case, without `https://`.
    pub(crate) base: String,
    /// PEM files of the authorities that `ecert verify` trusts beside the home's own test CA.
    pub(crate) anchors: Vec<PathBuf>,
}

/// How long a published status list serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusLists {
    /// Minutes after which a newer list is to be fetched.
    pub(crate) fresh_minutes: u32,
    /// Hours after which nobody may rely on a list.
    pub(crate) valid_hours: u32,
}

/// How the workers work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    /// Jobs at a time; none means one for each processor.
    pub(crate) concurrency: Option<NonZeroU16>,
    /// Seconds after which a job whose worker fell silent is given to another one.
    pub(crate) lease_seconds: u32,
    /// Rows of one transaction of an import.
    pub(crate) import_chunk: u32,
}

/// The database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    /// A PostgreSQL of the installation's own; none means the private one of the home.
    pub(crate) url: Option<DatabaseUrl>,
    /// Connections of one process.
    pub(crate) pool_size: u32,
}

/// The address of a database. It may hold a password, so it does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address itself, for the one who connects.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

impl Config {
    /// Reads the file that `--config` names, else the home's `ecert.toml` where there is one.
    ///
    /// Relative paths in the file are taken from the file's own directory.
    ///
    /// # Errors
    /// When a named file is missing or unreadable, is not TOML, has an unknown key, or has values that cannot be; every such value is told.
    pub(crate) fn load(named: Option<&Path>, home: &Home) -> Result<Self, ConfigError> {
        let path = named.map_or_else(|| home.config_file(), Path::to_owned);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path),
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            // The home's own check says it better, with the remedy.
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotADirectory => Ok(Self::default()),
            Err(source) => Err(ConfigError::Unreadable { path, source }),
        }
    }

    /// Reads a file's text; `path` is its name in messages and the base of its relative paths.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub(crate) fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let file: file::ConfigFile = toml::from_str(text).map_err(|error| origin::explain(path, text, &error))?;
        let config = file.resolve(path.parent().unwrap_or(Path::new("")));
        let problems = check::problems(&config);
        if problems.is_empty() { Ok(config) } else { Err(ConfigError::Values { path: path.to_owned(), problems }) }
    }

    /// What the rules of the domain depend on.
    pub(crate) fn domain_settings(&self) -> &Settings {
        &self.settings
    }

    /// The national type code (证照类型代码) of a kind: the configured one, else the one the rules know.
    pub(crate) fn type_code(&self, kind: Kind) -> Option<&str> {
        let configured = self.type_codes.iter().find(|(of, _)| *of == kind).map(|(_, code)| code.as_str());
        configured.or(kind.type_code())
    }

    /// A configuration for tests: small chunks and a short lease, so that their limits are met.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self {
            work: Work { concurrency: NonZeroU16::new(2), lease_seconds: 2, import_chunk: 10 },
            database: Database { url: None, pool_size: 4 },
            ..Self::default()
        }
    }
}

impl Work {
    /// Jobs at a time on this machine.
    pub(crate) fn jobs_at_a_time(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.concurrency.map_or_else(processors, |number| usize::from(number.get()))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            type_codes: Vec::new(),
            fonts: default_fonts(),
            verify: Verify { base: "ECERT.EXAMPLE".to_owned(), anchors: Vec::new() },
            passphrase_file: None,
            status_lists: StatusLists { fresh_minutes: 60, valid_hours: 168 },
            work: Work { concurrency: None, lease_seconds: 10, import_chunk: 20_000 },
            photos: Photos { lease_minutes: 15, legacy: Rules::legacy(), upload: Rules::upload() },
            objects: ObjectStore::default(),
            database: Database { url: None, pool_size: 10 },
        }
    }
}

/// Where the packages fonts-noto-cjk, fonts-hanazono and fonts-babelstone-han of Debian and Ubuntu put them.
fn default_fonts() -> Vec<Font> {
    let font = |path: &str, face| Font { path: PathBuf::from(path), face };
    vec![
        font("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
        font("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", 0),
        font("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf", 0),
        font("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf", 0),
    ]
}

#[cfg(test)]
mod tests;
