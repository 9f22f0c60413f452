//! Faults that are planted into rows, each with what must become of its row: what the rules say, not what a reader did.

mod certificate;
mod holder;
mod pair;
mod period;
mod workbook;

use domain::finding::FindingCode;

pub(crate) use certificate::CERTIFICATE;
pub(crate) use holder::{HOLDER, PRIVATE_USE};
pub(crate) use pair::PAIRS;
pub(crate) use period::{PERIOD, WITHOUT_BASE};
pub(crate) use workbook::{CUT, WORKBOOK};

use super::draft::Draft;
use super::sheet::Expected;

/// A fault of one row.
pub(crate) struct Plant {
    pub(crate) why: &'static str,
    /// Case of the catalogue of dirty data, where there is one.
    pub(crate) case: Option<u8>,
    pub(crate) outcomes: &'static [&'static str],
    pub(crate) codes: &'static [FindingCode],
    /// Whether a sound row can carry it.
    pub(crate) fits: fn(&Draft) -> bool,
    pub(crate) put: fn(&mut Draft),
}

impl Plant {
    pub(crate) fn put_into(&self, draft: &mut Draft) {
        (self.put)(draft);
        draft.expected = Expected::row(self.outcomes, self.codes, self.why, self.case);
    }
}

const LOADED: &[&str] = &["loaded"];
const WARNED: &[&str] = &["warned"];
const HELD: &[&str] = &["held"];
const REJECTED: &[&str] = &["rejected"];

const fn any(_: &Draft) -> bool {
    true
}

/// A plant of a numbered case; a case of 0 is none of the catalogue's.
const fn plant(
    case: u8,
    why: &'static str,
    outcomes: &'static [&'static str],
    codes: &'static [FindingCode],
    fits: fn(&Draft) -> bool,
    put: fn(&mut Draft),
) -> Plant {
    let case = if case == 0 { None } else { Some(case) };
    Plant { why, case, outcomes, codes, fits, put }
}
