//! The store against a real PostgreSQL, one database for each test.

#[cfg(test)]
mod applied;
#[cfg(test)]
mod attempts;
#[cfg(test)]
mod certificates_change;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod controls;
#[cfg(test)]
mod decided;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod enqueueing;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod locked;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod photo_cases;
#[cfg(test)]
mod photos_decided;
#[cfg(test)]
mod register_locks;
#[cfg(test)]
mod rescuing;
#[cfg(test)]
mod resolving;
#[cfg(test)]
mod resolving_rows;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod shaped;
#[cfg(test)]
mod sql;
#[cfg(test)]
mod staged;
#[cfg(test)]
mod status_statements;
#[cfg(test)]
mod stranded;
#[cfg(test)]
mod titles;
#[cfg(test)]
mod under_way;
#[cfg(test)]
mod undoing;
