//! Figures of the review: kept up as decisions fall, so that nobody counts them.

use sqlx::PgConnection;
use time::OffsetDateTime;

/// What can be decided about a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Good for a certificate.
    Approved,
    /// Left to a person.
    Held,
    /// Not usable.
    Rejected,
}

impl Decision {
    /// Stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Decision::Approved => "approved",
            Decision::Held => "held",
            Decision::Rejected => "rejected",
        }
    }
}

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decider {
    /// The automatic checks.
    Checks,
    /// A reviewer.
    Person,
}

impl Decider {
    const fn as_str(self) -> &'static str {
        match self {
            Decider::Checks => "checks",
            Decider::Person => "person",
        }
    }
}

/// Adds to the tally of the hour; a decision that is taken back counts off.
///
/// # Errors
/// The database's.
pub async fn count(conn: &mut PgConnection, decider: Decider, decision: &str, n: i64) -> sqlx::Result<()> {
    if n == 0 {
        return Ok(());
    }
    sqlx::query!(
        "insert into photo_tally (hour, decider, decision, n) values (date_trunc('hour', now(), 'UTC'), $1, $2, $3)
         on conflict (hour, decider, decision) do update set n = photo_tally.n + excluded.n",
        decider.as_str(),
        decision,
        n
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The state of the review.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Photos that wait for a person, claimed ones among them.
    pub waiting: i64,
    /// Those of them that a reviewer holds now.
    pub claimed: i64,
    /// Since when the oldest waits.
    pub oldest_since: Option<OffsetDateTime>,
    /// Decisions of people in the hour that runs.
    pub decisions_this_hour: i64,
    /// Decisions of people in the whole hour before.
    pub decisions_last_hour: i64,
    /// Photos approved or rejected by the checks alone.
    pub automatic: i64,
    /// Photos approved or rejected by people.
    pub human: i64,
    /// Appeals.
    pub appealed: i64,
    /// Rejections that a second reviewer turned into approvals.
    pub overturned: i64,
    /// Decisions that reviewers took back themselves.
    pub taken_back: i64,
}

/// Reads the figures; those of decisions since a moment.
///
/// # Errors
/// The database's.
pub async fn read(conn: &mut PgConnection, since: OffsetDateTime) -> sqlx::Result<Statistics> {
    let row = sqlx::query_file!("queries/photos/statistics.sql", since).fetch_one(conn).await?;
    Ok(Statistics {
        waiting: row.waiting,
        claimed: row.claimed,
        oldest_since: row.oldest_since,
        decisions_this_hour: row.this_hour,
        decisions_last_hour: row.last_hour,
        automatic: row.automatic,
        human: row.human,
        appealed: row.appealed,
        overturned: row.overturned,
        taken_back: row.taken_back,
    })
}
