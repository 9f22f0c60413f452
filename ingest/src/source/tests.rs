//! Files of every format, whole, damaged and hostile: every record is accounted for, and what cannot be read is told in one line within bounded memory.

mod damage;
mod formats;
mod hostile;
pub(crate) mod made;
pub(crate) mod old_workbook;
mod unfolding;
