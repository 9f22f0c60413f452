//! What rows of one delivery say about each other and about what is known: two people under one number, one person under
//! two names, older and newer rows of one certificate. Set-based, before anything is made of the rows.
//!
//! Finding the rows that may be concerned takes a pass over all of them; the rules then judge those few.

mod employers;
mod suspects;

pub use employers::link_employers;
pub use suspects::{Suspects, namesakes, suspects};

use domain::ids::BatchId;
use sqlx::PgConnection;

/// Applies the cross-row rules to the staged rows of a batch, of which the register was asked by [`crate::merge::know`]; doing it
/// again changes nothing.
///
/// Source: the dirty-data cases 14, 15, 16, 18 and 49. What a person must decide is held, on every row concerned; of
/// several rows of one certificate the newest by its issue date speaks, the older ones are kept as history, or held with it where it is held itself.
///
/// # Errors
/// The database's.
pub async fn cross_row_rules(conn: &mut PgConnection, batch: BatchId, suspects: &Suspects) -> sqlx::Result<()> {
    let Suspects { by_number, by_document, by_birth } = suspects;
    sqlx::query_file!("queries/resolve/number_of_two_people.sql", batch.0, by_number).execute(&mut *conn).await?;
    sqlx::query_file!("queries/resolve/same_id_other_name.sql", batch.0, by_document).execute(&mut *conn).await?;
    sqlx::query_file!("queries/resolve/same_name_birth_other_id.sql", batch.0, by_birth).execute(&mut *conn).await?;
    sqlx::query_file!("queries/resolve/rows_of_one_number.sql", batch.0, by_number).execute(&mut *conn).await?;
    Ok(())
}
