//! Delivered files become rows with outcomes, and rows become certificates. The reading half is pure over bytes and streams in constant memory.

pub mod certificate_file;
pub mod certificate_row;
pub mod column;
pub mod delimited;
pub mod dictionary;
pub mod digest;
pub mod header;
pub mod import_certificates;
pub mod import_photos;
pub mod photo_archive;
pub mod register;
pub mod report_csv;
mod staging;
pub mod text_encoding;
