//! A look at a delivery of decisions, applications, violations or business under way. Its rows are not compared with the register: what becomes of each
//! depends on those before it, which only the import follows.

use std::path::Path;

use domain::kind::Kind;

use super::Summary;
use crate::column::Column;
use crate::dictionary::Dictionary;
use crate::shapes::RecordShape;
use crate::shapes::delivery;

/// Reads the whole delivery.
///
/// # Errors
/// What an import would refuse the file for.
pub fn look_at_records(path: &Path, shape: RecordShape, kind: Option<Kind>) -> anyhow::Result<Summary> {
    let mut delivery = delivery::open(path, shape, kind)?;
    let header = std::sync::Arc::clone(delivery.header());
    let dictionary = Dictionary::of_shape(shape);
    let mut summary = Summary { encoding: delivery.encoding(), ..Summary::default() };
    let is_absent = |column: &Column| header.place(*column).is_none() && dictionary.preferred_title(*column) != column.as_str();
    summary.absent = Column::ALL.iter().copied().filter(|column| *column != Column::Report && is_absent(column)).collect();
    for record in &mut delivery {
        let record = record?;
        summary.add(&record.record, record.outcome, &record.findings, &header);
    }
    Ok(summary)
}
