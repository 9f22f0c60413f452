//! A believable province: legacy files, a photo archive, the configuration and what must become of every row.
//!
//! Everything follows from the [`Plan`]: the same plan writes the same bytes. No person, employer, number or telephone in it exists.

mod calendar;
mod certificate_file;
mod config;
mod crowd;
mod delivery;
mod dice;
mod employer;
mod fault;
mod names;
mod period;
mod person;
mod photo_archive;
mod plan;
mod portrait;
pub mod portraits;
mod province;
mod register;
mod register_csv;
mod register_photos;
mod row;
mod shuffle;
mod trade;

pub use delivery::deliveries;
pub use plan::Plan;
pub use province::{DeliveredFile, Province, generate};
pub use register_csv::register_csv;
pub use register_photos::register_photos;

/// Pictures for people to look at; the pipeline has no use for it.
#[doc(hidden)]
pub mod contact_sheet;
