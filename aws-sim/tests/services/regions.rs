//! Account Management: which Regions an account has.

use serde_json::{Value, json};

use crate::support::{Answer, MEMBER, Stage};

fn list(stage: &Stage, body: &Value) -> Answer {
    stage.administrator().ask("account", "POST", "/listRegions", &[], body.to_string().as_bytes())
}

fn names(answer: &Answer) -> Vec<String> {
    let regions = answer.body["Regions"].as_array().into_iter().flatten();
    regions.map(|region| region["RegionName"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn seventeen_regions_are_there_by_default_and_others_can_be_asked_for() {
    let stage = Stage::new();
    let usable = json!({"RegionOptStatusContains": ["ENABLED", "ENABLED_BY_DEFAULT"]});
    assert_eq!(names(&list(&stage, &usable)).len(), 17);
    stage.world.opt_in(aws_sim::ADMINISTRATOR, "eu-south-1", "ENABLED");
    stage.world.opt_in(aws_sim::ADMINISTRATOR, "me-south-1", "ENABLING");
    stage.world.region_off(aws_sim::ADMINISTRATOR, "us-west-1");
    let seen = names(&list(&stage, &usable));
    assert_eq!(seen.len(), 17);
    assert!(seen.contains(&"eu-south-1".into()) && !seen.contains(&"us-west-1".into()));
    assert_eq!(names(&list(&stage, &json!({}))).len(), 34);
    assert_eq!(names(&list(&stage, &json!({"RegionOptStatusContains": ["ENABLING"]}))), ["me-south-1"]);
}

#[test]
fn regions_come_in_pages() {
    let stage = Stage::new();
    let (mut pages, mut token) = (Vec::new(), Value::Null);
    loop {
        let body = json!({"RegionOptStatusContains": ["ENABLED_BY_DEFAULT"], "MaxResults": 5, "NextToken": token});
        let answer = list(&stage, &body);
        pages.push(names(&answer).len());
        token = answer.body["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(pages, [5, 5, 5, 2]);
}

#[test]
fn nobody_asks_for_another_account_or_for_too_much() {
    let stage = Stage::new();
    assert_eq!(list(&stage, &json!({"AccountId": MEMBER})).code, "AccessDeniedException");
    assert_eq!(list(&stage, &json!({"AccountId": aws_sim::ADMINISTRATOR})).code, "ValidationException");
    assert_eq!(list(&stage, &json!({"MaxResults": 51})).code, "ValidationException");
    assert_eq!(list(&stage, &json!({"NextToken": "zz"})).code, "ValidationException");
}
