//! Who the server runs as: this user, or, called by root, an ordinary one. Everything inside a cluster's directory is done as that user, so that
//! root never follows a link which that user planted.

use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::{fs, io};

use super::error::{PostgresError, files};

/// The users tried when root needs one: the server package's own, then the one every system has.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// A fixed search path: the caller's variables must not reach the server.
const SEARCH_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/// The user that owns the cluster and runs its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerUser {
    name: String,
    uid: u32,
    gid: u32,
    /// Whether processes must change to this user (only root can).
    change: bool,
}

impl ServerUser {
    /// The user for a cluster that is still to be made.
    pub(super) fn for_new_cluster() -> Result<Self, PostgresError> {
        let users = user_database();
        let uid = rustix::process::geteuid();
        if !uid.is_root() {
            let gid = rustix::process::getegid().as_raw();
            let uid = uid.as_raw();
            return Ok(Self { name: name_of(&users, uid), uid, gid, change: false });
        }
        CANDIDATES
            .iter()
            .find_map(|name| find_user(&users, name))
            .map(|(name, uid, gid)| Self { name, uid, gid, change: true })
            .ok_or(PostgresError::NoServerUser)
    }

    /// The owner of a cluster that exists, whoever made it.
    ///
    /// # Errors
    /// When that is neither this user nor one that root can become.
    pub(super) fn owner_of(dir: &Path) -> Result<Self, PostgresError> {
        let found = fs::metadata(dir).map_err(files("look at", dir))?;
        let name = name_of(&user_database(), found.uid());
        let me = rustix::process::geteuid();
        let foreign = if me.is_root() { found.uid() == 0 } else { found.uid() != me.as_raw() };
        if foreign {
            return Err(PostgresError::ForeignOwner { dir: dir.to_owned(), owner: name });
        }
        Ok(Self { name, uid: found.uid(), gid: found.gid(), change: me.is_root() })
    }

    /// The name, or `uid N` where the system knows none.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The numeric user.
    pub(super) fn uid(&self) -> u32 {
        self.uid
    }

    /// Whether this process is root and the server's user is not.
    pub(super) fn is_changed(&self) -> bool {
        self.change
    }

    /// Gives a directory that root made to the user.
    pub(super) fn give(&self, dir: &Path) -> io::Result<()> {
        if self.change { std::os::unix::fs::lchown(dir, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// A command that will run as the user, with no input, a bare environment, and the root directory (which everybody can enter) as its own.
    pub(super) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().env("PATH", SEARCH_PATH).env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
        if self.change {
            // The standard library drops root's supplementary groups together with the user id.
            command.gid(self.gid).uid(self.uid);
        }
        command
    }

    /// Runs a command of [`Self::command`] to its end.
    ///
    /// # Errors
    /// When it cannot be started, or ends with another status than 0; then the end of its output is part of the error.
    pub(super) fn run(&self, command: &mut Command) -> Result<Output, PostgresError> {
        let output = command.output().map_err(|source| self.cannot_run(command, source))?;
        if output.status.success() {
            return Ok(output);
        }
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Err(PostgresError::Failed { program: program_name(command), output: last_lines(&text, 8) })
    }

    /// A shell line with positional arguments, so that no path is ever read as shell.
    pub(super) fn shell(&self, line: &str, arguments: &[&Path]) -> Command {
        let mut command = self.command("/bin/sh");
        command.arg("-c").arg(line).arg("sh").args(arguments);
        command
    }

    /// Replaces a file in one step.
    pub(super) fn write_file(&self, path: &Path, text: &str) -> Result<(), PostgresError> {
        let mut command = self.shell(r#"umask 077 && cat > "$1.new" && mv -f -- "$1.new" "$1""#, &[path]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|source| self.cannot_run(&command, source))?;
        let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
        let output = child.wait_with_output().map_err(|source| self.cannot_run(&command, source))?;
        if output.status.success() {
            written.map_err(files("write", path))
        } else {
            let output = last_lines(&String::from_utf8_lossy(&output.stderr), 2);
            Err(PostgresError::Failed { program: format!("writing {}", path.display()), output })
        }
    }

    /// Whether the user can enter a directory and write in it.
    pub(super) fn can_use(&self, dir: &Path) -> Result<bool, PostgresError> {
        let mut command = self.shell(r#"cd -- "$1" && test -w . -a -x ."#, &[dir]);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        Ok(status.map_err(|source| self.cannot_run(&command, source))?.success())
    }

    /// The error of a command that did not even start.
    pub(super) fn cannot_run(&self, command: &Command, source: io::Error) -> PostgresError {
        PostgresError::Run { program: program_name(command), user: self.name.clone(), source }
    }
}

/// The last lines of a program's output, without the blank ones at its end.
pub(super) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn program_name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Service users are local accounts, so the file is enough.
fn user_database() -> String {
    fs::read("/etc/passwd").map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn entries(users: &str) -> impl Iterator<Item = (&str, u32, u32)> {
    users.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some((name, uid, gid))
    })
}

fn find_user(users: &str, wanted: &str) -> Option<(String, u32, u32)> {
    entries(users).find(|(name, uid, _)| *name == wanted && *uid != 0).map(|(name, uid, gid)| (name.to_owned(), uid, gid))
}

fn name_of(users: &str, wanted: u32) -> String {
    entries(users).find(|(_, uid, _)| *uid == wanted).map_or_else(|| format!("uid {wanted}"), |(name, _, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str =
        "root:x:0:0:root:/root:/bin/bash\nbroken line\ntoor:x:0:0::/:/bin/sh\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn users_are_found_by_name_and_by_number_and_root_is_never_a_server_user() {
        assert_eq!(find_user(USERS, "postgres"), Some(("postgres".to_owned(), 101, 104)));
        assert_eq!(find_user(USERS, "toor"), None);
        assert_eq!(find_user(USERS, "nobody"), None);
        assert_eq!(name_of(USERS, 101), "postgres");
        assert_eq!(name_of(USERS, 4711), "uid 4711");
    }

    #[test]
    fn only_the_last_lines_of_an_output_are_kept() {
        let cases = [("", 2, ""), ("a\nb\nc\n\n", 2, "b\nc"), ("a", 5, "a")];
        for (text, count, expected) in cases {
            assert_eq!(last_lines(text, count), expected, "{text:?}");
        }
    }

    #[test]
    fn a_file_is_written_by_the_server_user_under_any_name() {
        let scratch = tempfile::tempdir().unwrap();
        let user = ServerUser::for_new_cluster().unwrap();
        let dir = scratch.path().join("a \"$(false)\" 'b'");
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(scratch.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
        user.give(&dir).unwrap();
        assert!(user.can_use(&dir).unwrap());
        let path = dir.join("-file");
        user.write_file(&path, "text\n").unwrap();
        user.write_file(&path, "other\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "other\n");
        assert_eq!(fs::metadata(&path).unwrap().uid(), user.uid());
        assert!(!user.can_use(&scratch.path().join("missing")).unwrap());
    }

    #[test]
    fn a_failing_program_is_reported_with_what_it_wrote() {
        let user = ServerUser::for_new_cluster().unwrap();
        let error = user.run(&mut user.shell("echo first; echo second >&2; exit 3", &[])).unwrap_err();
        assert_eq!(error.to_string(), "/bin/sh failed: first\nsecond");
        let error = user.run(&mut user.command("/no/such/program")).unwrap_err();
        assert!(matches!(error, PostgresError::Run { .. }), "{error:?}");
    }
}
