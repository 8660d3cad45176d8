//! The one clock, for deadlines, the SDK's signatures and the report's times.

use std::time::SystemTime;

use aws_smithy_async::time::TimeSource;
use tokio::time::Instant;

#[derive(Debug, Clone, Copy)]
pub struct Clock(Source);

#[derive(Debug, Clone, Copy)]
enum Source {
    System,
    Tokio { began: Instant, at: SystemTime },
}

impl Clock {
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `at` now and then follows tokio's, which tests can pause. Not for Lambda: a function that was
    /// frozen between invocations would sign with a time of the past.
    #[must_use]
    pub fn following_tokio(at: SystemTime) -> Self {
        Self(Source::Tokio { began: Instant::now(), at })
    }

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
