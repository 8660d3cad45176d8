//! What policies judge: one action on one resource, and the principal that asks for it.

use std::borrow::Cow;

/// One action on one resource.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub name: String,
    pub resource: String,
    /// Condition keys of this action alone, in lower case, such as `s3:prefix`.
    keys: Vec<(Cow<'static, str>, String)>,
}

/// Who makes a call, and in which Region.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Principal<'a> {
    pub account: &'a str,
    /// The role's ARN if the caller is a session of one, as in `aws:PrincipalArn`.
    pub arn: &'a str,
    pub region: &'a str,
    /// The function whose code makes the call (`lambda:SourceFunctionArn`).
    pub function: Option<&'a str>,
}

impl Action {
    pub(crate) fn on(name: impl Into<String>, resource: impl Into<String>) -> Self {
        Self { name: name.into(), resource: resource.into(), keys: Vec::new() }
    }

    pub(crate) fn with(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.keys.push((key.into(), value.into()));
        self
    }

    /// The values of one of this action's own condition keys.
    pub(super) fn key(&self, name: &str) -> Vec<&str> {
        self.keys.iter().filter(|(key, _)| *key == name).map(|(_, value)| value.as_str()).collect()
    }
}

impl Principal<'_> {
    /// A pattern with `${aws:PrincipalAccount}` filled in, the only policy variable that the simulator knows.
    pub(super) fn fill_in<'a>(&self, pattern: &'a str) -> Cow<'a, str> {
        const VARIABLE: &str = "${aws:PrincipalAccount}";
        if pattern.contains(VARIABLE) { pattern.replace(VARIABLE, self.account).into() } else { pattern.into() }
    }
}

/// The role that makes the calls in the tests of policies and conditions.
#[cfg(test)]
pub(super) const ROLE: Principal = Principal {
    account: "123456789012",
    arn: "arn:aws:iam::123456789012:role/Function",
    region: "eu-west-1",
    function: None,
};
