//! The queue that feeds the function.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;

use super::{Aws, retries};
use crate::membership::CallError;

impl Aws {
    /// Hides a message for `time` from now. The receipt handle is that of this delivery (AWS Q5).
    pub async fn hide_message(&self, queue_url: &str, receipt_handle: &str, time: Duration) -> Result<(), CallError> {
        let seconds = i32::try_from(time.as_secs()).unwrap_or(i32::MAX);
        let settings = Builder::from(&self.sdk).interceptor(self.meter.clone()).retry_partition(retries("sqs"));
        let client = Client::from_conf(settings.build());
        let call = client.change_message_visibility().queue_url(queue_url);
        let changed = call.receipt_handle(receipt_handle).visibility_timeout(seconds).send().await;
        Ok(changed.map(drop)?)
    }
}
