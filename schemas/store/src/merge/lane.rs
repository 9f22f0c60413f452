//! What merging one step after the other keeps at hand.

use std::collections::HashMap;

use domain::ids::EmployerId;
use domain::kind::Kind;
use sqlx::PgConnection;

use super::Rules;
use crate::batches::Batch;

/// Bytes of the keys and codes of employers that are remembered; beyond, memory begins anew.
const REMEMBERED: usize = 16 << 20;

/// One of the lanes in which the steps of a batch are merged.
#[derive(Debug)]
pub struct Lane<'a> {
    pub(super) batch: &'a Batch,
    pub(super) kind: Kind,
    pub(super) rules: Rules<'a>,
    /// By match key, then by code.
    employers: HashMap<String, HashMap<String, EmployerId>>,
    /// Bytes of these keys and codes.
    remembered: usize,
}

impl<'a> Lane<'a> {
    /// A lane of a batch of certificates.
    #[must_use]
    pub fn new(batch: &'a Batch, kind: Kind, rules: Rules<'a>) -> Self {
        Self { batch, kind, rules, employers: HashMap::new(), remembered: 0 }
    }

    /// The employers of these match keys and codes, which are in the register.
    pub(super) async fn employers(
        &mut self,
        conn: &mut PgConnection,
        named: impl Iterator<Item = Option<(&str, &str)>> + Clone,
    ) -> sqlx::Result<Vec<Option<EmployerId>>> {
        if self.remembered > REMEMBERED {
            self.employers.clear();
            self.remembered = 0;
        }
        let mut known: Vec<Option<EmployerId>> = named.clone().map(|named| self.employer(named?)).collect();
        let unknown = named.clone().zip(&known).filter_map(|(named, known)| named.filter(|_| known.is_none()));
        let (keys, codes): (Vec<&str>, Vec<&str>) = unknown.unzip();
        if keys.is_empty() {
            return Ok(known);
        }
        let met = sqlx::query!(
            r#"select e.match_key, e.code, e.id as "id: EmployerId"
               from (select distinct match_key, code from unnest($1::text[], $2::text[]) as n (match_key, code)) n
               join employer e on (e.match_key, e.code) = (n.match_key, n.code)"#,
            &keys as &[&str],
            &codes as &[&str]
        )
        .fetch_all(conn)
        .await?;
        for employer in met {
            self.remembered += employer.match_key.len() + employer.code.len();
            self.employers.entry(employer.match_key).or_default().insert(employer.code, employer.id);
        }
        for (named, known) in named.zip(&mut known) {
            *known = known.or_else(|| self.employer(named?));
        }
        Ok(known)
    }

    /// The employer of a match key and code that was met.
    fn employer(&self, (key, code): (&str, &str)) -> Option<EmployerId> {
        self.employers.get(key)?.get(code).copied()
    }
}
