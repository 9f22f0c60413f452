//! Where a cluster lies and what its directory holds. Finding one never creates anything; choosing a place for a new one does.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use sha2::{Digest, Sha256};

use super::cluster_record::{ClusterRecord, OUTSIDE};
use super::error::{PostgresError, files};
use super::server_user::ServerUser;
use crate::home::Home;

/// The directory of a cluster, absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    dir: PathBuf,
    outside_home: bool,
}

impl Cluster {
    /// The cluster of a home, where a place has been chosen for it.
    pub(super) fn find(home: &Home) -> Result<Option<Self>, PostgresError> {
        let absolute = match home.path().canonicalize() {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(files("look at", home.path())(error)),
        };
        if let Some(record) = ClusterRecord::read(&home.cluster_record(), &absolute)? {
            return Ok(Some(Self { dir: record.cluster, outside_home: true }));
        }
        Ok(home.cluster().is_dir().then(|| Self { dir: absolute.join("postgres"), outside_home: false }))
    }

    /// Makes the directory of a new cluster: in the home, or where `user` cannot work there, outside of it with a note in the home.
    pub(super) fn choose(home: &Home, user: &ServerUser) -> Result<Self, PostgresError> {
        let absolute = home.path().canonicalize().map_err(files("look at", home.path()))?;
        let inside = absolute.join("postgres");
        if make_usable(&inside, user)? {
            return Ok(Self { dir: inside, outside_home: false });
        }
        fs::remove_dir(&inside).map_err(files("remove", &inside))?;
        let no_place = |dir: &Path| PostgresError::NoPlace { dir: dir.to_owned(), user: user.name().to_owned() };
        if !user.is_changed() {
            return Err(no_place(&inside));
        }
        let dir = make_outside(&absolute, user)?;
        if !user.can_use(&dir)? {
            return Err(no_place(&dir));
        }
        let chosen = Self { dir: dir.clone(), outside_home: true };
        user.write_file(&chosen.home_note(), &absolute.to_string_lossy())?;
        ClusterRecord { cluster: dir, home: absolute }.write(&home.cluster_record())?;
        Ok(chosen)
    }

    /// The directory that holds everything of the cluster.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether it lies outside its home.
    pub(super) fn is_outside_home(&self) -> bool {
        self.outside_home
    }

    /// PostgreSQL's data directory. It exists only once it is complete.
    pub(super) fn data_dir(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// The server's log.
    pub(super) fn log_file(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    /// The socket directory, where its path is short enough.
    pub(super) fn socket_dir(&self) -> PathBuf {
        self.dir.join("socket")
    }

    /// Names the cluster in places where its path would be too long: 16 hexadecimal digits.
    pub(super) fn short_name(&self) -> String {
        short_name(&self.dir)
    }

    /// The major version that made the data directory, or none before it is complete.
    pub(super) fn major(&self) -> Result<Option<u16>, PostgresError> {
        let path = self.data_dir().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(files("read", path)(error)),
        }
    }

    /// Data directories that an interrupted creation left half made.
    pub(super) fn unfinished(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                found.push(entry.path());
            }
        }
        Ok(found)
    }

    /// The note of which home a cluster outside of it belongs to.
    pub(super) fn home_note(&self) -> PathBuf {
        self.dir.join("home")
    }

    /// The clusters outside their homes whose homes are gone or have another cluster by now.
    pub(super) fn abandoned() -> Vec<Self> {
        fs::read_dir(OUTSIDE)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(Self { dir: entry.ok()?.path(), outside_home: true }))
            .filter(Self::is_abandoned)
            .collect()
    }

    fn is_abandoned(&self) -> bool {
        let Ok(home) = fs::read_to_string(self.home_note()) else {
            return false;
        };
        let home = Home::resolve(Some(PathBuf::from(home)), None);
        Self::find(&home).is_ok_and(|found| found.is_none_or(|found| found.dir != self.dir))
    }

    /// Where this process makes the data directory before it gets its name.
    pub(super) fn staging_dir(&self) -> PathBuf {
        self.dir.join(format!("{UNFINISHED}{}", std::process::id()))
    }
}

const UNFINISHED: &str = "data.new-";

/// Makes a private directory of the user's; says whether the user can work in it.
fn make_usable(dir: &Path, user: &ServerUser) -> Result<bool, PostgresError> {
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(files("create", dir)(error)),
    }
    // A file system without owners refuses; then the user cannot work there either.
    let _ = user.give(dir);
    user.can_use(dir)
}

/// Makes a fresh folder in `/var/lib/ecert`. One of an earlier home at the same path is never taken over: that home's keys and documents are gone.
fn make_outside(home: &Path, user: &ServerUser) -> Result<PathBuf, PostgresError> {
    fs::create_dir_all(OUTSIDE).map_err(files("create", OUTSIDE))?;
    let name = short_name(home);
    for number in 1_u32.. {
        let dir = Path::new(OUTSIDE).join(format!("{name}-{number}"));
        match fs::DirBuilder::new().mode(0o700).create(&dir) {
            Ok(()) => {
                user.give(&dir).map_err(files("change the owner of", &dir))?;
                return Ok(dir);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                tracing::warn!(cluster.dir = %dir.display(), "An earlier home at this path left its database behind; delete the folder if it is no longer needed.");
            }
            Err(error) => return Err(files("create", dir)(error)),
        }
    }
    Err(PostgresError::NoPlace { dir: PathBuf::from(OUTSIDE), user: user.name().to_owned() })
}

fn short_name(path: &Path) -> String {
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_home_that_everybody_can_enter_holds_its_own_cluster() {
        let scratch = tempfile::tempdir().unwrap();
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let home = Home::resolve(Some(scratch.path().join("home")), None);
        assert_eq!(Cluster::find(&home).unwrap(), None);
        home.ensure().unwrap();
        assert_eq!(Cluster::find(&home).unwrap(), None);
        let user = ServerUser::for_new_cluster().unwrap();
        let chosen = Cluster::choose(&home, &user).unwrap();
        assert!(!chosen.is_outside_home());
        assert_eq!(Cluster::find(&home).unwrap(), Some(chosen.clone()));
        assert_eq!(ServerUser::owner_of(chosen.dir()).unwrap().uid(), user.uid());
        assert_eq!(chosen.major().unwrap(), None);
    }

    #[test]
    fn half_made_data_directories_are_found_and_nothing_else() {
        let scratch = tempfile::tempdir().unwrap();
        let cluster = Cluster { dir: scratch.path().to_owned(), outside_home: false };
        for name in ["data", "data.new-1", "socket"] {
            fs::create_dir(scratch.path().join(name)).unwrap();
        }
        assert_eq!(cluster.unfinished().unwrap(), [scratch.path().join("data.new-1")]);
        assert!(cluster.staging_dir().starts_with(scratch.path()));
    }

    #[test]
    fn short_names_are_short_and_differ_by_path() {
        assert_eq!(short_name(Path::new("/a")).len(), 16);
        assert_ne!(short_name(Path::new("/a")), short_name(Path::new("/b")));
    }
}
