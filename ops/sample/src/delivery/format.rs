//! The formats in which old systems deliver; each writer takes sheets and gives bytes.

mod dbase;
mod delimited;
mod html;
mod json_lines;
mod old_workbook;
mod open_document;
mod workbook;
mod zip_archive;

pub(crate) use dbase::{Field, dbase};
pub(crate) use delimited::{Text, delimited};
pub(crate) use html::html;
pub(crate) use json_lines::json_lines;
pub(crate) use old_workbook::{day_number, old_workbook};
pub(crate) use open_document::open_document;
pub(crate) use workbook::workbook;
pub(crate) use zip_archive::{Stored, zip_archive};
