//! A look at a delivery of decisions, applications, violations or business under way. Its rows are not compared with the register: what becomes of each
//! depends on those before it, which only the import follows.

use std::path::Path;

use domain::kind::Kind;

use super::Summary;
use crate::shapes::RecordShape;
use crate::shapes::delivery;

/// Reads the whole delivery.
///
/// # Errors
/// What an import would refuse the file for.
pub fn look_at_records(path: &Path, shape: RecordShape, kind: Option<Kind>) -> anyhow::Result<Summary> {
    let mut delivery = delivery::open(path, shape, kind)?;
    let header = std::sync::Arc::clone(delivery.header());
    let mut summary = Summary { encoding: delivery.encoding(), ..Summary::default() };
    summary.see_titles(&header);
    for record in &mut delivery {
        let record = record?;
        summary.add(&record.record, record.outcome, &record.findings, &header);
    }
    Ok(summary)
}
