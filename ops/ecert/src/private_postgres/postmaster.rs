//! Says what the server of a data directory is doing, from its `postmaster.pid`. A number in that file is believed only when that process works in
//! this directory: after a crash or a reboot the number may be anybody's.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// What the server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Starting, or recovering from an unclean stop.
    Starting,
    /// Taking connections.
    Ready,
    /// Shutting down.
    Stopping,
}

/// A server that runs in the data directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub(super) pid: i32,
    pub(super) phase: Phase,
    /// Where its socket lies, once it is open.
    pub(super) socket_dir: Option<PathBuf>,
}

/// The server of a data directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Observation {
    /// Nothing runs and nothing is left of an earlier run.
    Down,
    /// The file is left of an earlier run. `taken`: its number is another process's by now, or nobody has taken note of the server's end yet; either
    /// would keep PostgreSQL from starting.
    Stale { taken: bool },
    /// It runs.
    Up(Postmaster),
}

/// Looks at the data directory's `postmaster.pid` and at the process that it names.
pub(super) fn observe(data_dir: &Path) -> io::Result<Observation> {
    let text = match fs::read(data_dir.join("postmaster.pid")) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Observation::Down),
        Err(error) => return Err(error),
    };
    let Some(named) = parse(&text) else {
        return Ok(Observation::Stale { taken: false });
    };
    let process = PathBuf::from(format!("/proc/{}", named.pid));
    if works_in(&process, data_dir) {
        return Ok(Observation::Up(named));
    }
    Ok(Observation::Stale { taken: process.exists() })
}

/// The lines of the file: process, data directory, start time, port, socket directory, address, shared memory, phase. The later ones come with time.
fn parse(text: &str) -> Option<Postmaster> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    // A server in single-user mode writes a negative number.
    let pid = lines.first()?.parse::<i32>().ok().filter(|pid| *pid > 0)?;
    let phase = match lines.get(7).copied() {
        Some("ready" | "standby") => Phase::Ready,
        Some("stopping") => Phase::Stopping,
        Some(_) | None => Phase::Starting,
    };
    let socket_dir = lines.get(4).filter(|line| !line.is_empty()).map(PathBuf::from);
    Some(Postmaster { pid, phase, socket_dir })
}

/// A server's working directory is its data directory. Root without the right to trace sees only the command line of another user's process.
fn works_in(process: &Path, data_dir: &Path) -> bool {
    match fs::metadata(process.join("cwd")) {
        Ok(cwd) => fs::metadata(data_dir).is_ok_and(|dir| (dir.dev(), dir.ino()) == (cwd.dev(), cwd.ino())),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            fs::read(process.join("cmdline")).is_ok_and(|line| serves(&line, data_dir))
        }
        Err(_) => false,
    }
}

/// Whether a command line is `…/postgres -D <data_dir>`.
fn serves(command_line: &[u8], data_dir: &Path) -> bool {
    let mut words = command_line.split(|byte| *byte == 0);
    let program = words.next().unwrap_or_default();
    (program == b"postgres" || program.ends_with(b"/postgres"))
        && words.next() == Some(b"-D")
        && words.next() == Some(data_dir.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "4711\n/h/data\n1760000000\n5432\n/h/socket\n\n  123 0\nready   \n";

    #[test]
    fn the_phase_is_read_from_the_eighth_line_and_its_absence_means_starting() {
        let cases = [
            (READY.to_owned(), Some(Phase::Ready)),
            (READY.replace("ready", "stopping"), Some(Phase::Stopping)),
            (READY.replace("ready", "starting"), Some(Phase::Starting)),
            ("4711\n/h/data\n".to_owned(), Some(Phase::Starting)),
            ("-4711\n/h/data\n".to_owned(), None),
            ("".to_owned(), None),
            ("nonsense\n".to_owned(), None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(&text).map(|found| found.phase), expected, "{text:?}");
        }
        assert_eq!(parse(READY).unwrap().socket_dir, Some(PathBuf::from("/h/socket")));
    }

    #[test]
    fn a_missing_file_means_down() {
        let scratch = tempfile::tempdir().unwrap();
        assert_eq!(observe(scratch.path()).unwrap(), Observation::Down);
    }

    #[test]
    fn a_number_that_now_belongs_to_a_stranger_is_stale() {
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("postmaster.pid");
        fs::write(&file, READY.replace("4711", &std::process::id().to_string())).unwrap();
        assert_eq!(observe(scratch.path()).unwrap(), Observation::Stale { taken: true });
        fs::write(&file, READY.replace("4711", "2147483647")).unwrap();
        assert_eq!(observe(scratch.path()).unwrap(), Observation::Stale { taken: false });
        fs::write(&file, "").unwrap();
        assert_eq!(observe(scratch.path()).unwrap(), Observation::Stale { taken: false });
    }

    #[test]
    fn a_process_that_works_in_the_directory_is_its_server() {
        let own = std::env::current_dir().unwrap();
        let process = PathBuf::from(format!("/proc/{}", std::process::id()));
        assert!(works_in(&process, &own));
        assert!(!works_in(&process, Path::new("/proc")));
    }

    #[test]
    fn a_command_line_names_the_server_and_its_directory() {
        let cases: [(&[u8], bool); 5] = [
            (b"/usr/lib/postgresql/15/bin/postgres\0-D\0/h/data\0", true),
            (b"postgres\0-D\0/h/data\0", true),
            (b"/usr/bin/notpostgres-x\0-D\0/h/data\0", false),
            (b"/bin/postgres\0-D\0/h/other\0", false),
            (b"", false),
        ];
        for (line, expected) in cases {
            assert_eq!(serves(line, Path::new("/h/data")), expected);
        }
    }
}
