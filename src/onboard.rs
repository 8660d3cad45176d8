//! The loop in which the pure part meets AWS: an event comes in, memberships are settled, reports go out.

mod chunk;
mod foretell;
mod ground;
mod member;
mod run;
mod shared;
mod trigger;

use std::time::{Duration, SystemTime};

use serde_json::Value;
use thiserror::Error;
use tracing::{error, info};

use crate::aws::{Aws, Home, WriteError};
use crate::config::Config;
use crate::event::{self, Trigger, UnknownEvent};
use crate::report::{Answered, answer};

/// What Lambda says about one invocation.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Lambda's id of it.
    pub request_id: String,
    /// The invoked function's ARN: it names the administrator account and the partition.
    pub function_arn: String,
    /// When Lambda will stop it.
    pub deadline: SystemTime,
}

/// Why an invocation fails. Lambda delivers an S3 or EventBridge event again then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HandleError {
    /// The event is none that we know.
    #[error(transparent)]
    Event(#[from] UnknownEvent),
    /// The ARN has another form than Lambda's.
    #[error("the function's ARN is {0:?}, expected arn:aws:lambda:us-east-1:123456789012:function:name")]
    FunctionArn(String),
    /// S3 did not give the list, though trying again may help.
    #[error("the list s3://{bucket}/{key} could not be read: {quoted}")]
    List {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// What AWS says.
        quoted: String,
    },
    /// `REGIONS=all`, and the account service did not list them.
    #[error("REGIONS is all, but the enabled Regions could not be listed: {0}")]
    Regions(String),
    /// A report could not be written.
    #[error(transparent)]
    Report(#[from] WriteError),
    /// Everything went its way, but not to the end.
    #[error(
        "{pending} of {memberships} memberships are pending, see {location}; failing so that the event is delivered again"
    )]
    Pending {
        /// Memberships that are not enabled yet.
        pending: usize,
        /// All memberships.
        memberships: usize,
        /// The report.
        location: String,
    },
    /// Several lists arrived in one event and more than one failed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<HandleError>),
}

impl HandleError {
    /// Its name in Lambda's error report.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) => "UnknownEvent",
            Self::FunctionArn(_) => "FunctionArn",
            Self::List { .. } => "ListNotRead",
            Self::Regions(_) => "RegionsNotListed",
            Self::Report(_) => "ReportNotWritten",
            Self::Pending { .. } => "Pending",
            Self::Several(_) => "Several",
        }
    }
}

/// Handles one event: the function's answer, or why it must be delivered again.
///
/// Each list of the event is carried out, whatever became of the others.
pub async fn handle(aws: &Aws, config: &Config, event: &Value, invocation: &Invocation) -> Result<Value, HandleError> {
    let home = Home::of_function(&invocation.function_arn)
        .ok_or_else(|| HandleError::FunctionArn(invocation.function_arn.clone()))?;
    let now = aws.clock().now();
    let deadline = aws.clock().instant(work_ends(now, invocation.deadline));
    let deliver = trigger::Delivery { aws, config, home: &home, request_id: &invocation.request_id, deadline };

    let mut answers = Vec::new();
    let mut errors = Vec::new();
    for trigger in event::parse(event)? {
        let done = match trigger {
            Trigger::Nothing(why) => {
                info!(why, "nothing to do");
                continue;
            }
            Trigger::Upload(upload) if upload.key.starts_with(&config.report_prefix) => {
                info!(bucket = upload.bucket, key = upload.key, "nothing to do: the upload is a report");
                continue;
            }
            Trigger::Upload(upload) => deliver.upload(&upload).await,
            Trigger::Request(request) => deliver.request(&request).await,
        };
        match done {
            Ok(answered) => {
                errors.extend(pending(&answered));
                answers.push(answered);
            }
            Err(error) => errors.push(error),
        }
    }
    for error in &errors {
        error!(%error, "not done");
    }
    match errors.len() {
        0 => Ok(answer(answers)),
        1 => Err(errors.remove(0)),
        _ => Err(HandleError::Several(errors)),
    }
}

/// An upload with something pending fails, so that it is delivered again; whoever asks directly reads the answer.
fn pending(answered: &Answered) -> Option<HandleError> {
    let summary = &answered.report.summary;
    (!answered.whole && !summary.complete).then(|| HandleError::Pending {
        pending: summary.pending,
        memberships: summary.memberships,
        location: answered.location.clone().unwrap_or_default(),
    })
}

/// Lambda's own limit (AWS Lambda quotas). Lambda never invokes past a deadline, so one that is past is none: `cargo
/// lambda watch` sends 600,000 ms since 1970.
const LONGEST_INVOCATION: Duration = Duration::from_secs(900);

/// When onboarding must stop so that the report can still be written: a tenth of the time before the end, but at
/// least a second and at most the 30 seconds that an AWS operation may take.
fn work_ends(now: SystemTime, deadline: SystemTime) -> SystemTime {
    let left = deadline.duration_since(now).unwrap_or(LONGEST_INVOCATION);
    let reserve = (left / 10).clamp(Duration::from_secs(1), Duration::from_secs(30));
    now + left.saturating_sub(reserve)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn time_is_kept_for_the_report() {
        let now = UNIX_EPOCH + Duration::from_secs(1_767_268_800);
        let ends_after = |deadline| work_ends(now, deadline).duration_since(now).unwrap_or_default().as_secs();
        assert_eq!(ends_after(now + Duration::from_secs(900)), 870);
        assert_eq!(ends_after(now + Duration::from_secs(60)), 54);
        assert_eq!(ends_after(now + Duration::from_secs(3)), 2);
        assert_eq!(ends_after(UNIX_EPOCH + Duration::from_secs(600)), 870, "a deadline of 1970");
    }
}
