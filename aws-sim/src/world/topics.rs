//! Topics as a story makes and reads them.

use super::World;
use crate::state::topic::{Notification, Topic};

impl World {
    /// A topic, encrypted with the key of that ARN if there is one.
    pub fn topic(&self, arn: &str, key: Option<&str>) {
        let topic = Topic { key: key.map(Into::into), published: Vec::new() };
        self.state().topics.insert(arn.into(), topic);
    }

    /// What was published to the topic, in that order.
    #[must_use]
    pub fn published(&self, arn: &str) -> Vec<Notification> {
        self.state().topics.get(arn).map(|topic| topic.published.clone()).unwrap_or_default()
    }
}
