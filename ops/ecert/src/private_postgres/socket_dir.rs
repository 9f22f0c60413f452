//! The directory of the server's socket: private, and with a path short enough for the system. A directory that another user put in its place is
//! never used.

use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::cluster::Cluster;
use super::connection::socket_file;
use super::error::{PostgresError, files};
use super::server_user::ServerUser;

/// The address of a Unix socket has 108 bytes on Linux, one of them the end mark.
const LONGEST_SOCKET_PATH: usize = 106;
/// Root's place for short paths; nobody else can write there.
const ROOT_PLACE: &str = "/run/ecert";
/// Everybody's place for short paths.
const SHARED_PLACE: &str = "/tmp";

/// Makes the directory, or takes the one of an earlier start.
pub(super) fn prepare(cluster: &Cluster, user: &ServerUser) -> Result<PathBuf, PostgresError> {
    let own = cluster.socket_dir();
    if fits(&own) {
        // The server's user makes it: the cluster's directory is that user's.
        user.run(&mut user.shell(r#"mkdir -p -m 700 -- "$1" && chmod 700 -- "$1""#, &[&own]))?;
        return Ok(own);
    }
    let (place, name) = if user.is_changed() {
        fs::create_dir_all(ROOT_PLACE).map_err(files("create", ROOT_PLACE))?;
        (ROOT_PLACE, cluster.short_name())
    } else {
        (SHARED_PLACE, format!("ecert-{}", cluster.short_name()))
    };
    short(Path::new(place), &name, user)
}

/// The directories that [`prepare`] may have made outside the cluster's own, for removal.
pub(super) fn outside(cluster: &Cluster) -> [PathBuf; 2] {
    let name = cluster.short_name();
    [Path::new(ROOT_PLACE).join(&name), Path::new(SHARED_PLACE).join(format!("ecert-{name}"))]
}

/// Deletes what an earlier server left. Nobody else uses the directory, so call it only when no server runs.
pub(super) fn clear(dir: &Path, user: &ServerUser) -> Result<(), PostgresError> {
    let socket = socket_file(dir);
    let mut lock = socket.clone().into_os_string();
    lock.push(".lock");
    user.run(&mut user.shell(r#"rm -f -- "$1" "$2""#, &[&socket, Path::new(&lock)])).map(|_| ())
}

/// Whether a directory is the user's own and closed to everybody else.
pub(super) fn is_private(dir: &Path, user: &ServerUser) -> bool {
    fs::symlink_metadata(dir).is_ok_and(|found| found.is_dir() && found.uid() == user.uid() && found.mode() & 0o777 == 0o700)
}

fn fits(dir: &Path) -> bool {
    socket_file(dir).as_os_str().len() <= LONGEST_SOCKET_PATH
}

/// Takes `<place>/<name>`, or a fresh name where a stranger took that one before us.
fn short(place: &Path, name: &str, user: &ServerUser) -> Result<PathBuf, PostgresError> {
    let dir = place.join(name);
    match fs::DirBuilder::new().mode(0o700).create(&dir) {
        Ok(()) => user.give(&dir).map_err(files("change the owner of", &dir))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(files("create", dir)(error)),
    }
    if is_private(&dir, user) {
        return Ok(dir);
    }
    tracing::warn!(socket.dir = %dir.display(), "The socket directory is taken by another user; using another name.");
    let fresh = tempfile::Builder::new()
        .prefix(&format!("{name}-"))
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(place)
        .map_err(files("create a directory in", place))?
        .keep();
    user.give(&fresh).map_err(files("change the owner of", &fresh))?;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_socket_path_stays_below_107_bytes() {
        let dir = |length: usize| PathBuf::from(format!("/{}", "a".repeat(length - 1)));
        let name = "/.s.PGSQL.5432".len();
        assert!(fits(&dir(106 - name)));
        assert!(!fits(&dir(107 - name)));
    }

    #[test]
    fn a_short_directory_is_private_and_taken_again() {
        let scratch = tempfile::tempdir().unwrap();
        let user = ServerUser::for_new_cluster().unwrap();
        let first = short(scratch.path(), "ecert-x", &user).unwrap();
        assert!(is_private(&first, &user));
        assert_eq!(short(scratch.path(), "ecert-x", &user).unwrap(), first);
    }

    #[test]
    fn a_directory_that_is_open_or_a_link_or_a_file_is_never_taken() {
        let scratch = tempfile::tempdir().unwrap();
        let user = ServerUser::for_new_cluster().unwrap();
        let open = scratch.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        let private = short(scratch.path(), "private", &user).unwrap();
        std::os::unix::fs::symlink(&private, scratch.path().join("link")).unwrap();
        fs::write(scratch.path().join("file"), "").unwrap();
        for name in ["open", "link", "file"] {
            let taken = short(scratch.path(), name, &user).unwrap();
            assert_ne!(taken, scratch.path().join(name));
            assert!(is_private(&taken, &user), "{name}");
        }
    }
}
