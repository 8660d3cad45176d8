//! Conditions of a statement.

use super::action::{Action, Principal};
use super::wildcard;

/// The keys whose value the simulator knows, in lower case. Only `aws:TagKeys` may have several values.
const KEYS: [&str; 11] = [
    "aws:principalarn",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:securetransport",
    "aws:tagkeys",
    "iam:awsservicename",
    "kms:viaservice",
    "lambda:sourcefunctionarn",
    "s3:prefix",
    "sts:externalid",
];

/// Such keys end in the key of a tag.
const TAGS: [&str; 2] = ["aws:requesttag/", "aws:resourcetag/"];

/// What one operator says about one key.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    /// As it was written.
    name: String,
    operator: Option<Operator>,
    /// In lower case: keys are not case-sensitive.
    key: String,
    values: Vec<String>,
}

/// An operator that the simulator can judge.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
#[derive(Debug, Clone, Copy)]
struct Operator {
    /// Whether the values are patterns.
    like: bool,
    /// Whether the condition is met if no value matches.
    not: bool,
    /// Whether a request without the key meets the condition.
    without_key: bool,
    /// Whether all values of the key must meet the condition, not just one.
    all: bool,
}

impl Condition {
    pub(super) fn new(operator: &str, key: &str, values: Vec<String>) -> Self {
        Self { name: operator.into(), operator: Operator::parse(operator), key: key.to_ascii_lowercase(), values }
    }

    /// Whether the condition is met. One that the simulator cannot judge counts as met.
    pub(super) fn met(&self, action: &Action, principal: Principal) -> bool {
        let Some(Operator { like, not, without_key, all }) = self.judged() else { return true };
        let actual = match self.key.as_str() {
            "aws:principalarn" => vec![principal.arn],
            "aws:requestedregion" => vec![principal.region],
            // Other programs reach the simulator over the loopback interface, which stands for TLS.
            "aws:securetransport" => vec!["true"],
            "lambda:sourcefunctionarn" => principal.function.into_iter().collect(),
            key => action.key(key),
        };
        if actual.is_empty() {
            return without_key;
        }
        let matches = |actual: &&str| {
            let mut values = self.values.iter().map(|value| principal.fill_in(value));
            values.any(|value| if like { wildcard::matches(&value, actual) } else { value == **actual }) != not
        };
        if all { actual.iter().all(matches) } else { actual.iter().any(matches) }
    }

    /// The operator and key, if the simulator cannot judge them.
    pub(super) fn taken_for_met(&self) -> Option<String> {
        self.judged().is_none().then(|| format!("{} {}", self.name, self.key))
    }

    /// How to judge it; `None` if the simulator does not know the operator or the key.
    fn judged(&self) -> Option<Operator> {
        let of_tag = || TAGS.iter().any(|prefix| self.key.starts_with(prefix));
        self.operator.filter(|_| KEYS.contains(&self.key.as_str()) || of_tag())
    }
}

impl Operator {
    /// If the key is missing, an operator matches only if it ends in `IfExists`, is negated or has `ForAllValues`; with
    /// `ForAnyValue` a negated one does not (IAM user guide). For a key with one value the two prefixes otherwise mean
    /// the same.
    fn parse(name: &str) -> Option<Self> {
        let (set, name) = name.split_once(':').map_or((None, name), |(set, name)| (Some(set), name));
        let (name, if_exists) = name.strip_suffix("IfExists").map_or((name, false), |name| (name, true));
        let (like, not) = match name {
            "StringEquals" | "Bool" => (false, false),
            "StringNotEquals" => (false, true),
            // ArnEquals matches patterns, like ArnLike (IAM user guide).
            "StringLike" | "ArnEquals" | "ArnLike" => (true, false),
            "StringNotLike" | "ArnNotEquals" | "ArnNotLike" => (true, true),
            _ => return None,
        };
        let without_key = match set {
            None => not || if_exists,
            Some("ForAllValues") => true,
            Some("ForAnyValue") => if_exists,
            Some(_) => return None,
        };
        Some(Self { like, not, without_key, all: set == Some("ForAllValues") })
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;
    use crate::iam::action::{Action, Principal, ROLE};

    #[test]
    fn the_function_that_asks_the_owner_of_a_resource_and_tls_can_be_told() {
        let function = "arn:aws:lambda:eu-west-1:123456789012:function:onboarding";
        let action = Action::on("s3:GetObject", "arn:aws:s3:::b/k").with("aws:resourceaccount", "123456789012");
        let met = |operator: &str, key: &str, value: &str, function| {
            let condition = Condition::new(operator, key, vec![value.into()]);
            assert_eq!(condition.taken_for_met(), None, "{operator} {key}");
            condition.met(&action, Principal { function, ..ROLE })
        };
        let pattern = format!("{function}*");
        let own = |value, function| met("ArnEquals", "lambda:SourceFunctionArn", value, function);
        assert!(own(function, Some(function)) && own(&pattern, Some(function)));
        assert!(!own(function, Some("arn:aws:lambda:eu-west-1:123456789012:function:other")));
        assert!(!own("*", None), "a call that no function makes does not have the key");
        assert!(met("StringEquals", "aws:ResourceAccount", "123456789012", None));
        assert!(!met("StringEquals", "aws:ResourceAccount", "999999999999", None));
        assert!(!met("Bool", "aws:SecureTransport", "false", None));
    }

    #[test]
    fn all_or_any_of_several_values_meet_a_condition() {
        let action = |keys: &[&'static str]| {
            keys.iter().fold(Action::on("guardduty:TagResource", "*"), |action, key| action.with("aws:tagkeys", *key))
        };
        for (operator, keys, expected) in [
            ("ForAllValues:StringEquals", &["owner"][..], true),
            ("ForAllValues:StringEquals", &["owner", "team"], false),
            ("ForAnyValue:StringEquals", &["owner", "team"], true),
            ("ForAnyValue:StringEquals", &["team"], false),
            ("ForAllValues:StringNotEquals", &["owner", "team"], false),
        ] {
            let condition = Condition::new(operator, "aws:TagKeys", vec!["owner".into()]);
            assert_eq!(condition.met(&action(keys), ROLE), expected, "{operator} {keys:?}");
        }
    }

    #[test]
    fn an_operator_says_what_a_key_and_its_absence_mean() {
        for (operator, ours, strangers, of_none) in [
            ("StringEquals", true, false, false),
            ("StringEqualsIfExists", true, false, true),
            ("StringNotEquals", false, true, true),
            ("StringNotEqualsIfExists", false, true, true),
            ("StringLike", true, false, false),
            ("StringNotLike", false, true, true),
            ("ForAnyValue:StringEquals", true, false, false),
            ("ForAnyValue:StringNotEquals", false, true, false),
            ("ForAllValues:StringEquals", true, false, true),
        ] {
            let ours_are = ["o-exampleorgid", "o-anotherorg1"].map(Into::into);
            let condition = Condition::new(operator, "aws:ResourceOrgID", ours_are.into());
            let assume = || Action::on("sts:AssumeRole", "arn:aws:iam::111122223333:role/Member");
            let of = |organization: &str| assume().with("aws:resourceorgid", organization);
            let met = |action: &Action| condition.met(action, ROLE);

            assert_eq!(met(&of("o-anotherorg1")), ours, "{operator}");
            assert_eq!(met(&of("o-strangers11")), strangers, "{operator}");
            assert_eq!(met(&assume()), of_none, "{operator}");
        }
    }
}
