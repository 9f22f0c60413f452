//! Rows that the rules must look at: those that share something with another row. Found by hashes in one pass over the batch,
//! what only shares a hash is told apart by the rules.

use domain::ids::BatchId;
use sqlx::PgConnection;

use crate::binary_rows::BinaryRows;

/// Rows whose hashes are compared at once, at 48 bytes each; of a longer delivery one part of all hashes after the other.
const AT_ONCE: u64 = 1 << 20;

/// Rows of a batch that a rule must look at, by their places; more than those that it will find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suspects {
    /// Their certificate number occurs more than once.
    pub by_number: Vec<i64>,
    /// Their identity document occurs more than once.
    pub by_document: Vec<i64>,
    /// Their name and birth date occur more than once, or in the register under another document.
    pub by_birth: Vec<i64>,
}

/// The rows of a batch of so many that share something with another row of it.
///
/// # Errors
/// The database's.
pub async fn suspects(conn: &mut PgConnection, batch: BatchId, rows: i64) -> sqlx::Result<Suspects> {
    let parts = rows.unsigned_abs().div_ceil(AT_ONCE).max(1);
    let mut found = Suspects::default();
    for part in 0..parts {
        let [numbers, documents, births] = hashes(conn, batch, |hash| hash % parts == part).await?;
        found.by_number.extend(sharing(numbers));
        found.by_document.extend(sharing(documents));
        found.by_birth.extend(sharing(births));
    }
    Ok(found)
}

/// The rows whose name and birth date the register has under another document; they belong to [`Suspects::by_birth`].
///
/// # Errors
/// The database's.
pub async fn namesakes(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<i64>> {
    sqlx::query_file_scalar!("queries/resolve/namesakes.sql", batch.0).fetch_all(conn).await
}

/// A hash and its row.
type Hashed = (u64, i64);

async fn hashes(conn: &mut PgConnection, batch: BatchId, wanted: impl Fn(u64) -> bool) -> sqlx::Result<[Vec<Hashed>; 3]> {
    let query = include_str!("../../queries/resolve/hashes.sql").replace("$1", &batch.0.to_string());
    let mut found = [const { Vec::new() }; 3];
    BinaryRows::each(conn, &query, |row| {
        let row_no = row.bigint()?.unwrap_or_default();
        for hashed in &mut found {
            if let Some(hash) = row.bigint()?.map(i64::cast_unsigned).filter(|hash| wanted(*hash)) {
                hashed.push((hash, row_no));
            }
        }
        Ok(())
    })
    .await?;
    Ok(found)
}

/// The rows that share their hash with another.
fn sharing(mut hashed: Vec<Hashed>) -> Vec<i64> {
    hashed.sort_unstable();
    hashed.chunk_by(|(one, _), (other, _)| one == other).filter(|same| same.len() > 1).flatten().map(|(_, row_no)| *row_no).collect()
}

#[cfg(test)]
mod tests {
    use super::sharing;

    #[test]
    fn rows_that_share_a_hash_are_found() {
        assert_eq!(sharing(vec![(5, 1), (7, 2), (5, 3), (9, 4), (7, 5), (5, 6)]), [1, 3, 6, 2, 5]);
        assert_eq!(sharing(vec![(5, 1), (7, 2)]), [] as [i64; 0]);
    }
}
