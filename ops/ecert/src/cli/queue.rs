//! The arguments of `ecert queue`.

use std::time::Duration;

use clap::{Args, Subcommand};
use domain::ids::BatchId;
use store::ledger::matching::JobFilter;

#[derive(Debug, Subcommand)]
pub(crate) enum Queue {
    /// Every queue and its jobs; with a filter also the jobs that match
    List {
        #[command(flatten)]
        filter: Filter,
        /// At most so many jobs
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// Jobs that failed for the last time, by queue and error code
    Dead,
    /// One job: its attempts, and what it is about
    Show {
        /// Number of the job
        id: i64,
    },
    /// Give dead jobs new attempts, and make failed ones due at once; each keeps its place in its queue
    Retry(OnAll),
    /// Decide that dead jobs are not tried again; their attempts stay on record
    Discard(OnAll),
    /// Cancel jobs that no worker holds; the batch of a cancelled import has failed
    Cancel(OnAll),
    /// Let jobs that wait begin before others, or after them
    Priority {
        /// Higher ones begin first; jobs have 0 unless somebody says otherwise
        #[arg(value_name = "N", allow_negative_numbers = true)]
        priority: i32,
        #[command(flatten)]
        meant: OnAll,
    },
    /// Let no job begin: of a queue, of a batch, or at all. Jobs that run are finished
    Pause {
        #[command(flatten)]
        scope: ScopeArgs,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
    },
    /// End a pause; without a queue or batch every pause
    Resume {
        #[command(flatten)]
        scope: ScopeArgs,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
    },
    /// Limit a queue over all workers of all hosts; without a limit, none holds any more
    Limit {
        /// The queue
        #[arg(long, value_name = "NAME", visible_alias = "kind")]
        queue: String,
        /// Jobs that run at once
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
        running: Option<i32>,
        /// Jobs that begin in a minute
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
        per_minute: Option<i32>,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
    },
    /// Let the workers of a host end when their work in hand is done, and begin nothing more there
    Drain {
        /// The host [default: this one]
        #[arg(value_name = "HOST")]
        host: Option<String>,
        /// Take it into use again
        #[arg(long)]
        undo: bool,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
    },
}

/// What a job must be to be meant.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Only this queue
    #[arg(long, value_name = "NAME", visible_alias = "kind")]
    queue: Option<String>,
    /// Only jobs in this state
    #[arg(long, value_name = "STATE", value_parser = ["waiting", "running", "retrying", "done", "dead", "cancelled"])]
    state: Option<String>,
    /// Only jobs of this batch
    #[arg(long, value_name = "ID")]
    batch: Option<i64>,
    /// Only jobs whose last failure has this code
    #[arg(long, value_name = "CODE")]
    error: Option<String>,
    /// Only jobs that came at least so long ago: 45s, 10m, 6h, 2d
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<Duration>,
}

/// An action on all jobs that match.
#[derive(Debug, Args)]
pub(crate) struct OnAll {
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// All of them, where no filter is given
    #[arg(long)]
    pub(crate) all: bool,
    /// Say how many match and show ten; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) why: String,
}

/// What is paused; nothing is everything.
#[derive(Debug, Args)]
pub(crate) struct ScopeArgs {
    /// Only this queue
    #[arg(long, value_name = "NAME", visible_alias = "kind", conflicts_with = "batch")]
    pub(crate) queue: Option<String>,
    /// Only the jobs of this batch
    #[arg(long, value_name = "ID")]
    pub(crate) batch: Option<i64>,
}

impl Filter {
    pub(crate) fn wanted(&self) -> JobFilter {
        JobFilter {
            kind: self.queue.clone(),
            state: self.state.clone(),
            batch: self.batch.map(BatchId),
            error_code: self.error.clone(),
            older_than: self.older_than,
        }
    }
}

/// `45s`, `10m`, `6h`, `2d`.
fn age(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no age; write a number with s, m, h or d, such as 10m");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u32 = text.trim_end_matches(unit).parse().map_err(|_| wrong())?;
    Ok(Duration::from_secs(u64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_with_its_unit() {
        for (text, seconds) in [("45s", 45), ("10m", 600), ("6h", 21_600), ("2d", 172_800), ("0s", 0)] {
            assert_eq!(age(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "10", "m", "-1m", "1.5h", "10 m", "5000000000d", "1w", "十分"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
