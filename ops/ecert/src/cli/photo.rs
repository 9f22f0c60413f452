//! The arguments of `ecert photo`.

use std::path::PathBuf;

use clap::{Args, Subcommand, value_parser};

#[derive(Debug, Subcommand)]
pub(crate) enum Photo {
    /// Photos that wait for a reviewer, oldest first; with --state others, newest first
    List {
        /// Only those in this state, wherever they wait
        #[arg(long, value_name = "STATE", value_parser = ["received", "approved", "held", "rejected", "replaced", "withdrawn", "unmatched"])]
        state: Option<String>,
        /// Only those of this delivery
        #[arg(long, value_name = "ID")]
        batch: Option<i64>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Everything about one photo: its checks, decisions and files
    Show {
        /// Number of the photo
        id: i64,
        #[command(flatten)]
        files: PhotoFiles,
    },
    /// Take the photo that has waited longest; nobody else gets it until the lease ends
    Next {
        #[command(flatten)]
        files: PhotoFiles,
    },
    /// Approve a photo; its holder's certificates go on at once
    Approve {
        /// Number of the photo
        id: i64,
        /// What the record should say beside it
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        #[command(flatten)]
        after: PhotoAfter,
    },
    /// Reject a photo, with the reasons that its holder reads
    Reject {
        /// Number of the photo
        id: i64,
        /// A reason; may be repeated, `ecert photo reasons` lists them
        #[arg(long = "reason", value_name = "CODE", required = true)]
        reasons: Vec<String>,
        /// What its holder should read beside it
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        #[command(flatten)]
        after: PhotoAfter,
    },
    /// Take your own decision back while its lease runs
    Undo {
        /// Number of the photo
        id: i64,
    },
    /// Give a photo back that you took
    Release {
        /// Number of the photo
        id: i64,
    },
    /// The reasons for a rejection
    Reasons,
    /// A holder's own photo: stored, checked as an upload
    Add {
        /// Number of a certificate, or of the holder's document
        number: String,
        /// The photo
        file: PathBuf,
    },
    /// The holder does not accept the rejection: another reviewer decides
    Appeal {
        /// Number of the photo
        id: i64,
        /// What the holder says
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// What the automatic checks say about a file; nothing is stored
    Check {
        /// The photo
        file: PathBuf,
        /// Whose thresholds
        #[arg(long, value_parser = ["legacy", "upload"], default_value = "upload")]
        policy: String,
        /// Write the portrait that would be printed
        #[arg(long, value_name = "FILE.jpg")]
        portrait: Option<PathBuf>,
    },
    /// How the review goes: what waits, how fast it is decided, and by whom
    Stats {
        /// Decisions of the last so many days
        #[arg(long, value_name = "N", default_value_t = 30, value_parser = value_parser!(u16).range(1..))]
        days: u16,
    },
}

/// Where the pictures of a photo are written for looking at them.
#[derive(Debug, Args)]
pub(crate) struct PhotoFiles {
    /// Write the original as it came
    #[arg(long, value_name = "FILE")]
    pub(crate) original: Option<PathBuf>,
    /// Write the portrait as it would be printed
    #[arg(long, value_name = "FILE.jpg")]
    pub(crate) portrait: Option<PathBuf>,
}

/// What comes after a decision.
#[derive(Debug, Args)]
pub(crate) struct PhotoAfter {
    /// Take the photo that has waited longest then, as `photo next` does
    #[arg(long)]
    pub(crate) next: bool,
    /// Write the original of that one
    #[arg(long, value_name = "FILE", requires = "next")]
    original: Option<PathBuf>,
    /// Write the portrait of that one
    #[arg(long, value_name = "FILE.jpg", requires = "next")]
    portrait: Option<PathBuf>,
}

impl PhotoAfter {
    /// Where the pictures of the next photo are written; nothing where no next one is wanted.
    pub(crate) fn files(self) -> Option<PhotoFiles> {
        self.next.then_some(PhotoFiles { original: self.original, portrait: self.portrait })
    }
}
