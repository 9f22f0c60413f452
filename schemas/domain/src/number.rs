//! Certificate numbers (证书编号): texts of several generations, read by the grammar of their kind, never regenerated.

mod clean;
mod fault;
mod grammar;

pub use fault::NumberFault;
pub use grammar::NumberGrammar;

use crate::category::Category;
use crate::finding::{Finding, FindingCode};
use crate::kind::Kind;

/// A certificate number in its canonical text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateNumber(String);

/// What was read from a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedNumber {
    /// The number.
    pub number: CertificateNumber,
    /// The generation to which it belongs.
    pub grammar: NumberGrammar,
    /// The year that it carries: of the first registration, or of the serial.
    pub year: Option<u16>,
    /// The category or trade that it carries.
    pub category: Option<Category>,
    /// Repairs and warnings (cases 19, 22 and 23).
    pub findings: Vec<Finding>,
}

impl CertificateNumber {
    /// Reads a number column of a kind.
    ///
    /// # Errors
    ///
    /// What no grammar of the kind admits is a fault, told apart by what seems to have happened to it.
    pub fn parse(kind: Kind, text: &str) -> Result<ParsedNumber, NumberFault> {
        let (number, mut findings) = clean::clean(text);
        if number.is_empty() {
            return Err(NumberFault::Empty);
        }
        let read = grammar::recognise(kind, &number).map_err(|fault| refine(kind, &number, fault))?;
        if read.category == Some(Category::SafetyC) {
            findings.push(Finding::about(FindingCode::OldCategoryC, text));
        }
        Ok(ParsedNumber { number: Self(number), grammar: read.grammar, year: read.year, category: read.category, findings })
    }

    /// A number as the database holds it.
    pub const fn from_stored(number: String) -> Self {
        Self(number)
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CertificateNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The canonical text of a number of whatever kind, as somebody typed it; not checked against any grammar.
pub fn canonical_text(text: &str) -> String {
    clean::clean(text).0
}

/// Tells a number that belongs to another kind from one that is damaged.
fn refine(kind: Kind, number: &str, fault: NumberFault) -> NumberFault {
    if matches!(fault, NumberFault::OutOfScope) {
        return fault;
    }
    Kind::ALL
        .iter()
        .copied()
        .filter(|other| *other != kind)
        .find(|other| grammar::recognise(*other, number).is_ok_and(|read| read.grammar != NumberGrammar::Opaque))
        .map_or(fault, NumberFault::OtherKind)
}

#[cfg(test)]
mod tests;
