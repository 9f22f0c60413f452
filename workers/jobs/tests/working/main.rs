//! The adapter and the worker process against a real PostgreSQL, with handlers of the tests' own.

#[cfg(test)]
mod bricklayer;
#[cfg(test)]
mod draining;
#[cfg(test)]
mod halving;
#[cfg(test)]
mod leases;
#[cfg(test)]
mod one_attempt;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod private;
