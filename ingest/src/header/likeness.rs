//! Whether a record has the look of data: an identity number or a certificate number in any of its cells. No title and no footer has one, so such a record
//! is never passed over in silence, wherever it stands.

use domain::identity::{IdentityDocument, IdentityKind};
use domain::kind::Kind;
use domain::number::{CertificateNumber, NumberGrammar};

use crate::delimited::Record;

/// The longest text that is a number of either sort, with what may stand around it.
const LONGEST_BYTES: usize = 120;

/// Whether any cell of the record holds an identity number or a certificate number.
pub(crate) fn looks_like_data(record: &Record) -> bool {
    record.fields().any(is_persons_number)
}

/// Whether a cell holds the number of a person or of a certificate; a resident's number also where its check fails.
pub(crate) fn is_persons_number(cell: &str) -> bool {
    let cell = cell.trim();
    if cell.len() > LONGEST_BYTES || !cell.chars().any(|character| character.is_ascii_digit() || ('０'..='９').contains(&character)) {
        return false;
    }
    is_identity(cell) || Kind::ALL.iter().any(|&kind| is_number_of(kind, cell))
}

/// Whether a grammar of the kind knows the number. Where a kind has none, any short text with a digit would do.
fn is_number_of(kind: Kind, cell: &str) -> bool {
    CertificateNumber::parse(kind, cell).is_ok_and(|parsed| parsed.grammar != NumberGrammar::Opaque)
}

fn is_identity(cell: &str) -> bool {
    match IdentityDocument::parse(cell) {
        // A passport's number may be any code of a form or a date behind a letter.
        Ok((document, _)) => match document.kind() {
            IdentityKind::Resident
            | IdentityKind::ForeignPermanentResident
            | IdentityKind::HongKongMacaoPermit
            | IdentityKind::TaiwanPermit
            | IdentityKind::Officer => true,
            IdentityKind::Passport => false,
        },
        Err(_) => {
            let bare = cell.trim_start_matches(['\'', '`']);
            let digits = bare.strip_suffix(['X', 'x']).unwrap_or(bare);
            matches!(digits.len(), 15 | 17 | 18) && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_and_certificates_are_told_from_titles_and_dates() {
        for number in [
            "610103198001011233",
            " 610103198001011234 ",
            "61010319800101123x",
            "６１０１０３１９８００１０１１２３３",
            "610103800101123",
            "陕建安B（2017）0000001",
            "陕建安A(2017)0000001",
            "'610103198001011233",
        ] {
            assert!(is_persons_number(number), "{number}");
        }
        for other in ["", "证书编号", "2017年名册", "2017-05-18", "打印日期：20170518", "1", "合计 2017 人", "029-12345678", "13800138000"]
        {
            assert!(!is_persons_number(other), "{other}");
        }
        assert!(!is_persons_number(&"6".repeat(1 << 20)));
    }
}
