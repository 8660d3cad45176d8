//! One trigger: what an event asks for, or why the event is not understood.

use serde_json::Value;
use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::account::AccountId;
use crate::declared::{self, Goal, Mode};
use crate::quote;
use crate::run::{Reconcile, Source};

/// One record of a notification, or an event without records: what to do, or why it is not understood.
pub type Part = Result<Trigger, UnknownEvent>;

#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    Upload(Upload),
    Announcement(Announcement),
    Request(Request),
    /// All lists are to be compared with all members.
    Reconcile(Reconcile),
    /// Nothing to do, which is no error. The text says why, for the log.
    Nothing(String),
}

/// One version of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub bucket: String,
    /// Decoded.
    pub key: String,
    /// `None` if the bucket has no versions.
    pub version_id: Option<String>,
    /// When it happened, if the event says so.
    pub at: Option<OffsetDateTime>,
    /// Who uploaded it, if the event says so. No e-mail.
    pub requester: Option<String>,
}

impl Upload {
    /// Whether it lets accounts go, and is not only planned.
    #[must_use]
    pub fn lets_go(&self) -> bool {
        matches!(declared::by_key(&self.key), Some((goal, Mode::Apply)) if goal.lets_go())
    }
}

/// An account that Organizations or Control Tower created, or that joined an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    pub account: AccountId,
    /// AWS's name for the event, such as `CreateAccountResult`.
    pub event: String,
    /// EventBridge's id of the event.
    pub id: String,
    /// When it happened, if the event says so.
    pub at: Option<OffsetDateTime>,
}

impl From<&Upload> for Source {
    fn from(upload: &Upload) -> Self {
        let Upload { bucket, key, version_id, .. } = upload.clone();
        Self::Upload { bucket, key, version_id }
    }
}

impl From<&Announcement> for Source {
    fn from(announcement: &Announcement) -> Self {
        let Announcement { account, event, id, .. } = announcement.clone();
        Self::Announcement { event, id, account }
    }
}

/// A direct request. Its rows are unread: [`crate::roster::from_request`] reads them.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// One JSON value per account, expected as `{"accountId":"…","email":"…"}`.
    pub accounts: Vec<Value>,
    pub goal: Goal,
    pub mode: Mode,
}

/// Omits the rows: they are personal data.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} accounts, {:?}, {:?})", self.accounts.len(), self.goal, self.mode)
    }
}

/// An event that we do not understand. Describes it by names and states, never by values that could be personal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnknownEvent {
    /// It has no form that we know.
    #[error(
        "do not know what to do with {0}; expected an S3 notification, an EventBridge event about a new object or a new \
         account, {{\"accounts\":[…]}}, {{\"reconcile\":…}}, or SQS records of these; nothing was touched"
    )]
    Form(String),
    /// It has a known form, but one part of it is wrong.
    #[error("{place} {problem}; nothing was touched")]
    Part {
        /// For example `Records[0].s3`.
        place: String,
        /// What is wrong there, and what is expected.
        problem: String,
    },
}

impl UnknownEvent {
    pub(super) fn part(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Part { place: place.into(), problem: problem.into() }
    }
}

/// The time in a field of an event, which AWS writes as RFC 3339.
pub(super) fn time(event: &Value, name: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(event.get(name)?.as_str()?, &Rfc3339).ok()
}

/// Describes what arrived by its names: enough to find it, nothing personal.
pub(super) fn describe(event: &Value) -> String {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    let name = event.pointer("/detail/eventName").and_then(Value::as_str);
    match (text("source"), name.or(text("detail-type")), event) {
        (Some(source), Some(kind), _) => {
            format!("an EventBridge event {:?} from {:?}", quote::name(kind), quote::name(source))
        }
        (_, _, Value::Object(fields)) => {
            format!("a JSON object with the names [{}]", quote::names(fields.keys().map(String::as_str), 8))
        }
        (_, _, Value::Array(_)) => "a JSON list".into(),
        _ => "a JSON value that is not an object".into(),
    }
}
