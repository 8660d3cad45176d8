//! Organizations: which accounts belong to it.

use serde_json::{Value, json};

use crate::support::{Answer, MEMBER, SECOND, Stage};

fn ask(stage: &Stage, operation: &str, body: &Value) -> Answer {
    stage.administrator().json("organizations", &format!("AWSOrganizationsV20161128.{operation}"), body)
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
