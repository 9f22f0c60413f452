//! Starts and stops the server of a cluster. It outlives the command that starts it, in a session of its own, so that neither the end of that
//! command nor Ctrl-C reaches it.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rustix::process::{Pid, Signal};

use super::binaries::Binaries;
use super::cluster::Cluster;
use super::connection::ConnectionTarget;
use super::error::{PostgresError, files};
use super::postmaster::{Observation, Phase, Postmaster, observe};
use super::server_user::ServerUser;
use super::{settings, socket_dir};

/// Recovery after an unclean stop replays up to `max_wal_size`; a slow disk needs minutes for it.
const START_LIMIT: Duration = Duration::from_secs(600);
/// A stop writes what is dirty in memory.
const STOP_LIMIT: Duration = Duration::from_secs(300);
/// After the main process was killed its helpers notice and end by themselves; until then a new server refuses to start.
const LEFTOVER_LIMIT: Duration = Duration::from_secs(30);
/// When a person begins to wonder.
const SAY_SOMETHING_AFTER: Duration = Duration::from_secs(5);

/// Where a ready server answers, or none where no server is ready.
pub(super) fn ready(cluster: &Cluster) -> Result<Option<ConnectionTarget>, PostgresError> {
    match observe_cluster(cluster)? {
        Observation::Up(Postmaster { phase: Phase::Ready, socket_dir: Some(dir), .. }) => {
            Ok(Some(ConnectionTarget::at(&dir)?).filter(ConnectionTarget::answers))
        }
        Observation::Up(_) | Observation::Down | Observation::Stale { .. } => Ok(None),
    }
}

/// What the cluster's server is doing.
pub(super) fn observe_cluster(cluster: &Cluster) -> Result<Observation, PostgresError> {
    let data = cluster.data_dir();
    observe(&data).map_err(files("read the state of", data))
}

/// Brings the server up and waits until it takes connections, whatever state it is in. Call it holding the home's lock.
pub(super) fn start(cluster: &Cluster, user: &ServerUser, binaries: &Binaries) -> Result<ConnectionTarget, PostgresError> {
    let mut wait = Wait::new();
    let mut child: Option<Started> = None;
    loop {
        if let Some(target) = ready(cluster)? {
            if let Some(started) = child {
                started.leave_running();
            }
            return Ok(target);
        }
        let observation = observe_cluster(cluster)?;
        match (&mut child, &observation) {
            (Some(started), _) => {
                if let Some(log) = started.ended(cluster)? {
                    child = None;
                    if !(log.contains("pre-existing shared memory") && wait.lasted(LEFTOVER_LIMIT).is_none()) {
                        return Err(PostgresError::Start { log_file: cluster.log_file(), log });
                    }
                }
            }
            // Another command that has ended since began the start, or a stop is under way.
            (None, Observation::Up(_)) => {}
            (None, Observation::Down | Observation::Stale { .. }) => {
                clear_stale(cluster, user, &observation)?;
                child = Some(Started::spawn(cluster, user, binaries)?);
            }
        }
        wait.pause("starting, perhaps recovering from an unclean stop", || pid_of(&observation), START_LIMIT, cluster)?;
    }
}

/// Stops the server and waits for its end. Says whether one ran. Call it holding the home's lock.
pub(super) fn stop(cluster: &Cluster) -> Result<bool, PostgresError> {
    let mut wait = Wait::new();
    let mut asked = None;
    loop {
        let Observation::Up(postmaster) = observe_cluster(cluster)? else {
            return Ok(asked.is_some());
        };
        if asked != Some(postmaster.pid) {
            interrupt(cluster, &postmaster)?;
            asked = Some(postmaster.pid);
        }
        wait.pause("stopping", || postmaster.pid, STOP_LIMIT, cluster)?;
    }
}

/// The signal for a fast shutdown: open transactions are rolled back, everything is written.
fn interrupt(cluster: &Cluster, postmaster: &Postmaster) -> Result<(), PostgresError> {
    let Some(pid) = Pid::from_raw(postmaster.pid) else {
        return Ok(());
    };
    match rustix::process::kill_process(pid, Signal::INT) {
        // It may have ended by itself in this moment.
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(errno) => Err(files("stop the server of", cluster.dir())(errno.into())),
    }
}

/// PostgreSQL clears what a crash leaves, except where a number in its files has become another process's of the same user.
fn clear_stale(cluster: &Cluster, user: &ServerUser, observation: &Observation) -> Result<(), PostgresError> {
    if *observation != (Observation::Stale { taken: true }) {
        return Ok(());
    }
    tracing::info!(cluster.dir = %cluster.dir().display(), "Removing the process file of a server that no longer runs.");
    let file = cluster.data_dir().join("postmaster.pid");
    user.run(&mut user.shell(r#"rm -f -- "$1""#, &[&file])).map(|_| ())
}

/// A server that this command started and that is not ready yet.
struct Started {
    child: Child,
    /// How long the log was before: what follows is of this start.
    log_offset: u64,
}

impl Started {
    fn spawn(cluster: &Cluster, user: &ServerUser, binaries: &Binaries) -> Result<Self, PostgresError> {
        let (data, log) = (cluster.data_dir(), cluster.log_file());
        let socket_dir = socket_dir::prepare(cluster, user)?;
        let socket_text = socket_dir.to_str().ok_or_else(|| PostgresError::SocketName { dir: socket_dir.clone() })?;
        let machine = settings::Machine::measure(cluster.dir());
        user.write_file(&data.join("ecert.conf"), &settings::server_file(machine, socket_text))?;
        socket_dir::clear(&socket_dir, user)?;
        let log_offset = turn_log(user, &log)?;
        let mut command = user.command("setsid");
        command.args(["/bin/sh", "-c", r#"umask 077 && exec "$1" -D "$2" >>"$3" 2>&1"#, "sh"]).args([&binaries.postgres(), &data, &log]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(|source| user.cannot_run(&command, source))?;
        Ok(Self { child, log_offset })
    }

    /// The last lines of its log if it has ended.
    fn ended(&mut self, cluster: &Cluster) -> Result<Option<String>, PostgresError> {
        match self.child.try_wait().map_err(files("wait for the server of", cluster.dir()))? {
            Some(status) => Ok(Some(log_end(&cluster.log_file(), self.log_offset, &status.to_string()))),
            None => Ok(None),
        }
    }

    /// Somebody must take note of the server's end for as long as this process lives, or it would stay in the process table.
    fn leave_running(mut self) {
        thread::spawn(move || self.child.wait());
    }
}

/// Keeps one older log; says how long the current one is.
fn turn_log(user: &ServerUser, log: &Path) -> Result<u64, PostgresError> {
    const LONGEST_LOG: u64 = 16 << 20;
    let length = fs::metadata(log).map_or(0, |found| found.len());
    if length < LONGEST_LOG {
        return Ok(length);
    }
    let older = log.with_extension("log.1");
    user.run(&mut user.shell(r#"mv -f -- "$1" "$2""#, &[log, &older]))?;
    Ok(0)
}

fn log_end(log: &Path, offset: u64, status: &str) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
    let text = super::server_user::last_lines(&String::from_utf8_lossy(&bytes[start..]), 12);
    if text.is_empty() { format!("(empty; the server ended with {status})") } else { text }
}

fn pid_of(observation: &Observation) -> i32 {
    match observation {
        Observation::Up(postmaster) => postmaster.pid,
        Observation::Down | Observation::Stale { .. } => 0,
    }
}

/// Waiting with a limit, and a word to whoever watches.
struct Wait {
    since: Instant,
    said: bool,
}

impl Wait {
    fn new() -> Self {
        Self { since: Instant::now(), said: false }
    }

    /// The time waited, if it is the limit or more.
    fn lasted(&self, limit: Duration) -> Option<Duration> {
        Some(self.since.elapsed()).filter(|waited| *waited >= limit)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the server's progress shows in a file only; this blocking wait is called off the runtime"
    )]
    fn pause(&mut self, doing: &'static str, pid: impl Fn() -> i32, limit: Duration, cluster: &Cluster) -> Result<(), PostgresError> {
        if let Some(waited) = self.lasted(limit) {
            let log_file: PathBuf = cluster.log_file();
            return Err(PostgresError::Slow { doing, pid: pid(), seconds: waited.as_secs(), log_file });
        }
        if !self.said && self.lasted(SAY_SOMETHING_AFTER).is_some() {
            self.said = true;
            tracing::info!(cluster.dir = %cluster.dir().display(), "The private PostgreSQL is still {doing}.");
        }
        thread::sleep(Duration::from_millis(20));
        Ok(())
    }
}
