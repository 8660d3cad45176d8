//! Lambda's side: takes an event, carries out what it asks for, writes reports and answers.

mod answer;
mod delivery;
mod error;
pub mod event;
mod fleet;
mod leaving;
mod lists;
mod metrics;
mod not_described;
mod notify;
mod parts;
mod queue;
mod reporting;
mod running;
mod schedule;
mod trigger;
mod upload;

use std::time::SystemTime;

use serde_json::Value;
use tracing::{Instrument as _, error, error_span, info};

pub use self::error::HandleError;
pub use self::metrics::{Metrics, NAMESPACE};

use self::answer::{Answered, answer};
use self::delivery::{Attempt, Delivery};
use self::event::Event;
use self::metrics::Tally;
use self::parts::PartResult;
use self::schedule::Schedule;
use crate::aws::{Aws, Identity};
use crate::config::Config;
use crate::declared::Mode;

use crate::quote;

#[derive(Debug, Clone)]
pub struct Invocation {
    pub request_id: String,
    /// Names the administrator account and the partition.
    pub function_arn: String,
    /// When Lambda will stop the function.
    pub deadline: SystemTime,
}

#[derive(Debug)]
pub struct Handled {
    /// The function's answer, or why the event must be redelivered.
    pub answer: Result<Value, HandleError>,
    pub metrics: Metrics,
}

/// Handles one event.
///
/// Each part of the event is carried out, whatever happens to the others. One that is not understood fails the
/// invocation or the message after all others are done. A batch of messages is always answered, with those that must be
/// redelivered.
pub async fn handle(aws: &Aws, config: &Config, event: &Value, invocation: &Invocation) -> Handled {
    // The log's lines and the sessions in other accounts carry the same id.
    let aws = &aws.for_invocation(&invocation.request_id);
    let span = error_span!("invocation", request_id = invocation.request_id);
    measured(aws, config, event, invocation).instrument(span).await
}

async fn measured(aws: &Aws, config: &Config, event: &Value, invocation: &Invocation) -> Handled {
    let (began, before) = (aws.clock().now(), aws.calls());
    let (answer, results) = match deliver(aws, config, event, invocation).await {
        Ok((answer, results)) => (answer, results),
        Err(error) => (Err(error), Vec::new()),
    };
    if let Err(error) = &answer {
        error!(kind = error.kind(), %error, "not done");
    }
    let (ended, after) = (aws.clock().now(), aws.calls());
    let applied = results.iter().flatten().filter(|one| one.mode == Mode::Apply || one.tally.fleet.is_some());
    let metrics = Metrics {
        at: ended.into(),
        duration: ended.duration_since(began).unwrap_or_default(),
        calls: after.all - before.all,
        throttled_calls: after.throttled - before.throttled,
        runs: Tally::sum(applied.map(|answered| &answered.tally)),
    };
    Handled { answer, metrics }
}

type Answer = Result<Value, HandleError>;

async fn deliver(
    aws: &Aws,
    config: &Config,
    event: &Value,
    invocation: &Invocation,
) -> Result<(Answer, Vec<PartResult>), HandleError> {
    let identity = &Identity::from_function_arn(&invocation.function_arn)
        .ok_or_else(|| HandleError::FunctionArn(invocation.function_arn.clone()))?;
    let schedule = Schedule::until(aws.clock().now(), invocation.deadline);
    let attempt = Attempt { id: &invocation.request_id, queued: false, deliveries: 1, sent: None };
    let delivery = Delivery { aws, config, identity, schedule, attempt };
    match event::parse(event)? {
        Event::Queue(messages) => {
            let (answer, results) = Box::pin(queue::carry_out(&delivery, messages)).await;
            Ok((Ok(answer), results))
        }
        Event::Direct(parts) => {
            let results = Box::pin(parts::carry_out(&delivery, &parts)).await;
            let answered: Vec<&Answered> = results.iter().flatten().collect();
            let answer = match parts::error(&results) {
                None => Ok(answer(&answered)),
                Some(error) => {
                    // A failed invocation has no answer, so the log says where the finished reports are.
                    for answered in answered.iter().filter(|answered| answered.summary.complete) {
                        info!(
                            report = answered.location.as_deref().map(quote::key),
                            "done, although other parts are not"
                        );
                    }
                    Err(error)
                }
            };
            Ok((answer, results))
        }
    }
}
