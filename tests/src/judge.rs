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

/// Asks a judge; none, with a printed line, where it is not installed.
///
/// # Panics
/// When it is there and cannot be started.
#[must_use]
pub fn ask(program: &str, arguments: &[&str]) -> Option<Verdict> {
    match Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
            Some(Verdict { accepted: output.status.success(), text })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("passed over: {program} is not installed");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}
