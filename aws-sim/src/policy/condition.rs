//! Conditions of a statement.

use serde_json::Value;

use super::{Action, Principal, filled_in, strings};
use crate::wildcard;

/// The keys that the simulator knows the value of, in lower case.
const KEYS: [&str; 5] =
    ["aws:principalarn", "aws:requestedregion", "iam:awsservicename", "s3:prefix", "sts:externalid"];

/// What one operator says about one key.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    operator: String,
    /// In lower case: the case of a key does not count.
    key: String,
    values: Vec<String>,
}

impl Condition {
    pub(super) fn parse(operator: &str, keys: &Value) -> Vec<Self> {
        let keys = keys.as_object().into_iter().flatten();
        let all = keys.map(|(key, values)| Self {
            operator: operator.into(),
            key: key.to_ascii_lowercase(),
            values: strings(values).unwrap_or_default(),
        });
        all.collect()
    }

    /// A condition on what the action or the principal does not have is not met; one that the simulator can't judge is.
    pub(super) fn met(&self, action: &Action, principal: Principal) -> bool {
        let Some(like) = self.like() else { return true };
        let own = action.keys.iter().find(|(name, _)| *name == self.key).map(|(_, value)| value.as_str());
        let actual = match self.key.as_str() {
            "aws:principalarn" => Some(principal.arn),
            "aws:requestedregion" => Some(principal.region),
            _ => own,
        };
        let Some(actual) = actual else { return false };
        let matches = |value: &String| {
            let value = filled_in(value, principal);
            if like { wildcard::matches(&value, actual) } else { value.as_ref() == actual }
        };
        self.values.iter().any(matches)
    }

    /// What it says, if the simulator can't judge it.
    pub(super) fn taken_for_met(&self) -> Option<String> {
        self.like().is_none().then(|| format!("{} {}", self.operator, self.key))
    }

    /// Whether the values are patterns; `None` for an operator or key that the simulator does not know.
    fn like(&self) -> Option<bool> {
        let known = KEYS.contains(&self.key.as_str());
        match self.operator.as_str() {
            _ if !known => None,
            "StringEquals" => Some(false),
            // ArnEquals compares as a pattern, too (IAM user guide).
            "StringLike" | "ArnEquals" | "ArnLike" => Some(true),
            _ => None,
        }
    }
}
