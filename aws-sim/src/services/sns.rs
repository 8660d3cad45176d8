//! SNS: CreateTopic and Publish, in the query protocol.

use super::query::{self, Form};
use crate::iam::action::Action;
use crate::iam::arn::partition;
use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::state::topic::Notification;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;
use crate::wire::xml;

/// The most bytes of a message (API reference).
const MESSAGE: usize = 262_144;
/// The most characters of a subject (API reference).
const SUBJECT: usize = 100;

pub(crate) fn authorization(state: &State, call: &ApiCall) -> Result<Authorization, String> {
    let form = Form::read(call);
    let operation = form.field("Action").unwrap_or_default();
    let arn = match operation {
        "CreateTopic" => created(call, &form),
        "Publish" => form.field("TopicArn").unwrap_or_default().to_owned(),
        _ => return Err(operation.into()),
    };
    let mut authorization = Authorization::plain(Service::Sns, operation, true);
    authorization.actions = vec![Action::on(format!("sns:{operation}"), arn.as_str())];
    if operation == "CreateTopic" {
        return Ok(authorization);
    }
    // SNS encrypts with the publisher's permissions (SNS developer guide, "Key management").
    if let Some(key) = state.topics.get(&arn).and_then(|topic| topic.key.as_ref()) {
        let service = format!("sns.{}.amazonaws.com", call.region);
        let on_key = |name| Action::on(name, key.as_str()).with("kms:viaservice", service.as_str());
        authorization.actions.extend([on_key("kms:GenerateDataKey"), on_key("kms:Decrypt")]);
    }
    Ok(authorization)
}

pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    let form = Form::read(call);
    if operation == "CreateTopic" {
        let arn = created(call, &form);
        state.topics.entry(arn.clone()).or_default();
        return Ok(query::reply(state, xml::SNS_NAMESPACE, operation, &xml::text("TopicArn", &arn)));
    }
    let field = |name| form.field(name).unwrap_or_default();
    let (subject, message) = (field("Subject"), field("Message"));
    let is_printable = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && !text.starts_with(' ');
    let invalid = |what: &str| Refusal::new(400, "InvalidParameter", format!("Invalid parameter: {what}"));
    if message.is_empty() {
        return Err(invalid("Empty message"));
    }
    if message.len() > MESSAGE {
        return Err(invalid("Message too long"));
    }
    // The subject is ASCII, begins with a letter, number or punctuation mark, and has no line break (API reference).
    if form.field("Subject").is_some() && (subject.is_empty() || subject.len() > SUBJECT || !is_printable(subject)) {
        return Err(invalid("Subject"));
    }
    let topic = state.topics.get_mut(field("TopicArn"));
    let topic = topic.ok_or_else(|| Refusal::new(404, "NotFound", "Topic does not exist"))?;
    topic.published.push(Notification { subject: subject.into(), message: message.into() });
    let id = xml::text("MessageId", &state.ids.uuid());
    Ok(query::reply(state, xml::SNS_NAMESPACE, operation, &id))
}

/// The ARN of the topic that a call creates. Creating it again is no error (API reference).
fn created(call: &ApiCall, form: &Form) -> String {
    let (partition, name) = (partition(call.region), form.field("Name").unwrap_or_default());
    format!("arn:{partition}:sns:{}:{}:{name}", call.region, call.caller.account)
}
