//! The command line: what it accepts, in the words of the command contract.

mod keys;
mod photo;
mod queue;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::kind::Kind;
use time::Date;

pub(crate) use keys::Keys;
pub(crate) use photo::{Photo, PhotoFiles};
pub(crate) use queue::{OnAll, Queue, ScopeArgs};

/// Turns paper practice certificates into electronic ones and keeps them true every night after.
#[derive(Debug, Parser)]
#[command(name = "ecert", version, propagate_version = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command, in any position.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// One JSON document on standard output; logs go to standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Where everything lies: private database, objects, keys, configuration [env: ECERT_HOME] [default: .ecert]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// A PostgreSQL (14 or later) of your own instead of the private one [env: DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// The configuration [default: ecert.toml in the home]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The staff member who acts, where an action is audited [default: the operating system's user]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) as_staff: Option<String>,
}

impl Global {
    /// Fills what was not said from the environment. The parser is not told of the variables: it would show their options as required in its usage.
    #[expect(clippy::disallowed_methods, reason = "the edge is where the environment is read")]
    pub(crate) fn with_environment(mut self) -> Self {
        self.home = self.home.or_else(|| std::env::var_os("ECERT_HOME").map(PathBuf::from));
        self.database_url = self.database_url.or_else(|| std::env::var("DATABASE_URL").ok());
        self
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The whole pipeline on a generated province; prints a summary
    Demo {
        /// Rows of legacy records
        #[arg(long, default_value_t = 2000)]
        rows: usize,
    },
    /// Measure against a peer in one run
    #[command(subcommand)]
    Bench(Bench),
    /// Write legacy files of realistic shapes, a photo archive and ecert.toml
    Sample {
        /// Rows of legacy records over all files
        #[arg(long)]
        rows: usize,
        /// The folder to write into
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The same seed gives the same province
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The day on which the deliveries are true [default: today]
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
        as_of: Option<Date>,
        /// At most this many photos, each of which is drawn
        #[arg(long, value_name = "N", default_value_t = 20_000)]
        photos: usize,
    },
    /// The private PostgreSQL
    #[command(subcommand)]
    Db(Db),
    /// Bring the database's tables to this version; safe to repeat
    Migrate {
        /// Take our newest migrations back instead, all of them; for tests of the migrations
        #[arg(long, hide = true)]
        down: bool,
    },
    /// Document, QR and status keys
    #[command(subcommand)]
    Keys(Keys),
    /// Who may act in the department's name
    #[command(subcommand)]
    Staff(Staff),
    /// Register deliveries and have them imported
    Ingest(Ingest),
    /// Deliveries and what became of their rows
    #[command(subcommand)]
    Batch(Batch),
    /// Photos: those that wait for a reviewer, and what was decided
    #[command(subcommand)]
    Photo(Photo),
    /// Held rows: look at them and decide
    #[command(subcommand)]
    Row(Row),
    /// Do the jobs: import, photo review, issuing
    Work(Work),
    /// Run one sweep for a day
    Sweep(Sweep),
    /// The job queues
    #[command(subcommand)]
    Queue(Queue),
    /// Certificates
    #[command(subcommand)]
    Cert(Cert),
    /// Locks on certificates and persons
    #[command(subcommand)]
    Lock(Lock),
    /// Issued documents
    #[command(subcommand)]
    Document(Document),
    /// Verify an electronic certificate: its file, the text of its QR code, or both against each other
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// The PDF
    #[arg(value_name = "FILE.pdf", required_unless_present = "qr")]
    pub(crate) file: Option<PathBuf>,
    /// The text that a scanner reads from the QR code
    #[arg(long, value_name = "TEXT")]
    pub(crate) qr: Option<String>,
    /// Ask no register; the status comes from signed lists
    #[arg(long)]
    pub(crate) offline: bool,
    /// PEM file of authorities (CERTIFICATE) and of keys for codes and lists (PUBLIC KEY) to trust; may be repeated
    #[arg(long, value_name = "FILE.pem")]
    pub(crate) trust: Vec<PathBuf>,
    /// A signed status list; may be repeated
    #[arg(long, value_name = "FILE", requires = "offline")]
    pub(crate) status_list: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    /// Create it where needed, start it, migrate it
    Start,
    /// Stop it
    Stop,
    /// Where it is and what it does
    Status,
    /// Its address, for psql and others
    Url,
    /// Stop it and delete its data; asks first on a terminal
    Remove {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Staff {
    /// Add a staff member
    Add {
        /// The name for --as-staff
        name: String,
    },
    /// All staff members
    List,
    /// Disable a staff member; their name stays in the audit
    Disable {
        /// The name
        name: String,
    },
    /// Let a disabled staff member act again
    Enable {
        /// The name
        name: String,
    },
}

/// The shapes of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// Records of paper certificates
    Certificates,
    /// Decisions: renewals, changes, cancellations and the like
    Decisions,
    /// Applications for the electronic certificate
    Applications,
    /// Violations, which become locks
    Violations,
    /// Business under way, which the expiry sweep spares
    Pending,
    /// Photos named by ID number, as a folder or a ZIP, TAR or TAR.GZ archive
    Photos,
}

/// When certificates of a delivery are issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IssuePolicy {
    /// All that may be issued
    All,
    /// When the holder or the employer applies
    OnApplication,
}

#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// Files, or folders of photos
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What they hold
    #[arg(long = "as", value_enum, value_name = "SHAPE")]
    pub(crate) shape: Shape,
    /// The kind of certificate: constructor, architect, structural-engineer, safety-personnel, special-operation, post-training
    #[arg(long, value_parser = kind, required_if_eq("shape", "certificates"))]
    pub(crate) kind: Option<Kind>,
    /// How these files differ from others: columns, dates, words, codes, defaults (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// The day on which the delivery was true, from 1990 until today [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = past_day)]
    pub(crate) as_of: Option<Date>,
    /// Read and judge every row, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Which certificates become electronic [default: on-application]
    #[arg(long, value_enum)]
    pub(crate) issue: Option<IssuePolicy>,
    /// Import here and now, and wait for its end
    #[arg(long)]
    pub(crate) wait: bool,
    /// Exit with 3 when rows were held or rejected; implies --wait
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Batch {
    /// All deliveries, newest first
    List,
    /// One delivery and its totals
    Show {
        /// Number of the batch
        id: i64,
    },
    /// Write every row that is not plainly loaded, with its reasons
    Report {
        /// Number of the batch
        id: i64,
        /// A .csv or .xlsx file; in .xlsx, ID numbers stay text when the file is corrected in a spreadsheet program
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Write over a file of that name; without it, that file is kept beside the report under a name of its own
        #[arg(long)]
        force: bool,
    },
    /// Withdraw a delivery from which nothing was issued
    Undo {
        /// Number of the batch
        id: i64,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Row {
    /// Held rows, the newest delivery first
    List {
        /// Only those of this batch
        #[arg(long, value_name = "ID")]
        batch: Option<i64>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 200)]
        limit: u32,
    },
    /// One row: its cells, what was found, and what stands against it in the register
    Show {
        /// Batch and row, such as 12.345, or batch and line of the file, such as 12:346
        #[arg(value_name = "BATCH.ROW", value_parser = row_name)]
        id: RowName,
    },
    /// Decide about a held row, once
    #[command(group = clap::ArgGroup::new("decision").required(true).multiple(true).args(["accept", "set", "merge", "refuse"]))]
    Resolve {
        /// Batch and row, such as 12.345, or batch and line of the file, such as 12:346
        #[arg(value_name = "BATCH.ROW", value_parser = row_name)]
        id: RowName,
        /// Take it as it was read, although something was found
        #[arg(long, conflicts_with_all = ["merge", "refuse"])]
        accept: bool,
        /// Correct a cell, named by its title or column code; may be repeated
        #[arg(long, value_name = "COLUMN=VALUE", value_parser = assignment, conflicts_with = "refuse")]
        set: Vec<(String, String)>,
        /// The holder is this known person
        #[arg(long, value_name = "PERSON", conflicts_with = "refuse")]
        merge: Option<i64>,
        /// Reject it
        #[arg(long)]
        refuse: bool,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Work {
    /// Only this queue; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) queue: Vec<String>,
    /// End when nothing is left to do, leases and pending retries included
    #[arg(long)]
    pub(crate) until_idle: bool,
    /// Jobs of one queue at once [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: Option<u16>,
    /// Crash drill: die after this step of issuing (begin, order, make, write, finish)
    #[arg(long, hide = true, value_name = "STEP")]
    pub(crate) crash_after: Option<String>,
    /// Crash drill: stand still after this step of issuing until SIGCONT comes
    #[arg(long, hide = true, value_name = "STEP")]
    pub(crate) stop_after: Option<String>,
    /// Drill: sign with fresh randomness, as hardware modules do
    #[arg(long, hide = true)]
    pub(crate) randomised_keys: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sweep {
    /// Name of the sweep: expire-certificates, enqueue-ready, publish-status-lists or collect-orphans
    pub(crate) name: String,
    /// The civil day of Asia/Shanghai
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) today: Date,
    /// Count, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// The whole review of photos on one core, with the split by step
    Photos {
        /// Photos of each size
        #[arg(long, value_name = "N", default_value_t = 200)]
        count: usize,
        /// Measure these files instead of drawn portraits; may be repeated
        #[arg(long, value_name = "FILE")]
        photo: Vec<PathBuf>,
    },
    /// Issuing: rendering alone and everything up to the signed file on one core, step by step, and the whole way through the queue
    Issue {
        /// Certificates of each measurement on one core
        #[arg(long, value_name = "N", default_value_t = 20_000)]
        count: usize,
        /// Measure the peer in turn: a folder that shared/bench/peer_setup.sh prepared
        #[arg(long, value_name = "DIR")]
        peer: Option<PathBuf>,
        /// Measure the whole way, too: a folder that does not exist yet, for home and database; it is removed afterwards
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// Certificates of the whole way; ten thousand are measured, too
        #[arg(long, value_name = "N", default_value_t = 200_000, requires = "dir")]
        certificates: u64,
    },
    /// A register from file to certificates, against psql's \\copy of the same file into a table of texts
    Ingest {
        /// Rows of the larger register; a tenth of it is measured, too
        #[arg(long, default_value_t = 1_000_000)]
        rows: u64,
        /// A folder that does not exist yet, for the files and databases of the measurement; it is removed afterwards
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Cert {
    /// One certificate, and every reason against its document
    Show {
        /// Certificate number
        number: String,
    },
    /// Everything that happened to it
    History {
        /// Certificate number
        number: String,
    },
    /// Certificates that wait for a person, and why: a name that no font can show, a page that cannot be made
    Held {
        /// Only those held for this reason, such as missing-glyph
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
    },
    /// Let held certificates go on to issuing, once what held them is mended
    Release {
        /// Certificate numbers
        #[arg(required_unless_present = "reason", conflicts_with = "reason")]
        number: Vec<String>,
        /// All that are held for this reason
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
        /// What was mended or checked
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// Change nothing; say how many would be released and show ten
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Lock {
    /// Lock a certificate or a person at once
    Add {
        /// Certificate number
        #[arg(required_unless_present = "person")]
        number: Option<String>,
        /// Number of the person, instead of a certificate
        #[arg(long, value_name = "ID", conflicts_with = "number")]
        person: Option<i64>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        cause: String,
        /// Last day, when the lock ends by itself
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
        until: Option<Date>,
    },
    /// Lift a lock
    Lift {
        /// Number of the lock
        lock: i64,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// All locks, those in force first
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Document {
    /// Write the newest signed status list to a file, for those who verify without asking
    StatusList {
        /// Number of the list
        #[arg(default_value_t = 1, value_parser = clap::value_parser!(i32).range(1..))]
        number: i32,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write the newest document of a certificate to a file
    Get {
        /// Certificate number
        number: String,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

fn kind(text: &str) -> Result<Kind, String> {
    text.parse()
        .map_err(|_| format!("no such kind; there are {}", Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")))
}

/// How a row is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowName {
    /// By its batch and its place there.
    Place(i64, i64),
    /// By its batch and the line of the file, as the report tells it.
    Line(i64, i64),
}

fn row_name(text: &str) -> Result<RowName, String> {
    let parts = |by| text.split_once(by).and_then(|(batch, row)| Some((batch.parse().ok()?, row.parse().ok()?)));
    let place = parts('.').map(|(batch, row)| RowName::Place(batch, row));
    place.or_else(|| parts(':').map(|(batch, line)| RowName::Line(batch, line))).ok_or_else(|| {
        "a row is named by its batch and its place there, such as 12.345, or by its batch and the line that the report tells, such as 12:346; \
         `ecert row list` shows them"
            .to_owned()
    })
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, value)) if !column.trim().is_empty() => Ok((column.trim().to_owned(), value.trim().to_owned())),
        Some(_) | None => Err("write COLUMN=VALUE, for example 有效期至=2027-05-31".to_owned()),
    }
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, time::macros::format_description!("[year]-[month]-[day]")).map_err(|_| {
        let form = |(place, c): (usize, char)| if matches!(place, 4 | 7) { c == '-' } else { c.is_ascii_digit() };
        if text.chars().count() == 10 && text.chars().enumerate().all(form) {
            format!("there is no day {text} in the calendar")
        } else {
            "a day is written YYYY-MM-DD, for example 2026-10-31".to_owned()
        }
    })
}

/// The first year in which a register can have been true: the earliest of these certificates were issued in it.
const FIRST_YEAR: i32 = 1990;

/// A day on which a delivery can have been true.
fn past_day(text: &str) -> Result<Date, String> {
    let day = day(text)?;
    let today = crate::app::today();
    if day.year() < FIRST_YEAR {
        return Err(format!("no delivery was true on {day}, before {FIRST_YEAR}; give the day on which its rows were true"));
    }
    if day > today {
        return Err(format!(
            "{day} is still to come (today is {today}); give the day on which the delivery's rows were true, at the latest today"
        ));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn a_day_is_told_apart_from_one_that_does_not_exist_and_from_one_that_no_delivery_can_have() {
        assert_eq!(day("2026-02-30").unwrap_err(), "there is no day 2026-02-30 in the calendar");
        assert_eq!(day("30.02.2026").unwrap_err(), "a day is written YYYY-MM-DD, for example 2026-10-31");
        assert!(past_day("1989-12-31").unwrap_err().contains("before 1990"));
        assert!(past_day("9999-12-31").unwrap_err().contains("still to come"));
        assert!(past_day("1990-01-01").is_ok() && past_day(&crate::app::today().to_string()).is_ok());
    }

    #[test]
    fn the_help_names_every_sweep() {
        let help = Cli::command().find_subcommand_mut("sweep").unwrap().render_long_help().to_string();
        for sweep in scheduler::SWEEPS {
            assert!(help.contains(sweep), "{sweep}: {help}");
        }
    }

    #[test]
    fn a_row_is_named_by_its_place_or_by_its_line() {
        assert_eq!((row_name("8.41"), row_name("8:42")), (Ok(RowName::Place(8, 41)), Ok(RowName::Line(8, 42))));
        assert!(row_name("841").is_err() && row_name("8.x").is_err());
    }
}
