//! The store against a real PostgreSQL, one database for each test.

#[cfg(test)]
mod attempts;
#[cfg(test)]
mod certificates_change;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod enqueueing;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod photos_decided;
#[cfg(test)]
mod rescuing;
#[cfg(test)]
mod resolving;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod sql;
#[cfg(test)]
mod staged;
#[cfg(test)]
mod stranded;
