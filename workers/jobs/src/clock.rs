//! Where handlers get the time from: the edge passes it in, tests pass what they need.

use std::sync::Arc;

use time::{Date, OffsetDateTime};

/// A source of the present time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: OffsetDateTime) -> Self {
        Self::new(move || at)
    }

    /// The present time.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        (self.0)()
    }

    /// The present civil day of Asia/Shanghai.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().to_offset(domain::civil_date::SHANGHAI).date()
    }
}
