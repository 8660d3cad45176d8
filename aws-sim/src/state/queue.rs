//! A queue: its messages, when they can be seen, and how often they were.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::iam::arn::partition;
use crate::wire::refusal::Refusal;
use crate::wire::timestamp;

/// The default visibility timeout, in seconds (API reference).
const VISIBILITY: u64 = 30;

/// Where a queue is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct QueueKey {
    pub region: String,
    pub account: String,
    pub name: String,
}

#[derive(Debug)]
pub(crate) struct Queue {
    settings: Map<String, Value>,
    created: SystemTime,
    pub visibility: Duration,
    pub delay: Duration,
    pub redrive: Option<Redrive>,
    /// In the order of arrival.
    pub messages: Vec<Message>,
}

/// Where messages go that were received too often (`RedrivePolicy`).
#[derive(Debug, Clone)]
pub(crate) struct Redrive {
    pub queue: QueueKey,
    pub max_receive_count: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub id: String,
    pub body: String,
    pub sender: String,
    pub sent: SystemTime,
    pub visible_at: SystemTime,
    pub first_received: Option<SystemTime>,
    pub received: u64,
    /// In a dead-letter queue: the queue that the message comes from.
    pub source: Option<QueueKey>,
}

impl QueueKey {
    pub(crate) fn from_arn(arn: &str) -> Option<Self> {
        let parts: Vec<&str> = arn.split(':').collect();
        let ["arn", _, "sqs", region, account, name] = parts.as_slice() else { return None };
        Some(Self { region: (*region).into(), account: (*account).into(), name: (*name).into() })
    }

    pub(crate) fn arn(&self) -> String {
        let Self { region, account, name } = self;
        format!("arn:{}:sqs:{region}:{account}:{name}", partition(region))
    }
}

impl Queue {
    pub(crate) fn new(settings: Map<String, Value>, now: SystemTime) -> Result<Self, Refusal> {
        let seconds = |name: &str, unset: u64| match settings.get(name) {
            None => Ok(Duration::from_secs(unset)),
            Some(value) => number(value).map(Duration::from_secs).ok_or_else(invalid),
        };
        let redrive = settings.get("RedrivePolicy").map(|policy| Redrive::parse(policy).ok_or_else(invalid));
        Ok(Self {
            visibility: seconds("VisibilityTimeout", VISIBILITY)?,
            delay: seconds("DelaySeconds", 0)?,
            redrive: redrive.transpose()?,
            messages: Vec::new(),
            created: now,
            settings,
        })
    }

    pub(crate) fn attributes(&self, now: SystemTime) -> Map<String, Value> {
        let count = |counts: &dyn Fn(&Message) -> bool| self.messages.iter().filter(|message| counts(message)).count();
        let visible = count(&|message| message.visible_at <= now);
        let delayed = count(&|message| message.visible_at > now && message.received == 0);
        let hidden = self.messages.len() - visible - delayed;
        let mut all = self.settings.clone();
        for (name, value) in [
            ("ApproximateNumberOfMessages", visible.to_string()),
            ("ApproximateNumberOfMessagesDelayed", delayed.to_string()),
            ("ApproximateNumberOfMessagesNotVisible", hidden.to_string()),
            ("VisibilityTimeout", self.visibility.as_secs().to_string()),
            ("DelaySeconds", self.delay.as_secs().to_string()),
            ("CreatedTimestamp", timestamp::since_epoch(self.created).as_secs().to_string()),
            ("LastModifiedTimestamp", timestamp::since_epoch(self.created).as_secs().to_string()),
        ] {
            all.insert(name.into(), value.into());
        }
        all
    }
}

impl Redrive {
    fn parse(policy: &Value) -> Option<Self> {
        let policy: Value = serde_json::from_str(policy.as_str()?).ok()?;
        let queue = QueueKey::from_arn(policy["deadLetterTargetArn"].as_str()?)?;
        Some(Self { queue, max_receive_count: number(&policy["maxReceiveCount"])? })
    }
}

/// A number, or a string that is one: attributes are strings.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn invalid() -> Refusal {
    Refusal::sqs("InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for an attribute.")
}
