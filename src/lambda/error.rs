//! Why an invocation, or one message of a batch, fails: whoever sent it delivers it again then.

use thiserror::Error;

use crate::account::AccountId;
use crate::aws::WriteError;
use crate::lambda::event::{UnknownEvent, Upload};
use crate::quote;

/// Why an invocation fails. Lambda delivers an S3 or EventBridge event again then, SQS a message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HandleError {
    /// The event is none that we know.
    #[error(transparent)]
    Event(#[from] UnknownEvent),
    /// The ARN has another form than Lambda's.
    #[error("the function's ARN is {:?}, expected arn:aws:lambda:us-east-1:123456789012:function:name", quote::name(.0))]
    FunctionArn(String),
    /// The run did not begin.
    #[error("no time was left to begin with {0}; nothing was touched")]
    NoTime(String),
    /// S3 did not give the list, though trying again may help.
    #[error("the list s3://{bucket}/{} could not be read: {quoted}", quote::key(.key))]
    List {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// What AWS says.
        quoted: String,
    },
    /// Organizations did not describe the account that an event names.
    #[error("Organizations did not describe account {account}: {quoted}; nothing was touched")]
    Account {
        /// The account.
        account: AccountId,
        /// What AWS says, and the cure where there is one.
        quoted: String,
    },
    /// An account event, and nowhere to say what became of it.
    #[error("REPORT_BUCKET is not set, and the event of account {0} has no bucket of its own; nothing was touched")]
    ReportBucket(AccountId),
    /// `REGIONS=all`, and the account service did not list them.
    #[error("REGIONS is all, but the enabled Regions could not be listed: {0}")]
    Regions(String),
    /// A report could not be written.
    #[error(transparent)]
    Report(#[from] WriteError),
    /// Everything went its way, but not to the end.
    #[error(
        "{pending} of {memberships} memberships are pending, {out_of_time} of them for want of time, see {}; \
         so this delivery counts as failed",
        location.as_deref().map_or_else(|| "the log".into(), quote::key)
    )]
    Pending {
        /// Memberships that are not enabled yet.
        pending: usize,
        /// Those of them that only time was missing for.
        out_of_time: usize,
        /// All memberships.
        memberships: usize,
        /// The report, where one is written.
        location: Option<String>,
    },
    /// A bug of ours. What it is stands in the log, by the panic hook.
    #[error("the run stopped for a bug (a panic, see the log)")]
    Panic,
    /// More than one part of an event failed.
    #[error("{}", several(.0))]
    Several(Vec<HandleError>),
}

/// The first ten in short, then how many others there are.
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
        Self::List { bucket: upload.bucket.clone(), key: upload.key.clone(), quoted }
    }

    /// What became of all parts of one event; none if each went well.
    pub(super) fn of_all(mut errors: Vec<Self>) -> Option<Self> {
        if errors.len() > 1 { Some(Self::Several(errors)) } else { errors.pop() }
    }

    /// Its name in Lambda's error report.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) => "UnknownEvent",
            Self::FunctionArn(_) => "FunctionArn",
            Self::NoTime(_) => "NoTime",
            Self::List { .. } => "ListNotRead",
            Self::Account { .. } => "AccountNotDescribed",
            Self::ReportBucket(_) => "NoReportBucket",
            Self::Regions(_) => "RegionsNotListed",
            Self::Report(_) => "ReportNotWritten",
            Self::Pending { .. } => "Pending",
            Self::Panic => "Panic",
            Self::Several(_) => "Several",
        }
    }

    /// Whether waiting would not help: either nothing but time was missing, or no delivery will ever be understood.
    pub(super) fn is_hasty(&self) -> bool {
        match self {
            Self::Event(_) | Self::NoTime(_) => true,
            Self::Pending { pending, out_of_time, .. } => pending == out_of_time,
            Self::Several(errors) => errors.iter().all(Self::is_hasty),
            _ => false,
        }
    }
}
