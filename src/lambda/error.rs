//! Why an invocation or a message failed. Lambda or SQS will redeliver it.

use strum::IntoStaticStr;
use thiserror::Error;

use super::event::{UnknownEvent, Upload};
use crate::account::AccountId;
use crate::aws::WriteError;
use crate::quote;

/// Why an invocation or a message failed. A variant's name is its error type in Lambda's report.
#[derive(Debug, Clone, PartialEq, Eq, Error, IntoStaticStr)]
pub enum HandleError {
    #[error(transparent)]
    UnknownEvent(#[from] UnknownEvent),
    #[error("the function's ARN is {:?}, expected arn:aws:lambda:us-east-1:123456789012:function:name", quote::name(.0))]
    FunctionArn(String),
    /// The run did not begin.
    #[error("time ran out before {0} could be read; nothing was touched")]
    NoTime(String),
    /// Trying again may help.
    #[error("the list s3://{bucket}/{} could not be read: {quoted}", quote::key(.key))]
    ListNotRead { bucket: String, key: String, quoted: String },
    /// It lets accounts go, and only the current version may.
    #[error("whether s3://{bucket}/{} is still the current list could not be found out: {quoted}; nothing was touched", quote::key(.key))]
    NotKnownToBeCurrent { bucket: String, key: String, quoted: String },
    #[error("the lists in s3://{bucket} could not be listed: {quoted}; nothing was touched")]
    ListsNotListed { bucket: String, quoted: String },
    #[error("Organizations did not describe account {account}: {quoted}; nothing was touched")]
    AccountNotDescribed {
        account: AccountId,
        /// AWS's words, and the cure if there is one.
        quoted: String,
    },
    #[error("REPORT_BUCKET is not set, so there is no bucket for the report on account {0}; nothing was touched")]
    NoReportBucket(AccountId),
    #[error("REPORT_BUCKET is not set, so there are no lists to reconcile; nothing was touched")]
    NoBucketToReconcile,
    #[error("REGIONS is all, but the enabled Regions could not be listed: {0}")]
    RegionsNotListed(String),
    #[error(transparent)]
    ReportNotWritten(#[from] WriteError),
    /// The run itself did not fail.
    #[error(
        "{pending} of {memberships} memberships are pending ({out_of_time} ran out of time), see {}; \
         failing this delivery so that it is retried",
        location.as_deref().map_or_else(|| "the log".into(), quote::key)
    )]
    Pending {
        pending: usize,
        /// How many of the pending ones only lacked time.
        out_of_time: usize,
        memberships: usize,
        /// Of the report, if there is one.
        location: Option<String>,
    },
    /// A bug of ours. The panic hook has written it to the log.
    #[error("the run stopped because of a bug (a panic, see the log)")]
    Panic,
    /// More than one part of an event failed.
    #[error("{}", several(.0))]
    Several(Vec<HandleError>),
}

/// The first ten, shortened, then how many others there are.
fn several(errors: &[HandleError]) -> String {
    let in_short = |error: &HandleError| {
        let text = error.to_string();
        let end = text.floor_char_boundary(350);
        if end < text.len() { format!("{}…", &text[..end]) } else { text }
    };
    let mut said: Vec<String> = errors.iter().take(10).map(in_short).collect();
    if errors.len() > said.len() {
        said.push(format!("and {} more errors", errors.len() - said.len()));
    }
    said.join("; ")
}

impl HandleError {
    pub(super) fn unread(upload: &Upload, quoted: String) -> Self {
        Self::ListNotRead { bucket: upload.bucket.clone(), key: upload.key.clone(), quoted }
    }

    /// One error for all of them. `None` if there are no errors.
    pub(super) fn combined(mut errors: Vec<Self>) -> Option<Self> {
        if errors.len() > 1 { Some(Self::Several(errors)) } else { errors.pop() }
    }

    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// Whether to retry soon, because waiting would not help: only time was missing, or no delivery will ever be
    /// understood.
    pub(super) fn retries_soon(&self) -> bool {
        match self {
            Self::UnknownEvent(_) | Self::NoTime(_) => true,
            Self::Pending { pending, out_of_time, .. } => pending == out_of_time,
            Self::Several(errors) => errors.iter().all(Self::retries_soon),
            _ => false,
        }
    }
}
