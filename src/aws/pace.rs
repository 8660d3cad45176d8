//! How fast roles are assumed: slowly while STS throttles, or refuses one account after another.
//!
//! Every run has its own pace and knows nothing of the others. At full speed, ten of them would take STS's quota from
//! everybody else in the account, and a list of made-up account numbers would do so for nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::meter::is_throttling;

/// STS allows 600 requests a second per calling account and Region (AWS T4). Others in the account need some, too.
const FAST: Duration = Duration::from_millis(2);
/// Ten slow runs together make as many requests as one fast one.
const SLOW: Duration = Duration::from_millis(20);
/// A few new accounts do not cause this many refusals in a row: the list is wrong, or meant to use up the quota.
const REFUSED_IN_A_ROW: u32 = 200;

/// The pace of one run. Clones share it. It is also an interceptor of the client that assumes the roles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pace(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    slow: bool,
    /// How often.
    slowed_down: u64,
    refused_in_a_row: u32,
}

/// How often the pace had slowed down when a call began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begun(u64);

impl Pace {
    /// The time from the beginning of one call to that of the next.
    pub(crate) fn interval(&self) -> Duration {
        if self.state().slow { SLOW } else { FAST }
    }

    /// To be called when a call begins.
    pub(crate) fn begin(&self) -> Begun {
        Begun(self.state().slowed_down)
    }

    /// STS gave a session.
    pub(crate) fn succeeded(&self, Begun(slowed_down): Begun) {
        let mut state = self.state();
        state.refused_in_a_row = 0;
        // A session that was asked for before the pace slowed down does not show that STS can take more now.
        if slowed_down == state.slowed_down {
            state.slow = false;
        }
    }

    /// STS refused an account. That alone slows nothing down: an account may be new and have no role yet.
    pub(crate) fn refused(&self) {
        let mut state = self.state();
        state.refused_in_a_row = state.refused_in_a_row.saturating_add(1);
        if state.refused_in_a_row >= REFUSED_IN_A_ROW {
            state.slow_down();
        }
    }

    fn throttled(&self) {
        self.state().slow_down();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn slow_down(&mut self) {
        // Only the change counts. If each further throttled attempt did, a call that began after the change and
        // succeeded would not end the slowness.
        if !self.slow {
            self.slow = true;
            self.slowed_down += 1;
        }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Pace {
    fn name(&self) -> &'static str {
        "Pace"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // The SDK retries what STS throttles and returns the success, so only the attempts show the throttling.
        if context.response().is_some_and(is_throttling) {
            self.throttled();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_slow_from_a_throttled_attempt_until_a_later_call_succeeds() {
        let pace = Pace::default();
        let earlier = pace.begin();
        assert_eq!(pace.interval(), FAST);

        pace.throttled();
        pace.succeeded(earlier);
        assert_eq!(pace.interval(), SLOW, "what was asked before shows nothing");

        pace.succeeded(pace.begin());
        assert_eq!(pace.interval(), FAST);
    }

    #[test]
    fn it_is_slow_from_the_two_hundredth_refusal_in_a_row() {
        let pace = Pace::default();
        let refuse = |times: u32| (0..times).for_each(|_| pace.refused());
        refuse(REFUSED_IN_A_ROW - 1);
        pace.succeeded(pace.begin());
        refuse(REFUSED_IN_A_ROW - 1);
        assert_eq!(pace.interval(), FAST, "a success lies between them");

        refuse(1);
        assert_eq!(pace.interval(), SLOW);
        refuse(1);
        pace.succeeded(pace.begin());
        assert_eq!(pace.interval(), FAST);
        refuse(1);
        assert_eq!(pace.interval(), FAST, "counted anew");
    }
}
