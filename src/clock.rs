//! The one clock: deadlines, the SDK's signatures and the report's times all come from here.

use std::time::SystemTime;

use aws_smithy_async::time::TimeSource;
use tokio::time::Instant;

/// Tells the time of day.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Source);

#[derive(Debug, Clone, Copy)]
enum Source {
    System,
    Tokio { began: Instant, at: SystemTime },
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `at` now and then follows tokio's, which tests can pause. Not for Lambda: a function that is
    /// frozen between invocations would come back with signatures of the past.
    #[must_use]
    pub fn following_tokio(at: SystemTime) -> Self {
        Self(Source::Tokio { began: Instant::now(), at })
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        match self.0 {
            Source::System => SystemTime::now(),
            Source::Tokio { began, at } => at + began.elapsed(),
        }
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        Clock::now(self)
    }
}
