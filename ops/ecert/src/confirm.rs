//! The one question that a command asks before it destroys something.

use std::io::{self, BufRead, Write};

/// Asks once and reads one line; only `y` and `yes` agree, so that an empty line and the end of input leave everything as it is.
pub(crate) fn agreed(mut input: impl BufRead, mut output: impl Write, question: &str) -> io::Result<bool> {
    write!(output, "{question} [y/N] ")?;
    output.flush()?;
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_agrees_and_the_question_is_asked_once() {
        for (line, expected) in [("y\n", true), ("YES\n", true), ("n\ny\n", false), ("\n", false), ("", false), ("yeah\n", false)] {
            let mut asked = Vec::new();
            assert_eq!(agreed(line.as_bytes(), &mut asked, "remove it?").unwrap(), expected, "{line:?}");
            assert_eq!(asked, b"remove it? [y/N] ");
        }
    }
}
