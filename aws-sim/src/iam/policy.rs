//! IAM policies: what a role may do, what a session may do of it, and who may assume the role.

use serde_json::Value;

use super::action::{Action, Principal};
use super::condition::Condition;
use super::wildcard;

#[derive(Debug, Clone, Default)]
pub(crate) struct Policy(Vec<Statement>);

#[derive(Debug, Clone)]
struct Statement {
    allow: bool,
    /// The `AWS` principals of a trust policy. `None` in a permissions policy, which applies to the role it is attached
    /// to.
    principals: Option<Vec<String>>,
    action: Element,
    resource: Element,
    conditions: Vec<Condition>,
}

/// `Action` and `Resource` name what they cover, `NotAction` and `NotResource` what they do not cover.
#[derive(Debug, Clone)]
enum Element {
    Of(Vec<String>),
    AllBut(Vec<String>),
}

impl Policy {
    /// `None` if the text is not a policy document.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(text).ok()?;
        let statements = match document.get("Statement")? {
            Value::Array(statements) => statements.iter().map(Statement::parse).collect::<Option<_>>()?,
            statement => vec![Statement::parse(statement)?],
        };
        Some(Self(statements))
    }

    /// Whether it allows this action. What is not allowed is denied, and a denial overrides every permission.
    pub(crate) fn allows(&self, action: &Action, principal: Principal) -> bool {
        let mut applying = self.0.iter().filter(|statement| statement.applies(action, principal)).peekable();
        applying.peek().is_some() && applying.all(|statement| statement.allow)
    }

    /// Whether it denies this action explicitly, as a bucket's policy may, whatever else allows it.
    pub(crate) fn denies(&self, action: &Action, principal: Principal) -> bool {
        self.0.iter().any(|statement| !statement.allow && statement.applies(action, principal))
    }

    /// Adds the statements of another policy, as if both were attached to the same role.
    pub(crate) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The conditions that the simulator cannot judge and therefore takes as met.
    pub(crate) fn taken_for_met(&self) -> Vec<String> {
        let conditions = self.0.iter().flat_map(|statement| &statement.conditions);
        conditions.filter_map(Condition::taken_for_met).collect()
    }
}

impl Statement {
    fn parse(value: &Value) -> Option<Self> {
        let allow = match value.get("Effect")?.as_str()? {
            "Allow" => true,
            "Deny" => false,
            _ => return None,
        };
        let principals = match value.get("Principal") {
            None => None,
            Some(Value::String(anybody)) => Some(vec![anybody.clone()]),
            Some(principals) => Some(principals.get("AWS").map_or(Some(Vec::new()), strings)?),
        };
        // A trust policy names no resource: it applies to its own role.
        let everything = principals.is_some().then(|| Element::AllBut(Vec::new()));
        Some(Self {
            allow,
            principals,
            action: Element::parse(value, "Action", "NotAction")?,
            resource: Element::parse(value, "Resource", "NotResource").or(everything)?,
            conditions: conditions(value.get("Condition")),
        })
    }

    fn applies(&self, action: &Action, principal: Principal) -> bool {
        self.principals.as_ref().is_none_or(|them| them.iter().any(|one| is(one, principal)))
            && self.action.covers(|pattern| wildcard::matches_action(pattern, &action.name))
            && self.resource.covers(|pattern| wildcard::matches(&principal.fill_in(pattern), &action.resource))
            && self.conditions.iter().all(|condition| condition.met(action, principal))
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

/// Whether a principal of a trust policy includes the caller, as the whole account or as the role itself.
fn is(trusted: &str, principal: Principal) -> bool {
    let root = trusted.strip_suffix(":root").and_then(|arn| arn.rsplit(':').next());
    trusted == "*" || trusted == principal.account || trusted == principal.arn || root == Some(principal.account)
}

/// Each operator maps keys to one value or a list of them.
fn conditions(block: Option<&Value>) -> Vec<Condition> {
    let operators = block.and_then(Value::as_object).into_iter().flatten();
    let keys = operators.filter_map(|(operator, keys)| Some((operator, keys.as_object()?)));
    let conditions = keys.flat_map(|(operator, keys)| {
        keys.iter().map(|(key, values)| Condition::new(operator, key, strings(values).unwrap_or_default()))
    });
    conditions.collect()
}

/// A string, or a list of strings.
fn strings(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) => many.iter().map(|one| one.as_str().map(Into::into)).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;
    use crate::iam::action::{Action, ROLE};

    fn allows(policy: &str, name: &str) -> bool {
        let action = Action::on(name, "*");
        let linked = name == "iam:CreateServiceLinkedRole";
        let action = if linked { action.with("iam:awsservicename", "guardduty.amazonaws.com") } else { action };
        Policy::parse(policy).expect("a policy").allows(&action, ROLE)
    }

    /// A policy that allows everything under a condition.
    fn everything_if(condition: &str) -> String {
        format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}]}}"#)
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
        let policy =
            |service: &str| everything_if(&format!(r#"{{"StringLike":{{"iam:AWSServiceName":["{service}"]}}}}"#));
        assert!(allows(&policy("guardduty.*"), "iam:CreateServiceLinkedRole"));
        assert!(!allows(&policy("macie.amazonaws.com"), "iam:CreateServiceLinkedRole"));
        assert!(!allows(&policy("guardduty.*"), "iam:CreateRole"), "an action without that key does not meet it");
    }

    #[test]
    fn the_region_can_be_a_condition_and_unknown_conditions_count_as_met() {
        let allows = |condition: &str| allows(&everything_if(condition), "guardduty:GetMembers");
        assert!(allows(r#"{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}"#));
        assert!(!allows(r#"{"StringEquals":{"aws:RequestedRegion":"eu-*"}}"#));
        assert!(allows(r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#));
    }

    #[test]
    fn what_is_no_policy_is_not_taken_for_one() {
        for text in ["", "allow everything", "{}", r#"{"Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}"#]
        {
            assert!(Policy::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_trust_policy_is_about_whom_it_names() {
        let trusts = |principal: &str, condition: &str| {
            let policy = format!(
                r#"{{"Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal},"Condition":{condition}}}]}}"#
            );
            let action =
                Action::on("sts:AssumeRole", "arn:aws:iam::111122223333:role/Member").with("sts:externalid", "x1");
            Policy::parse(&policy).expect("a policy").allows(&action, ROLE)
        };
        let ours = r#"{"AWS":"arn:aws:iam::123456789012:root"}"#;
        assert!(trusts(ours, "{}"));
        assert!(trusts(r#"{"AWS":["arn:aws:iam::123456789012:role/Function"]}"#, "{}"));
        assert!(!trusts(r#"{"AWS":"arn:aws:iam::999999999999:root"}"#, "{}"));
        assert!(!trusts(r#"{"Service":"lambda.amazonaws.com"}"#, "{}"));
        for (key, right, wrong) in [
            ("sts:ExternalId", "x1", "x2"),
            ("aws:PrincipalArn", "arn:aws:iam::123456789012:role/Function", "arn:aws:iam::123456789012:role/Other"),
        ] {
            assert!(trusts(ours, &format!(r#"{{"ArnEquals":{{"{key}":"{right}"}}}}"#)), "{key}");
            assert!(!trusts(ours, &format!(r#"{{"ArnEquals":{{"{key}":"{wrong}"}}}}"#)), "{key}");
        }
    }

    #[test]
    fn the_callers_account_can_be_part_of_a_resource() {
        let policy = |account: &str| {
            let resource = format!("arn:aws:iam::{account}:role/*");
            let text = format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"{resource}"}}]}}"#);
            let own = Action::on("iam:GetRole", "arn:aws:iam::123456789012:role/Function");
            Policy::parse(&text).expect("a policy").allows(&own, ROLE)
        };
        assert!(policy("${aws:PrincipalAccount}"));
        assert!(!policy("111122223333"));
    }

    #[test]
    fn a_condition_that_cannot_be_judged_is_named() {
        let taken_for_met = |operator: &str, key: &str| {
            let text = everything_if(&format!(r#"{{"{operator}":{{"{key}":"x"}}}}"#));
            Policy::parse(&text).expect("a policy").taken_for_met()
        };
        assert_eq!(taken_for_met("StringLike", "s3:prefix"), Vec::<String>::new());
        assert_eq!(taken_for_met("StringLike", "aws:SourceIp"), ["StringLike aws:sourceip"]);
        assert_eq!(taken_for_met("NumericEquals", "s3:prefix"), ["NumericEquals s3:prefix"]);
    }
}
