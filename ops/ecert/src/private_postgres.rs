//! The private PostgreSQL: a cluster of this home's own, on a Unix socket, run by an ordinary user, shared by all commands. Everything here blocks;
//! nothing here speaks SQL.

mod binaries;
mod cluster;
mod cluster_record;
mod connection;
mod create;
mod error;
mod postmaster;
mod server;
mod server_user;
mod settings;
mod socket_dir;

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use self::binaries::Binaries;
use self::cluster::Cluster;
use self::error::files;
use self::postmaster::Observation;
use self::server_user::ServerUser;
use crate::home::Home;

pub(crate) use self::connection::ConnectionTarget;
pub(crate) use self::error::PostgresError;
pub(crate) use self::postmaster::Phase;

/// The oldest major version of PostgreSQL that serves.
pub(crate) const MIN_MAJOR: u16 = 14;

/// The private PostgreSQL of a home.
#[derive(Clone, Debug)]
pub(crate) struct PrivatePostgres {
    home: Home,
}

/// What `ecert db status` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    /// What the server is doing; none where it does not run.
    pub(crate) phase: Option<Phase>,
    /// The server's process.
    pub(crate) pid: Option<i32>,
    /// The cluster, where there is one.
    pub(crate) cluster: Option<ClusterStatus>,
    /// The address, where the server takes connections.
    pub(crate) target: Option<ConnectionTarget>,
}

/// Where a cluster lies and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClusterStatus {
    /// Its directory.
    pub(crate) dir: PathBuf,
    /// Whether it lies outside the home, because its user cannot enter the home.
    pub(crate) outside_home: bool,
    /// The user that runs the server.
    pub(crate) user: String,
    /// The major version that made it; none while it is not complete.
    pub(crate) major: Option<u16>,
    /// The server's log.
    pub(crate) log_file: PathBuf,
}

impl PrivatePostgres {
    /// The private PostgreSQL of this home, whether or not it exists. The home must have been ensured before anything is started.
    pub(crate) fn of(home: &Home) -> Self {
        Self { home: home.clone() }
    }

    /// Creates the cluster where it is missing, starts the server where it does not run, and says where it answers. Any number of processes may call
    /// this at once.
    ///
    /// # Errors
    /// When no server is installed, the cluster is another user's or another version's, or the server does not start; the error carries the end of
    /// its log.
    pub(crate) fn ensure_running(&self) -> Result<ConnectionTarget, PostgresError> {
        if let Some(target) = self.running()? {
            return Ok(target);
        }
        let _lock = self.lock()?;
        let (cluster, user) = match Cluster::find(&self.home)? {
            Some(cluster) => {
                let user = self.user_of(&cluster)?;
                (cluster, user)
            }
            None => {
                let user = ServerUser::for_new_cluster()?;
                // Asked before anything is made, so that a machine without PostgreSQL keeps a clean home.
                Binaries::find(&user, None)?;
                let chosen = Cluster::choose(&self.home, &user)?;
                if chosen.is_outside_home() {
                    stop_abandoned();
                }
                (chosen, user)
            }
        };
        let data = cluster.data_dir();
        let binaries = Binaries::find(&user, cluster.major()?.map(|major| (major, data.as_path())))?;
        if cluster.major()?.is_none() {
            create::data_directory(&cluster, &user, &binaries)?;
        }
        server::start(&cluster, &user, &binaries)
    }

    /// Where the server answers, if it runs; starts nothing.
    ///
    /// # Errors
    /// When the cluster's record or state cannot be read, or is another user's.
    pub(crate) fn running(&self) -> Result<Option<ConnectionTarget>, PostgresError> {
        let Some(cluster) = Cluster::find(&self.home)? else {
            return Ok(None);
        };
        self.user_of(&cluster)?;
        server::ready(&cluster)
    }

    /// Stops the server; open transactions are rolled back. Says whether it ran.
    ///
    /// # Errors
    /// When the cluster is another user's or the server does not end in time.
    pub(crate) fn stop(&self) -> Result<bool, PostgresError> {
        let Some(cluster) = Cluster::find(&self.home)? else {
            return Ok(false);
        };
        self.user_of(&cluster)?;
        let _lock = self.lock()?;
        server::stop(&cluster)
    }

    /// What there is and what it does; changes nothing.
    ///
    /// # Errors
    /// When the cluster's record or state cannot be read, or is another user's.
    pub(crate) fn status(&self) -> Result<Status, PostgresError> {
        let Some(cluster) = Cluster::find(&self.home)? else {
            return Ok(Status { phase: None, pid: None, cluster: None, target: None });
        };
        let user = self.user_of(&cluster)?;
        let (phase, pid) = match server::observe_cluster(&cluster)? {
            Observation::Up(postmaster) => (Some(postmaster.phase), Some(postmaster.pid)),
            Observation::Down | Observation::Stale { .. } => (None, None),
        };
        let described = ClusterStatus {
            dir: cluster.dir().to_owned(),
            outside_home: cluster.is_outside_home(),
            user: user.name().to_owned(),
            major: cluster.major()?,
            log_file: cluster.log_file(),
        };
        Ok(Status { phase, pid, cluster: Some(described), target: server::ready(&cluster)? })
    }

    /// The directory of the cluster, where one was made; it may be gone.
    ///
    /// # Errors
    /// When the cluster's record cannot be read.
    pub(crate) fn dir(&self) -> Result<Option<PathBuf>, PostgresError> {
        Ok(Cluster::find(&self.home)?.map(|cluster| cluster.dir().to_owned()))
    }

    /// Stops the server and deletes the cluster and its record: every database in it is gone. Nothing that `ecert` did not write is deleted.
    ///
    /// # Errors
    /// When it cannot be stopped or deleted, or when its directory is left because strange files lie in it.
    pub(crate) fn remove(&self) -> Result<(), PostgresError> {
        let Some(cluster) = Cluster::find(&self.home)? else {
            return Ok(());
        };
        let _lock = self.lock()?;
        if cluster.dir().is_dir() {
            let user = self.user_of(&cluster)?;
            server::stop(&cluster)?;
            self.delete(&cluster, &user)?;
        }
        let record = self.home.cluster_record();
        if cluster.is_outside_home() {
            fs::remove_file(&record).map_err(files("remove", record))?;
        }
        Ok(())
    }

    /// Deletes by name what `ecert` writes, as the user that owns it; the emptied directories go by the hand that made them.
    fn delete(&self, cluster: &Cluster, user: &ServerUser) -> Result<(), PostgresError> {
        let mut own = cluster.unfinished().map_err(files("list", cluster.dir()))?;
        let log = cluster.log_file();
        own.extend([cluster.data_dir(), cluster.socket_dir(), cluster.home_note(), log.with_extension("log.1"), log]);
        for path in own {
            create::delete(user, &path)?;
        }
        for dir in socket_dir::outside(cluster) {
            if socket_dir::is_private(&dir, user) {
                socket_dir::clear(&dir, user)?;
                fs::remove_dir(&dir).map_err(files("remove", dir))?;
            }
        }
        fs::remove_dir(cluster.dir()).map_err(|_| PostgresError::ForeignFiles { dir: cluster.dir().to_owned() })
    }

    fn user_of(&self, cluster: &Cluster) -> Result<ServerUser, PostgresError> {
        if !cluster.dir().is_dir() {
            return Err(PostgresError::Gone { dir: cluster.dir().to_owned() });
        }
        ServerUser::owner_of(cluster.dir())
    }

    /// One command at a time starts, stops or removes the cluster; the lock ends with the file's handle, and so with a killed process.
    fn lock(&self) -> Result<File, PostgresError> {
        let path = self.home.cluster_lock();
        // Reading is enough for a lock, and a file that root made may be read by the home's owner.
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => File::options().create(true).append(true).open(&path),
            other => other,
        }
        .map_err(files("open", &path))?;
        file.lock().map_err(files("lock", path))?;
        Ok(file)
    }
}

/// A server in its home ends by itself when the home is deleted; one outside would run for ever. Its data is kept: the home may only be unmounted.
fn stop_abandoned() {
    for cluster in Cluster::abandoned() {
        match server::stop(&cluster) {
            Ok(true) => {
                tracing::warn!(cluster.dir = %cluster.dir().display(), "Stopped a PostgreSQL whose home is gone; its data is kept.")
            }
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(cluster.dir = %cluster.dir().display(), %error, "Cannot stop a PostgreSQL whose home is gone.")
            }
        }
    }
}

#[cfg(test)]
mod tests;
