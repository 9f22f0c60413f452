//! The program under test: found beside the running test, run without the caller's settings, and never for ever.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

/// Longer than any command of the suite takes on a slow machine.
const LIMIT: Duration = Duration::from_secs(150);

/// The program as a command without the caller's settings.
///
/// # Panics
/// When the program is not built.
#[must_use]
pub fn ecert() -> Command {
    let mut command = Command::new(path());
    command.env_remove("DATABASE_URL").env_remove("ECERT_HOME").env_remove("ECERT_LOG").stdin(Stdio::null());
    command
}

/// `target/<profile>/ecert`, seen from `target/<profile>/deps/<test>`.
fn path() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let program = test.ancestors().nth(2).map(|folder| folder.join("ecert")).expect("a test lies in target/<profile>/deps");
    assert!(
        program.is_file(),
        "{} is missing: these tests run the built program; build it first with `cargo build -p ecert`",
        program.display()
    );
    program
}

/// A command that ended.
#[derive(Debug)]
pub struct Run {
    /// The command line without the program, for messages.
    pub arguments: String,
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it answered.
    pub stdout: String,
    /// What it logged.
    pub stderr: String,
}

impl Run {
    /// The JSON document that it answered.
    ///
    /// # Panics
    /// When standard output is not one JSON document.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON document ({error}): {self}"))
    }

    /// The run, when it ended with this exit code.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[must_use]
    pub fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`ecert {}` ended with {:?}\nstandard output: {}\nstandard error: {}",
            self.arguments, self.code, self.stdout, self.stderr
        )
    }
}

/// A command under way.
#[derive(Debug)]
pub struct Running {
    child: Child,
    arguments: String,
    ended: Receiver<()>,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
}

impl Running {
    /// Starts a command.
    ///
    /// # Panics
    /// When the system does not start it.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let arguments = command.get_args().map(|argument| argument.to_string_lossy()).collect::<Vec<_>>().join(" ");
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (open, ended) = channel();
        let stdout = collect(child.stdout.take().expect("standard output is piped"), open.clone());
        let stderr = collect(child.stderr.take().expect("standard error is piped"), open);
        Self { child, arguments, ended, stdout, stderr }
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end within the limit of the suite.
    #[must_use]
    pub fn wait(mut self) -> Run {
        let over = !self.ends_within(LIMIT);
        if over {
            self.child.kill().expect("a process of ours can be killed");
        }
        let run = self.collected();
        assert!(!over, "it was stopped after {} s: {run}", LIMIT.as_secs());
        run
    }

    /// Sends SIGKILL after a while, unless it ended before; says whether it was killed.
    ///
    /// # Panics
    /// When the system refuses the signal.
    #[must_use]
    pub fn kill_after(mut self, while_: Duration) -> (bool, Run) {
        let kill = !self.ends_within(while_);
        if kill {
            self.child.kill().expect("a process of ours can be killed");
        }
        let run = self.collected();
        (kill && run.code.is_none(), run)
    }

    /// Sends SIGKILL as soon as something is reached, unless it ended before; says whether it was killed.
    ///
    /// # Panics
    /// When the system refuses the signal, or neither happens within the limit of the suite.
    #[must_use]
    pub fn kill_when(mut self, reached: impl FnMut() -> bool) -> (bool, Run) {
        let under_way = self.comes_to(reached);
        self.child.kill().expect("a process of ours can be killed");
        let run = self.collected();
        (under_way && run.code.is_none(), run)
    }

    /// Waits until something is reached; false when it ended before.
    ///
    /// # Panics
    /// When neither happens within the limit of the suite.
    #[must_use]
    pub fn comes_to(&mut self, mut reached: impl FnMut() -> bool) -> bool {
        const LOOK: Duration = Duration::from_millis(10);
        let began = std::time::Instant::now();
        let mut ended = false;
        while !ended && !reached() {
            assert!(began.elapsed() < LIMIT, "`ecert {}` neither ended nor came to the point within {} s", self.arguments, LIMIT.as_secs());
            ended = self.ends_within(LOOK);
        }
        !ended
    }

    /// Waits until it stands still (SIGSTOP); false when it ended before.
    ///
    /// # Panics
    /// When neither happens within the limit of the suite.
    #[must_use]
    pub fn stands_still(&mut self) -> bool {
        let stat = format!("/proc/{}/stat", self.child.id());
        // The state follows the name, which stands in brackets (proc_pid_stat(5)).
        self.comes_to(|| {
            std::fs::read_to_string(&stat).is_ok_and(|text| text.rsplit(')').next().is_some_and(|rest| rest.starts_with(" T")))
        })
    }

    /// Sends it a signal by its name, such as STOP.
    ///
    /// # Panics
    /// When the system refuses.
    pub fn signal(&self, name: &str) {
        signal(i64::from(self.child.id()), name);
    }

    /// Its end is the end of both its outputs: no clock is asked again and again.
    fn ends_within(&self, limit: Duration) -> bool {
        match self.ended.recv_timeout(limit) {
            Err(RecvTimeoutError::Disconnected) => true,
            Err(RecvTimeoutError::Timeout) | Ok(()) => false,
        }
    }

    fn collected(mut self) -> Run {
        let status = self.child.wait().expect("a child can be waited for");
        let text = |output: JoinHandle<String>| output.join().expect("reading does not panic");
        Run { arguments: self.arguments, code: status.code(), stdout: text(self.stdout), stderr: text(self.stderr) }
    }
}

/// Sends a signal to a process that the test has started, by its number.
///
/// # Panics
/// When the system refuses.
pub fn signal(process: i64, name: &str) {
    let status = Command::new("kill").args([format!("-{name}"), process.to_string()]).status().expect("kill is part of every system");
    assert!(status.success(), "process {process} takes no {name}");
}

fn collect(mut output: impl Read + Send + 'static, open: Sender<()>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.read_to_end(&mut bytes);
        drop(open);
        read.map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_else(|error| format!("unreadable: {error}"))
    })
}
