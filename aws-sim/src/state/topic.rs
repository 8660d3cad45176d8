//! Topics of SNS, and what was published to them.

/// A topic. Nobody is subscribed: what was published is kept for the story to read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Topic {
    /// The ARN of the key that encrypts it.
    pub key: Option<String>,
    pub published: Vec<Notification>,
}

/// One message of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Empty if there is none.
    pub subject: String,
    /// The text.
    pub message: String,
}
