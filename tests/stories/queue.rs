//! The queue between S3 or EventBridge and the function, with Lambda polling it, in virtual time.

use std::time::Duration;

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use serde_json::{Value, json};

use crate::world::*;

/// The function's time limit and a minute, as docs/deploy.md requires.
const VISIBILITY: &str = "960";
/// How often Lambda polls. A real one waits for messages; to a story a few seconds make no difference.
const POLL: Duration = Duration::from_secs(5);

pub struct Queue<'a> {
    world: &'a World,
    client: aws_sdk_sqs::Client,
    url: String,
    dead_letters: String,
    /// Messages that Lambda takes at once.
    pub batch_size: i32,
}

impl World {
    /// With the settings of a function that is fed from a queue. `REPORT_BUCKET` is set, as for account events.
    pub fn queued() -> Self {
        let url = format!("https://sqs.{VIRGINIA}.amazonaws.com/{ADMINISTRATOR}/guardduty-onboarding");
        Self::new().with("QUEUE_URL", &url).with("REPORT_BUCKET", BUCKET)
    }
}

impl<'a> Queue<'a> {
    /// A queue that gives a message up after `deliveries`, and its dead-letter queue.
    pub async fn new(world: &'a World, deliveries: u32) -> Self {
        let client = aws_sdk_sqs::Client::new(&world.operators_sdk());
        let create = |name: &str| client.create_queue().queue_name(name);
        let dead = create("dead-letters").send().await.expect("a queue").queue_url.expect("its URL");
        let redrive = json!({"maxReceiveCount": deliveries,
            "deadLetterTargetArn": format!("arn:aws:sqs:{VIRGINIA}:{ADMINISTRATOR}:dead-letters")});
        let queue = create("guardduty-onboarding")
            .attributes(QueueAttributeName::VisibilityTimeout, VISIBILITY)
            .attributes(QueueAttributeName::RedrivePolicy, redrive.to_string());
        let url = queue.send().await.expect("a queue").queue_url.expect("its URL");
        Self { world, client, url, dead_letters: dead, batch_size: 1 }
    }

    pub async fn send(&self, body: &Value) {
        self.client.send_message().queue_url(&self.url).message_body(body.to_string()).send().await.expect("sent");
    }

    /// S3 notifies the queue of an upload. The version.
    pub async fn upload(&self, key: &str, list: &str) -> String {
        let version = self.world.sim.put_object(BUCKET, key, list.to_owned());
        self.send(&notification(key, &version)).await;
        version
    }

    /// Lambda polls once. Returns the deliveries, each with the message's receive count and whether it will be redelivered.
    pub async fn poll(&self) -> Vec<(u32, bool)> {
        self.deliver(&self.receive().await).await
    }

    /// The messages that Lambda gets from one poll.
    pub async fn receive(&self) -> Vec<Message> {
        let receive = self.client.receive_message().queue_url(&self.url).max_number_of_messages(self.batch_size);
        let received = receive.message_system_attribute_names(MessageSystemAttributeName::All).send().await;
        received.expect("received").messages.unwrap_or_default()
    }

    /// Lambda passes messages to the function in one batch, and deletes what is done.
    pub async fn deliver(&self, messages: &[Message]) -> Vec<(u32, bool)> {
        if messages.is_empty() {
            return Vec::new();
        }
        let event = json!({"Records": messages.iter().map(record).collect::<Vec<_>>()});
        let answer = self.world.invoke(&event).await.expect("a batch is always answered");
        let failed = answer["batchItemFailures"].as_array().expect("batchItemFailures");
        let mut deliveries = Vec::new();
        for message in messages {
            let again = failed.iter().any(|failure| failure["itemIdentifier"].as_str() == message.message_id());
            deliveries.push((receive_count(message), again));
            if !again {
                let delete = self.client.delete_message().queue_url(&self.url);
                let handle = message.receipt_handle().expect("a receipt handle");
                delete.receipt_handle(handle).send().await.expect("deleted");
            }
        }
        deliveries
    }

    /// Lambda polls until a message comes. Returns after how many seconds, and its delivery.
    pub async fn wait(&self) -> (u64, Vec<(u32, bool)>) {
        for seconds in 0..=3600 {
            let deliveries = self.poll().await;
            if !deliveries.is_empty() {
                return (seconds, deliveries);
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("no message came for an hour");
    }

    /// Lambda polls until nothing is left in the queue. Returns all deliveries, and how long it took.
    pub async fn drain(&self) -> (Vec<(u32, bool)>, Duration) {
        let began = tokio::time::Instant::now();
        let mut deliveries = self.poll().await;
        while self.waits().await {
            tokio::time::sleep(POLL).await;
            deliveries.extend(self.poll().await);
        }
        (deliveries, began.elapsed())
    }

    /// Whether a message is in the queue, seen or hidden.
    pub async fn waits(&self) -> bool {
        self.len(&self.url).await > 0
    }

    /// Messages that were given up.
    pub async fn dead(&self) -> usize {
        self.len(&self.dead_letters).await
    }

    /// An operator moves them back.
    pub async fn redrive(&self) {
        let arn = format!("arn:aws:sqs:{VIRGINIA}:{ADMINISTRATOR}:dead-letters");
        self.client.start_message_move_task().source_arn(arn).send().await.expect("moved");
    }

    async fn len(&self, url: &str) -> usize {
        let attributes = self.client.get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::All);
        let attributes = attributes.send().await.expect("attributes").attributes.unwrap_or_default();
        let count = |name: &QueueAttributeName| attributes[name].parse::<usize>().expect("a number");
        count(&QueueAttributeName::ApproximateNumberOfMessages)
            + count(&QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
    }
}

fn receive_count(message: &Message) -> u32 {
    let attributes = message.attributes().expect("attributes");
    attributes[&MessageSystemAttributeName::ApproximateReceiveCount].parse().expect("a number")
}

/// The message as Lambda delivers it.
fn record(message: &Message) -> Value {
    let attributes =
        message.attributes().into_iter().flatten().map(|(name, value)| (name.as_str().to_owned(), json!(value)));
    let attributes: serde_json::Map<String, Value> = attributes.collect();
    json!({
        "messageId": message.message_id(),
        "receiptHandle": message.receipt_handle(),
        "body": message.body(),
        "attributes": attributes,
        "messageAttributes": {},
        "md5OfBody": message.md5_of_body(),
        "eventSource": "aws:sqs",
        "eventSourceARN": format!("arn:aws:sqs:{VIRGINIA}:{ADMINISTRATOR}:guardduty-onboarding"),
        "awsRegion": VIRGINIA,
    })
}
