//! Permissions: the reference's tables against the policies of the roles.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::markdown::{Document, names};
use crate::stack::{MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, Template};

/// A table's first heading, its template, and all roles of that template.
const TABLES: [(&str, &str, &[&str]); 3] = [
    ("permission of the function's role", STACK, &["FunctionRole"]),
    ("permission of the member role", MEMBER_ROLE, &["MemberRole"]),
    ("permission in the management account", ORGANIZATION_EVENTS, &["ForwardingRole", "ReaderRole"]),
];

/// Every action that a policy, or any part of it, allows under any condition.
fn granted(part: &Value) -> BTreeSet<String> {
    match part {
        Value::Object(statement) if statement.get("Effect").is_some_and(|effect| effect == "Allow") => {
            match &statement["Action"] {
                Value::Array(actions) => actions.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                action => BTreeSet::from([action.as_str().expect("an action").to_owned()]),
            }
        }
        Value::Object(object) => object.values().flat_map(granted).collect(),
        Value::Array(items) => items.iter().flat_map(granted).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn the_tables_of_permissions_are_what_the_roles_have() {
    let document = Document::read("docs/reference.md");
    for (heading, template, roles) in TABLES {
        let table = document.table(&[heading, "used for", "narrowed to"]);
        let documented: BTreeSet<String> = table.keys().flat_map(|cell| names(cell)).map(str::to_owned).collect();
        let found = Template::read(template);
        assert_eq!(found.of_type("AWS::IAM::Role").into_keys().collect::<Vec<_>>(), roles, "the roles of {template}");
        let actions: BTreeSet<String> =
            roles.iter().flat_map(|role| granted(&found.properties(role)["Policies"])).collect();
        assert_eq!(documented, actions, "the {heading}: documented, then what it has");
        assert!(!actions.iter().any(|action| action.contains('*')), "{template} has a wildcard in {actions:?}");
    }
}

#[test]
fn a_permission_under_a_condition_counts() {
    let policies = serde_json::json!([{"PolicyDocument": {"Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"]},
        {"Fn::If": ["Asked", {"Effect": "Allow", "Action": "iam:GetRole"}, {"Ref": "AWS::NoValue"}]},
        {"Effect": "Deny", "Action": "s3:DeleteObject"},
    ]}}]);
    assert_eq!(granted(&policies).into_iter().collect::<Vec<_>>(), ["iam:GetRole", "s3:GetObject", "s3:PutObject"]);
}
