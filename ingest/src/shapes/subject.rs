//! Whom and which certificate a row names. The kind follows from the number where its grammar tells it.

use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;
use domain::number::{CertificateNumber, NumberGrammar, ParsedNumber, canonical_text};
use store::records::Subject;

use crate::certificate_row::cells::Cells;
use crate::certificate_row::holder;
use crate::column::Column;

/// Reads the subject; a row without a number speaks of a person where `may_lack_number` holds.
pub(super) fn read(kind: Option<Kind>, cells: &mut Cells<'_>, may_lack_number: bool) -> Option<Subject> {
    let name = holder::name(cells);
    let identity = holder::identity(cells);
    let text = cells.text(Column::Number);
    let number = if text.is_empty() {
        if !may_lack_number {
            cells.note(Column::Number, Finding::new(FindingCode::RequiredMissing));
            return None;
        }
        None
    } else {
        Some(number(kind, cells, text))
    };
    let (name, identity) = (name?, identity?);
    let (number, kind) = number.map_or((None, None), |(number, kind)| (Some(number), kind));
    Some(Subject {
        number,
        kind: kind.map(|kind| kind.as_str().to_owned()),
        name: name.as_printed().to_owned(),
        id_kind: identity.kind().as_str().to_owned(),
        id_number: identity.number().to_owned(),
    })
}

/// The canonical text and the kind that its grammar tells. What no grammar knows is looked up as it is.
fn number(kind: Option<Kind>, cells: &mut Cells<'_>, text: &str) -> (String, Option<Kind>) {
    let read = |kind: Kind| CertificateNumber::parse(kind, text).ok().map(|parsed| (kind, parsed));
    let told = |(_, parsed): &(Kind, ParsedNumber)| parsed.grammar != NumberGrammar::Opaque;
    let found = kind.and_then(read).or_else(|| Kind::ALL.iter().copied().filter_map(read).find(told));
    match found {
        Some((kind, parsed)) => {
            // What the certificate itself should be mended in is no matter of this row.
            let repairs = parsed.findings.into_iter().filter(|finding| finding.code != FindingCode::OldCategoryC);
            cells.note_all(Column::Number, repairs);
            (parsed.number.as_str().to_owned(), Some(kind))
        }
        None => (canonical_text(text), None),
    }
}
