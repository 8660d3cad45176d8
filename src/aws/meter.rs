//! Counts calls, attempt by attempt, and those that AWS throttles.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Calls since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// Each attempt counts.
    pub all: u64,
    pub throttled: u64,
}

/// An interceptor that counts. Clones share the counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    all: AtomicU64,
    throttled: AtomicU64,
}

impl Meter {
    pub(super) fn calls(&self) -> Calls {
        Calls { all: self.0.all.load(Ordering::Relaxed), throttled: self.0.throttled.load(Ordering::Relaxed) }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.all.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().is_some_and(is_throttling) {
            self.0.throttled.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Whether an answer says "too many": by its status, or by the name of the error. STS has that in the body only
/// (AWS W10).
pub(super) fn is_throttling(response: &HttpResponse) -> bool {
    let status = response.status().as_u16();
    let says_so = |text: &str| {
        ["Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown"].iter().any(|name| text.contains(name))
    };
    let body = || response.body().bytes().and_then(|body| std::str::from_utf8(body).ok()).is_some_and(says_so);
    status == 429 || status >= 400 && (response.headers().get("x-amzn-errortype").is_some_and(says_so) || body())
}
