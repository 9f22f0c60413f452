//! How far a public key is believed, and the line above it in a PEM file that says so: in the home's folder of retired keys and in the
//! trust files that are handed out.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Documents. Of these only revoked keys are told: others are believed through their certificates.
    Document,
    /// The statements of QR codes.
    Qr,
    /// Status lists.
    Status,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Document, Self::Qr, Self::Status];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Qr => "qr",
            Self::Status => "status",
        }
    }
}

/// How far a key is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Whatever it signs.
    InUse,
    /// What it signed up to this moment, by the time that is stated there: it signs no more.
    Retired(OffsetDateTime),
    /// Nothing, since this moment: whoever else has the key can state any time.
    Revoked(OffsetDateTime),
}

impl Standing {
    /// Retired now. The next whole second counts, since that is how codes and lists state their time.
    pub(crate) fn retired_at(now: OffsetDateTime) -> Self {
        Self::Retired(whole_seconds(now + Duration::nanoseconds(999_999_999)))
    }

    /// Revoked now.
    pub(crate) fn revoked_at(now: OffsetDateTime) -> Self {
        Self::Revoked(whole_seconds(now))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InUse => "in use",
            Self::Retired(_) => "retired",
            Self::Revoked(_) => "revoked",
        }
    }

    /// Since when it is no longer in use.
    pub(crate) fn since(self) -> Option<OffsetDateTime> {
        match self {
            Self::InUse => None,
            Self::Retired(since) | Self::Revoked(since) => Some(since),
        }
    }

    /// Of two words on the same key the one that believes less.
    pub(crate) fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Revoked(a), Self::Revoked(b)) => Self::Revoked(a.min(b)),
            (Self::Revoked(at), Self::InUse | Self::Retired(_)) | (Self::InUse | Self::Retired(_), Self::Revoked(at)) => Self::Revoked(at),
            (Self::Retired(a), Self::Retired(b)) => Self::Retired(a.min(b)),
            (Self::Retired(at), Self::InUse) | (Self::InUse, Self::Retired(at)) => Self::Retired(at),
            (Self::InUse, Self::InUse) => Self::InUse,
        }
    }
}

fn whole_seconds(moment: OffsetDateTime) -> OffsetDateTime {
    moment.to_offset(UtcOffset::UTC).replace_nanosecond(0).unwrap_or(moment)
}

/// A moment as it stands in files and answers: UTC, whole seconds.
pub(crate) fn moment_text(moment: OffsetDateTime) -> String {
    whole_seconds(moment).format(&Rfc3339).unwrap_or_else(|_| moment.to_string())
}

/// The line above a public key: what it signs, its name, how far it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) purpose: Purpose,
    pub(crate) id: String,
    pub(crate) standing: Standing,
}

impl Heading {
    pub(crate) fn to_line(&self) -> String {
        let key = format!("{} key {}", self.purpose.as_str(), self.id);
        match self.standing {
            Standing::InUse => key,
            Standing::Retired(at) => format!("{key} retired {}", moment_text(at)),
            Standing::Revoked(at) => format!("{key} revoked {}", moment_text(at)),
        }
    }

    /// Reads a whole line, in no other form than [`Self::to_line`] writes.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let (purpose, id, word) = match words.as_slice() {
            [purpose, "key", id] => (purpose, id, None),
            [purpose, "key", id, word, at] => (purpose, id, Some((*word, OffsetDateTime::parse(at, &Rfc3339).ok()?))),
            _ => return None,
        };
        let purpose = Purpose::ALL.into_iter().find(|known| known.as_str() == *purpose)?;
        let standing = match word {
            None => Standing::InUse,
            Some(("retired", at)) => Standing::Retired(at),
            Some(("revoked", at)) => Standing::Revoked(at),
            Some(_) => return None,
        };
        let told = purpose != Purpose::Document || matches!(standing, Standing::Revoked(_));
        let heading = Self { purpose, id: (*id).to_owned(), standing };
        (told && !id.is_empty() && heading.to_line() == line).then_some(heading)
    }

    /// Whether a line means to be one, well written or not.
    pub(crate) fn is_meant(line: &str) -> bool {
        Purpose::ALL.iter().any(|purpose| line.trim_start().starts_with(&format!("{} key", purpose.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const AT: OffsetDateTime = datetime!(2026-11-27 15:00:01 UTC);

    #[test]
    fn a_heading_is_read_as_it_is_written_and_in_no_other_form() {
        for (purpose, standing, line) in [
            (Purpose::Qr, Standing::InUse, "qr key 1a2b3c4d"),
            (Purpose::Status, Standing::Retired(AT), "status key 1a2b3c4d retired 2026-11-27T15:00:01Z"),
            (Purpose::Qr, Standing::Revoked(AT), "qr key 1a2b3c4d revoked 2026-11-27T15:00:01Z"),
            (Purpose::Document, Standing::Revoked(AT), "document key 1a2b3c4d revoked 2026-11-27T15:00:01Z"),
        ] {
            let heading = Heading { purpose, id: "1a2b3c4d".to_owned(), standing };
            assert_eq!(heading.to_line(), line);
            assert_eq!(Heading::of_line(line), Some(heading), "{line}");
        }
        for line in [
            "",
            "qr key",
            "qr key ",
            "qr  key 1a2b3c4d",
            "qr key 1a2b3c4d ",
            "qr key 1a2b3c4d revoked",
            "qr key 1a2b3c4d revoked yesterday",
            "qr key 1a2b3c4d Revoked 2026-11-27T15:00:01Z",
            "qr key 1a2b3c4d revoked 2026-11-27T23:00:01+08:00",
            "qr key 1a2b3c4d retired 2026-11-27T15:00:01.5Z",
            "document key 1a2b3c4d",
            "document key 1a2b3c4d retired 2026-11-27T15:00:01Z",
            "test key 1a2b3c4d",
        ] {
            assert_eq!(Heading::of_line(line), None, "{line}");
        }
        assert!(Heading::is_meant("qr key 1 revoked") && !Heading::is_meant("subject=qr key"));
    }

    #[test]
    fn of_two_words_on_a_key_the_stricter_one_counts() {
        let later = AT + Duration::HOUR;
        let (used, retired, revoked) = (Standing::InUse, Standing::Retired(AT), Standing::Revoked(later));
        for (a, b, both) in [
            (used, used, used),
            (used, retired, retired),
            (retired, Standing::Retired(later), retired),
            (retired, revoked, revoked),
            (used, revoked, revoked),
            (revoked, Standing::Revoked(AT), Standing::Revoked(AT)),
        ] {
            assert_eq!((a.stricter(b), b.stricter(a)), (both, both), "{a:?} {b:?}");
        }
    }

    #[test]
    fn what_was_signed_in_the_second_of_the_retirement_is_before_it() {
        assert_eq!(Standing::retired_at(AT + Duration::milliseconds(1)), Standing::Retired(AT + Duration::SECOND));
        assert_eq!(Standing::retired_at(AT), Standing::Retired(AT));
        assert_eq!(Standing::revoked_at(AT + Duration::milliseconds(999)), Standing::Revoked(AT));
    }
}
