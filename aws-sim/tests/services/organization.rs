//! Organizations: which accounts belong to the organization, and who may ask.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, MEMBER, SECOND, STRANGER, Stage};

fn ask(stage: &Stage, operation: &str, body: &Value) -> Answer {
    asked_by(&stage.administrator(), operation, body)
}

fn asked_by(caller: &Caller, operation: &str, body: &Value) -> Answer {
    caller.json("organizations", &format!("AWSOrganizationsV20161128.{operation}"), body)
}

#[test]
fn an_account_is_described_with_its_address_and_state() {
    let stage = Stage::new();
    stage.world.organization_account(MEMBER, "root@example.com", "PENDING_ACTIVATION");
    let account = &ask(&stage, "DescribeAccount", &json!({"AccountId": MEMBER})).body["Account"];
    assert_eq!((&account["Email"], &account["State"]), (&json!("root@example.com"), &json!("PENDING_ACTIVATION")));
    let unnamed = &ask(&stage, "DescribeAccount", &json!({"AccountId": SECOND})).body["Account"];
    assert_eq!(unnamed["Email"], format!("root-{SECOND}@example.com"));
    stage.world.outside_organization(SECOND);
    let missing = ask(&stage, "DescribeAccount", &json!({"AccountId": SECOND}));
    assert_eq!((missing.status, missing.code.as_str()), (400, "AccountNotFoundException"));
    assert_eq!(ask(&stage, "DescribeAccount", &json!({"AccountId": "1"})).code, "InvalidInputException");
}

#[test]
fn accounts_come_in_pages() {
    let stage = Stage::new();
    for number in 0..25 {
        stage.world.organization_account(&format!("1111111111{number:02}"), "root@example.com", "ACTIVE");
    }
    let first = ask(&stage, "ListAccounts", &json!({}));
    assert_eq!(first.body["Accounts"].as_array().map(Vec::len), Some(20));
    let second = ask(&stage, "ListAccounts", &json!({"NextToken": first.body["NextToken"]}));
    assert_eq!(second.body["Accounts"].as_array().map(Vec::len), Some(5));
    assert_eq!(second.body["NextToken"], Value::Null);
    assert_eq!(ask(&stage, "ListAccounts", &json!({"MaxResults": 21})).code, "InvalidInputException");
}

#[test]
fn the_administrator_is_the_management_account() {
    let organization = ask(&Stage::new(), "DescribeOrganization", &json!({}));
    assert_eq!(organization.body["Organization"]["MasterAccountId"], aws_sim::ADMINISTRATOR);
}

#[test]
fn any_account_may_ask_where_no_management_account_is_named() {
    let stage = Stage::new();
    let caller = stage.caller(MEMBER);
    assert_eq!(asked_by(&caller, "DescribeAccount", &json!({"AccountId": SECOND})).status, 200);
    assert_eq!(asked_by(&caller, "ListAccounts", &json!({})).status, 200);
}

#[test]
fn a_named_management_account_alone_may_ask_about_accounts() {
    let stage = Stage::new();
    stage.world.management_account_is(MEMBER);
    for caller in [stage.administrator(), stage.caller(SECOND)] {
        for (operation, body) in [("DescribeAccount", json!({"AccountId": SECOND})), ("ListAccounts", json!({}))] {
            let refused = asked_by(&caller, operation, &body);
            assert_eq!((refused.status, refused.code.as_str()), (400, "AccessDeniedException"));
            assert_eq!(refused.message, "You don't have permissions to access this resource.");
        }
    }
    let described = asked_by(&stage.caller(MEMBER), "DescribeAccount", &json!({"AccountId": SECOND}));
    let arn = format!("arn:aws:organizations::{MEMBER}:account/o-exampleorgid/{SECOND}");
    assert_eq!(described.body["Account"]["Arn"], arn);
    assert_eq!(asked_by(&stage.caller(MEMBER), "ListAccounts", &json!({})).status, 200);
}

#[test]
fn any_account_of_the_organization_may_ask_about_it() {
    let stage = Stage::new();
    stage.world.management_account_is(MEMBER);
    stage.world.outside_organization(STRANGER);
    let organization = &asked_by(&stage.caller(SECOND), "DescribeOrganization", &json!({})).body["Organization"];
    assert_eq!(organization["MasterAccountId"], MEMBER);
    assert_eq!(organization["Arn"], format!("arn:aws:organizations::{MEMBER}:organization/o-exampleorgid"));
    let refused = asked_by(&stage.caller(STRANGER), "DescribeOrganization", &json!({}));
    assert_eq!((refused.status, refused.code.as_str()), (400, "AccessDeniedException"));
}
