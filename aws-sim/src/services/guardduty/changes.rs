//! What a request says about protection plans, as features or as data sources.

use serde_json::Value;

use super::data_sources;
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::features::{self, Change};
use crate::wire::refusal::Refusal;
use crate::wire::texts;

/// The plans that a request names. An invalid request is refused before anything changes.
#[derive(Debug)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    /// Reads CreateDetector and UpdateDetector.
    pub(super) fn of_detector(state: &State, call: &ApiCall) -> Result<Self, Refusal> {
        let (features, sources) = (array(&call.body["features"])?, &call.body["dataSources"]);
        if !features.is_empty() && !sources.is_null() {
            return Err(Refusal::bad_request(texts::FEATURES_AND_DATA_SOURCES));
        }
        let mut changes: Vec<Change> = features.iter().map(change).collect::<Result<_, _>>()?;
        if !sources.is_null() {
            let wanted = data_sources::wanted(sources)?.into_iter();
            changes.extend(wanted.map(|(name, enabled)| Change { name: name.into(), enabled, additional: Vec::new() }));
        }
        let changes = Self(changes);
        // The two kinds of runtime monitoring exclude each other (AWS P8).
        if changes.names("RUNTIME_MONITORING") && changes.names("EKS_RUNTIME_MONITORING") {
            return Err(Refusal::bad_request(texts::BOTH_RUNTIMES));
        }
        if changes.0.iter().any(|change| state.region(call.region).lacks(&change.name)) {
            return Err(Refusal::bad_request(state.knobs.missing_plan_refusal));
        }
        Ok(changes)
    }

    /// Reads UpdateMemberDetectors.
    pub(super) fn of_members(state: &State, call: &ApiCall) -> Result<Self, Refusal> {
        let changes = Self::of_detector(state, call)?;
        if changes.names(features::DETECTOR_ONLY) {
            return Err(Refusal::bad_request(texts::INVALID));
        }
        Ok(changes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the request names this plan, to switch it on or off.
    pub(super) fn names(&self, plan: &str) -> bool {
        self.0.iter().any(|change| change.name == plan)
    }

    pub(super) fn as_slice(&self) -> &[Change] {
        &self.0
    }
}

fn change(feature: &Value) -> Result<Change, Refusal> {
    let invalid = || Refusal::bad_request(texts::INVALID);
    let (name, enabled) = switch(feature)?;
    if !features::ON_BY_DEFAULT.contains(&name) && !features::OFF_BY_DEFAULT.contains(&name) {
        return Err(invalid());
    }
    let known = features::additional(name);
    let additional = array(&feature["additionalConfiguration"])?.iter().map(|additional| {
        let (name, enabled) = switch(additional)?;
        if known.contains(&name) { Ok((name.to_owned(), enabled)) } else { Err(invalid()) }
    });
    Ok(Change { name: name.into(), enabled, additional: additional.collect::<Result<_, _>>()? })
}

fn switch(feature: &Value) -> Result<(&str, bool), Refusal> {
    let invalid = || Refusal::bad_request(texts::INVALID);
    let name = feature["name"].as_str().ok_or_else(invalid)?;
    match feature["status"].as_str() {
        Some("ENABLED") => Ok((name, true)),
        Some("DISABLED") => Ok((name, false)),
        _ => Err(invalid()),
    }
}

fn array(value: &Value) -> Result<&[Value], Refusal> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(entries) => Ok(entries),
        _ => Err(Refusal::bad_request(texts::INVALID)),
    }
}
