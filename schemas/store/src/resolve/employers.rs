//! Employers that a delivery names by their old organisation code or by none are the same as those of that name whose unified code
//! is known. Linked by what is registered, never by a code that was made up.

use std::collections::BTreeMap;

use domain::employer::EmployerCode;
use domain::ids::BatchId;
use sqlx::PgConnection;

/// Links the employers of a batch (case 45): a code of nine characters to the unified code that holds it at its places 9 to 17, no
/// code to the only unified code of the name. Two unified codes that would fit are two firms, and nothing is linked. Doing it again
/// changes nothing.
///
/// # Errors
/// The database's.
pub async fn link_employers(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<()> {
    let told = sqlx::query_file!("queries/resolve/employers_without_unified_code.sql", batch.0).fetch_all(&mut *conn).await?;
    let mut fitting: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in told {
        if fits(&row.old, &row.unified) {
            fitting.entry((row.key, row.old)).or_default().push(row.unified);
        }
    }
    let (mut keys, mut old_codes, mut unified_codes) = (Vec::new(), Vec::new(), Vec::new());
    for ((key, old), unified) in fitting {
        if let [only] = unified.as_slice() {
            keys.push(key);
            old_codes.push(old);
            unified_codes.push(only.clone());
        }
    }
    if !keys.is_empty() {
        sqlx::query_file!("queries/resolve/link_employers.sql", batch.0, &keys, &old_codes, &unified_codes).execute(conn).await?;
    }
    Ok(())
}

/// Whether a text of eighteen characters is a unified code, and the old code a part of it.
fn fits(old: &str, candidate: &str) -> bool {
    let (candidate, _) = EmployerCode::parse(candidate);
    candidate.unified().is_some() && (old.is_empty() || candidate.organisation_part() == EmployerCode::parse(old).0.organisation_part())
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn only_a_unified_code_that_holds_the_old_one_fits() {
        let table = [
            ("400777687", "12110000400777687U", true),
            ("", "12110000400777687U", true),
            ("D2143569X", "12110000400777687U", false),
            ("400777687", "12110000400777687A", false),
            ("", "12110000400777687A", false),
            ("没有代码的单位呀", "12110000400777687U", false),
        ];
        for (old, candidate, expected) in table {
            assert_eq!(fits(old, candidate), expected, "{old} {candidate}");
        }
    }
}
