//! The titles in force above the rows of a batch: those that stand in no row of their file, kept here, beside header rows.

use domain::ids::BatchId;
use sqlx::PgConnection;

/// Titles and the first row below them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitlesFrom {
    /// The first row that stands below them, counted from 1.
    pub from_row: i64,
    /// The sheet that they rule; empty where the format has none.
    pub sheet: String,
    /// The titles, in the order of the cells.
    pub titles: Vec<String>,
}

/// Keeps titles that stand in no row, in the transaction that stages the rows below them. Those that are kept already stay.
///
/// # Errors
/// The database's.
pub async fn keep(conn: &mut PgConnection, batch: BatchId, found: &[TitlesFrom]) -> sqlx::Result<()> {
    for TitlesFrom { from_row, sheet, titles } in found {
        let titles: Vec<String> = titles.iter().map(|title| title.replace('\0', "\u{2400}")).collect();
        sqlx::query!(
            "insert into intake_titles (batch_id, from_row, sheet, titles) values ($1, $2, $3, $4) on conflict (batch_id, from_row) do nothing",
            batch.0,
            from_row,
            sheet.replace('\0', "\u{2400}"),
            &titles
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
