//! The topic that is told how lists end.

use aws_config::Region;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::Builder;

use super::{Aws, retries};
use crate::membership::CallError;

impl Aws {
    /// Publishes a message to a topic, in the topic's own Region.
    pub async fn publish(&self, topic_arn: &str, subject: &str, message: &str) -> Result<(), CallError> {
        let settings = Builder::from(&self.sdk).interceptor(self.meter.clone()).retry_partition(retries("sns"));
        let region = topic_arn.split(':').nth(3).map(|region| Region::new(region.to_owned()));
        let client = Client::from_conf(settings.region(region).build());
        Ok(client.publish().topic_arn(topic_arn).subject(subject).message(message).send().await.map(drop)?)
    }
}
