//! Delivered files become rows with outcomes, and rows become certificates. The reading half is pure over bytes and streams in constant memory.

pub mod certificate_file;
pub mod certificate_row;
pub mod column;
pub mod delimited;
pub mod dictionary;
pub mod digest;
pub mod dry_run;
pub mod header;
pub mod import_certificates;
mod import_job;
pub mod import_photos;
pub mod import_records;
pub mod photo_archive;
pub mod profile;
pub mod register;
pub mod report_csv;
pub mod report_layout;
pub mod report_xlsx;
pub mod row_correction;
mod serial_days;
pub mod shapes;
pub mod source;
mod staging;
pub mod text_encoding;
mod titles_in_force;
