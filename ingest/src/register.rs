//! Registering deliveries: looked at first, so that a bad file leaves no batch; then stored, registered and enqueued in one
//! transaction. The same content under the same shape and kind is a repeat and changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::JobId;
use domain::kind::Kind;
use serde_json::json;
use store::batches::{self, NewBatch, Registered};
use store::job_kinds;
use store::ledger::{self, NewJob};
use store::objects::{Area, Objects};
use store::pool::PgPool;
use store::profiles;

use crate::certificate_row::Context;
use crate::photo_archive::{self, PhotoArchive};
use crate::profile::Profile;
use crate::shapes::RecordShape;
use crate::shapes::delivery;
use crate::{certificate_file, digest};

/// Attempts of an import: each goes on where the one before stopped, so one that is killed often still comes to its end.
const ATTEMPTS: i32 = 12;

/// What a delivery holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Records of paper certificates of a kind.
    Certificates(Kind),
    /// Decisions, applications, violations or business under way; of one kind of certificate, or of whatever kind.
    Records(RecordShape, Option<Kind>),
    /// Photos named by ID number.
    Photos,
}

impl Shape {
    /// The shape's code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certificates(_) => "certificates",
            Self::Records(shape, _) => shape.as_str(),
            Self::Photos => "photos",
        }
    }

    /// The kind of certificate, where the operator said one.
    #[must_use]
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Certificates(kind) => Some(kind),
            Self::Records(_, kind) => kind,
            Self::Photos => None,
        }
    }

    fn job_kind(self) -> &'static str {
        match self {
            Self::Certificates(_) => job_kinds::IMPORT_CERTIFICATES,
            Self::Records(..) => job_kinds::IMPORT_RECORDS,
            Self::Photos => job_kinds::IMPORT_PHOTOS,
        }
    }
}

/// A delivery that can be read.
#[derive(Debug, Clone)]
pub struct Inspected {
    /// The file or folder as the operator named it.
    pub path: PathBuf,
    /// What it holds.
    pub shape: Shape,
    /// SHA-256 of the file; of a folder, over its sorted names and digests.
    pub sha256: [u8; 32],
    /// How these files differ from others, where the operator said so.
    pub profile: Option<Arc<Profile>>,
}

/// Whether a delivery lies where it can be taken from: pipes can be read once only, and of a table with a memo file both are needed.
///
/// # Errors
/// What to do instead, on one line. A file that is not there is left to [`inspect`].
pub fn check_place(path: &Path, shape: Shape) -> anyhow::Result<()> {
    let Ok(found) = std::fs::metadata(path) else { return Ok(()) };
    if !found.is_file() && !found.is_dir() {
        anyhow::bail!(
            "{}: it is a pipe or a device, and only regular files are taken, since a delivery is read more than once; write it to a file first",
            path.display()
        );
    }
    let is_table = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("dbf"));
    if is_table
        && shape != Shape::Photos
        && let Some(memo) = memo_beside(path)
    {
        anyhow::bail!(
            "{}: its texts lie in {} beside it, and a delivery is one file; pack both into one ZIP archive and deliver that",
            path.display(),
            memo.display()
        );
    }
    Ok(())
}

/// The memo file of a dBASE table: of the same name, whatever the case of its extension.
fn memo_beside(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_memo = |other: &Path| {
        let kind = other.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
        other.file_stem() == path.file_stem() && matches!(kind.as_str(), "fpt" | "dbt")
    };
    std::fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|item| item.path()).find(|other| is_memo(other))
}

/// Looks at a delivery without storing anything: whether it is there, can be read, and has the columns that it needs.
///
/// # Errors
/// What is wrong with it and what to do, on one line.
pub fn inspect(path: &Path, shape: Shape, context: &Context) -> anyhow::Result<Inspected> {
    let sha256 = match shape {
        Shape::Certificates(kind) => {
            certificate_file::open(path, kind, context.clone())?;
            digest::of_file(path).with_context(|| format!("{}: it cannot be read", path.display()))?
        }
        Shape::Records(shape, kind) => {
            delivery::open(path, shape, kind)?;
            digest::of_file(path).with_context(|| format!("{}: it cannot be read", path.display()))?
        }
        Shape::Photos => {
            PhotoArchive::open(path)?.not_empty(path)?;
            photo_archive::digest_of(path)?
        }
    };
    Ok(Inspected { path: path.to_owned(), shape, sha256, profile: context.profile.clone() })
}

/// Who delivers, and how the delivery is to be taken.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Who acts.
    pub actor: String,
    /// `all` or `on-application`.
    pub issue_policy: &'static str,
    /// The day on which the delivery was true.
    pub as_of: time::Date,
}

/// A registered delivery.
#[derive(Debug, Clone, Copy)]
pub struct Registration {
    /// The batch, or the one that this is a repeat of.
    pub registered: Registered,
    /// The import's job, for new batches.
    pub job: Option<JobId>,
}

/// Stores and registers a delivery and enqueues its import.
///
/// # Errors
/// When the file cannot be stored or the database refuses; nothing is registered then.
pub async fn register(pool: &PgPool, objects: &Objects, inspected: &Inspected, terms: &Terms) -> anyhow::Result<Registration> {
    let known =
        batches::find_content(&mut *pool.acquire().await?, inspected.shape.as_str(), inspected.shape.kind(), &inspected.sha256).await?;
    if let Some(known) = known {
        return Ok(Registration { registered: Registered::RepeatOf(known), job: None });
    }
    let (location, size_bytes) = keep(objects, &inspected.path, &inspected.sha256).await?;
    let new = NewBatch {
        shape: inspected.shape.as_str().to_owned(),
        kind: inspected.shape.kind(),
        sha256: inspected.sha256,
        issue_policy: terms.issue_policy.to_owned(),
        as_of: terms.as_of,
        file_name: inspected
            .path
            .file_name()
            .map_or_else(|| inspected.path.display().to_string(), |name| name.to_string_lossy().into_owned()),
        location,
        size_bytes,
    };
    let mut tx = pool.begin().await?;
    let registered = batches::register(&mut tx, &new, &terms.actor).await.context("register the batch")?;
    let job = match registered {
        Registered::New(id) => {
            if let Some(profile) = &inspected.profile {
                profiles::keep(&mut tx, id, &profile.sha256(), profile.text()).await.context("keep the profile")?;
            }
            let subject = Some(format!("batch:{id}"));
            let jobs = [NewJob { payload: json!({ "batch": id.0 }), subject }];
            ledger::enqueue(&mut tx, inspected.shape.job_kind(), &jobs, Some(id), 0, ATTEMPTS).await?.pop()
        }
        Registered::RepeatOf(_) => None,
    };
    tx.commit().await?;
    Ok(Registration { registered, job })
}

/// Copies a file into the object store, so that the import does not depend on where it lay. A folder stays where it is: its
/// photos become objects one by one.
async fn keep(objects: &Objects, path: &Path, sha256: &[u8; 32]) -> anyhow::Result<(String, i64)> {
    let reach = || format!("{}: it cannot be read", path.display());
    if path.is_dir() {
        let folder = path.canonicalize().with_context(reach)?;
        let text = folder.to_str().with_context(|| format!("{}: the folder's name is not UTF-8; rename it", path.display()))?;
        return Ok((text.to_owned(), 0));
    }
    let stored = objects.write_file(Area::Intake, path, sha256).await?;
    Ok((stored.key, i64::try_from(stored.size_bytes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_refused_and_so_is_a_table_without_the_memo_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let decisions = Shape::Records(RecordShape::Decisions, None);
        assert!(check_place(Path::new("/dev/null"), decisions).unwrap_err().to_string().contains("only regular files are taken"));
        let table = folder.path().join("登记.dbf");
        std::fs::write(&table, "x").unwrap();
        check_place(&table, decisions).unwrap();
        std::fs::write(folder.path().join("登记.FPT"), "x").unwrap();
        assert!(check_place(&table, decisions).unwrap_err().to_string().contains("pack both into one ZIP archive"));
        check_place(&folder.path().join("missing.dbf"), decisions).unwrap();
    }
}
