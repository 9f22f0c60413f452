//! Outside judges: programs of others that say what they think of our documents.

use std::process::Command;

/// A judge's verdict.
#[derive(Debug)]
pub struct Verdict {
    /// Whether it ended with exit code 0.
    pub accepted: bool,
    /// Everything that it printed.
    pub text: String,
}

/// Asks the project's own judge of reports (`../shared/samples/compare.py`); none, with a printed line, where the folder is not there.
///
/// # Panics
/// When the folder is there and python3 is not: nothing would have been compared.
#[must_use]
pub fn compare(report: &str, expected: &str) -> Option<Verdict> {
    let judge = crate::workspace::root().join("../shared/samples/compare.py");
    if !judge.is_file() {
        println!("passed over: {} is not there", judge.display());
        return None;
    }
    let judge = judge.to_string_lossy().into_owned();
    let verdict = ask("python3", &[&judge, report, expected]);
    assert!(verdict.is_some(), "{judge} is there and python3, which it needs, is not installed: install it");
    verdict
}

/// Says that a test, or a part of it, is passed over for want of something that is not installed.
///
/// # Panics
/// Where `CI` is set: everything is installed there, and a check that looks at nothing would be taken for one that passed.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so")]
pub fn passed_over(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "this would be passed over: {why}");
    println!("passed over: {why}");
}

/// Asks a judge; none where it is not installed ([`passed_over`]).
///
/// # Panics
/// When it is there and cannot be started, and where `CI` is set and it is not there.
#[must_use]
pub fn ask(program: &str, arguments: &[&str]) -> Option<Verdict> {
    match Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
            Some(Verdict { accepted: output.status.success(), text })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            passed_over(&format!("{program} is not installed"));
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}
