//! Tags of detectors: TagResource, UntagResource, ListTagsForResource, and what policies may ask about tags.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::iam::action::Action;
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::detector::Detector;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// Tags of one resource (API reference).
const MOST: usize = 50;

pub(super) fn tag(state: &mut State, call: &ApiCall, arn: &str) -> Result<Reply, Refusal> {
    let added = read(&call.body["tags"])?;
    if added.is_empty() {
        return Err(Refusal::bad_request(texts::MISSING));
    }
    let detector = changeable(state, call, arn)?;
    let mut tags = detector.tags.clone();
    tags.extend(added);
    if tags.len() > MOST {
        return Err(Refusal::bad_request(texts::INVALID));
    }
    detector.tags = tags;
    Ok(Reply::empty().status(204))
}

pub(super) fn untag(state: &mut State, call: &ApiCall, arn: &str) -> Result<Reply, Refusal> {
    let keys = call.request.parameters("tagKeys");
    if keys.is_empty() {
        return Err(Refusal::bad_request(texts::MISSING));
    }
    changeable(state, call, arn)?.tags.retain(|key, _| !keys.contains(key));
    Ok(Reply::empty().status(204))
}

pub(super) fn list(state: &mut State, call: &ApiCall, arn: &str) -> Result<Reply, Refusal> {
    Ok(Reply::json(&json!({"tags": named(state, call, arn)?.tags})))
}

/// The tags in a request. Keys that begin with `aws:` are AWS's own (API model).
pub(super) fn read(tags: &Value) -> Result<BTreeMap<String, String>, Refusal> {
    let invalid = || Refusal::bad_request(texts::INVALID);
    let tags = match tags {
        Value::Null => return Ok(BTreeMap::new()),
        Value::Object(tags) if tags.len() <= MOST => tags,
        _ => return Err(invalid()),
    };
    let known = |letter: u8| letter.is_ascii_alphabetic() || (b'+'..=b'=').contains(&letter) || letter == b'_';
    let tags = tags.iter().map(|(key, value)| {
        let acceptable = (1..=128).contains(&key.len()) && key.bytes().all(known) && !key.starts_with("aws:");
        let value = value.as_str().filter(|value| acceptable && value.chars().count() <= 256);
        Ok((key.clone(), value.ok_or_else(invalid)?.to_owned()))
    });
    tags.collect()
}

/// The action with the condition keys of the tags in its request: `aws:RequestTag/KEY` and `aws:TagKeys`.
pub(super) fn requested(call: &ApiCall, action: Action) -> Action {
    let tags = call.body["tags"].as_object().into_iter().flatten();
    let action = tags.fold(action, |action, (key, value)| {
        let value = value.as_str().unwrap_or_default();
        action.with(format!("aws:requesttag/{}", key.to_ascii_lowercase()), value).with("aws:tagkeys", key)
    });
    call.request.parameters("tagKeys").into_iter().fold(action, |action, key| action.with("aws:tagkeys", key))
}

/// The action with the condition keys of the tags that the caller's detector has: `aws:ResourceTag/KEY`.
pub(super) fn of_detector(state: &State, call: &ApiCall, id: &str, action: Action) -> Action {
    let own = state.region(call.region).detectors.get(&call.caller.account);
    let tags = own.filter(|detector| detector.id == id).into_iter().flat_map(|detector| &detector.tags);
    tags.fold(action, |action, (key, value)| {
        action.with(format!("aws:resourcetag/{}", key.to_ascii_lowercase()), value)
    })
}

/// The id of the detector that an ARN names.
pub(super) fn detector_id(arn: &str) -> &str {
    arn.split_once(":detector/").map_or("", |(_, id)| id)
}

/// The caller's detector, unless it is a member: only its administrator may change its tags (seen live, by way of
/// CloudFormation).
fn changeable<'a>(state: &'a mut State, call: &ApiCall, arn: &str) -> Result<&'a mut Detector, Refusal> {
    let member = state.region(call.region).is_member(&call.caller.account);
    let detector = named(state, call, arn)?;
    if member { Err(Refusal::bad_request(texts::MEMBERS_CANNOT_MANAGE)) } else { Ok(detector) }
}

/// The caller's detector that the ARN names. The text for other ARNs is a guess.
fn named<'a>(state: &'a mut State, call: &ApiCall, arn: &str) -> Result<&'a mut Detector, Refusal> {
    let id = detector_id(arn);
    if id.is_empty() {
        return Err(Refusal::bad_request(texts::INVALID));
    }
    let own = state.region_mut(call.region).detectors.get_mut(&call.caller.account);
    own.filter(|detector| detector.id == id).ok_or_else(|| Refusal::bad_request(texts::DETECTOR_NOT_OWNED))
}
