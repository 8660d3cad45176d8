//! Session policies: what a session may do of what its role may do.

use serde_json::Value;

use crate::wildcard;

/// An IAM policy, as far as sessions need it.
#[derive(Debug, Clone)]
pub(crate) struct Policy(Vec<Statement>);

#[derive(Debug, Clone)]
struct Statement {
    allow: bool,
    action: Element,
    resource: Element,
    conditions: Vec<Condition>,
}

/// `Action` and `Resource` name what they cover; `NotAction` and `NotResource` what they don't.
#[derive(Debug, Clone)]
enum Element {
    Of(Vec<String>),
    AllBut(Vec<String>),
}

/// A condition on a key that the simulator knows; others count as met.
#[derive(Debug, Clone)]
struct Condition {
    key: Key,
    like: bool,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Key {
    ServiceName,
    RequestedRegion,
}

/// One action on one resource.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub name: String,
    pub resource: String,
    /// What `iam:AWSServiceName` is for it.
    pub service_name: Option<&'static str>,
}

impl Policy {
    /// A policy document, or `None` if it isn't one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(text).ok()?;
        let statements = match document.get("Statement")? {
            Value::Array(statements) => statements.iter().map(Statement::parse).collect::<Option<_>>()?,
            statement => vec![Statement::parse(statement)?],
        };
        Some(Self(statements))
    }

    /// Whether it allows this action there. What is not allowed is denied, and a denial beats every permission.
    pub(crate) fn allows(&self, action: &Action, region: &str) -> bool {
        let mut applying = self.0.iter().filter(|statement| statement.applies(action, region)).peekable();
        applying.peek().is_some() && applying.all(|statement| statement.allow)
    }
}

impl Statement {
    fn parse(value: &Value) -> Option<Self> {
        let allow = match value.get("Effect")?.as_str()? {
            "Allow" => true,
            "Deny" => false,
            _ => return None,
        };
        let conditions = value.get("Condition").and_then(Value::as_object);
        let conditions = conditions.into_iter().flatten().flat_map(|(operator, keys)| Condition::parse(operator, keys));
        Some(Self {
            allow,
            action: Element::parse(value, "Action", "NotAction")?,
            resource: Element::parse(value, "Resource", "NotResource")?,
            conditions: conditions.collect(),
        })
    }

    fn applies(&self, action: &Action, region: &str) -> bool {
        self.action.covers(|pattern| wildcard::matches_action(pattern, &action.name))
            && self.resource.covers(|pattern| wildcard::matches(pattern, &action.resource))
            && self.conditions.iter().all(|condition| condition.met(action, region))
    }
}

impl Element {
    fn parse(statement: &Value, of: &str, all_but: &str) -> Option<Self> {
        match statement.get(of) {
            Some(value) => strings(value).map(Self::Of),
            None => strings(statement.get(all_but)?).map(Self::AllBut),
        }
    }

    fn covers(&self, matches: impl Fn(&String) -> bool) -> bool {
        match self {
            Self::Of(patterns) => patterns.iter().any(matches),
            Self::AllBut(patterns) => !patterns.iter().any(matches),
        }
    }
}

impl Condition {
    fn parse(operator: &str, keys: &Value) -> Vec<Self> {
        let like = match operator {
            "StringEquals" => false,
            "StringLike" => true,
            _ => return Vec::new(),
        };
        let keys = keys.as_object().into_iter().flatten();
        keys.filter_map(|(key, values)| {
            let key = match key.to_ascii_lowercase().as_str() {
                "iam:awsservicename" => Key::ServiceName,
                "aws:requestedregion" => Key::RequestedRegion,
                _ => return None,
            };
            Some(Self { key, like, values: strings(values)? })
        })
        .collect()
    }

    fn met(&self, action: &Action, region: &str) -> bool {
        let actual = match self.key {
            Key::ServiceName => action.service_name,
            Key::RequestedRegion => Some(region),
        };
        let Some(actual) = actual else { return false };
        self.values.iter().any(|value| if self.like { wildcard::matches(value, actual) } else { value == actual })
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) => many.iter().map(|one| one.as_str().map(Into::into)).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Policy};

    fn allows(policy: &str, name: &str) -> bool {
        let policy = Policy::parse(policy).expect("a policy");
        let linked = (name == "iam:CreateServiceLinkedRole").then_some("guardduty.amazonaws.com");
        policy.allows(&Action { name: name.into(), resource: "*".into(), service_name: linked }, "eu-west-1")
    }

    #[test]
    fn only_what_is_allowed_is_allowed() {
        let policy = r#"{"Statement":{"Effect":"Allow","Action":"guardduty:Get*","Resource":"*"}}"#;
        assert!(allows(policy, "guardduty:GetMembers"));
        assert!(!allows(policy, "guardduty:ListMembers"));
    }

    #[test]
    fn a_denial_beats_a_permission() {
        let policy = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
            {"Effect":"Deny","Action":["guardduty:DeleteMembers"],"Resource":"*"}]}"#;
        assert!(allows(policy, "guardduty:GetMembers"));
        assert!(!allows(policy, "guardduty:DeleteMembers"));
    }

    #[test]
    fn all_but_some_actions_can_be_covered() {
        let policy = r#"{"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}"#;
        assert!(allows(policy, "guardduty:GetMembers"));
        assert!(!allows(policy, "iam:CreateServiceLinkedRole"));
    }

    #[test]
    fn a_resource_that_is_not_named_is_not_covered() {
        let policy = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:guardduty:*:*:detector/1"}]}"#;
        assert!(!allows(policy, "guardduty:GetMembers"));
    }

    #[test]
    fn the_service_of_a_service_linked_role_can_be_a_condition() {
        let policy = |service: &str| {
            let condition = format!(r#"{{"StringLike":{{"iam:AWSServiceName":["{service}"]}}}}"#);
            format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{condition}}}]}}"#)
        };
        assert!(allows(&policy("guardduty.*"), "iam:CreateServiceLinkedRole"));
        assert!(!allows(&policy("macie.amazonaws.com"), "iam:CreateServiceLinkedRole"));
        assert!(!allows(&policy("guardduty.*"), "iam:CreateRole"), "an action without that key does not meet it");
    }

    #[test]
    fn the_region_can_be_a_condition_and_unknown_conditions_count_as_met() {
        let policy = |condition: &str| {
            format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}]}}"#)
        };
        assert!(allows(&policy(r#"{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}"#), "guardduty:GetMembers"));
        assert!(!allows(&policy(r#"{"StringEquals":{"aws:RequestedRegion":"eu-*"}}"#), "guardduty:GetMembers"));
        assert!(allows(&policy(r#"{"Bool":{"aws:SecureTransport":"true"}}"#), "guardduty:GetMembers"));
    }

    #[test]
    fn what_is_no_policy_is_not_taken_for_one() {
        for text in ["", "allow everything", "{}", r#"{"Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}"#]
        {
            assert!(Policy::parse(text).is_none(), "{text}");
        }
    }
}
