//! Monitoring and free trials of members.

use std::time::Duration;

use aws_sim::ADMINISTRATOR;
use serde_json::json;

use crate::support::{HOME, MEMBER, Stage};

const NOT_A_MEMBER: &str =
    "The request is rejected because the given account ID is not an associated member of account the current account.";

fn with(status: &str) -> Stage {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", status);
    stage
}

#[test]
fn monitoring_stops_and_starts() {
    let stage = with("Enabled");
    assert_eq!(stage.refusal("stop", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Disabled");
    assert_eq!(stage.refusal("start", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Enabled");
}

#[test]
fn only_associated_members_are_monitored() {
    for status in ["Created", "Invited", "Removed", "Resigned"] {
        let stage = with(status);
        assert_eq!(stage.refusal("start", MEMBER), NOT_A_MEMBER, "{status}");
        assert_eq!(stage.refusal("stop", MEMBER), NOT_A_MEMBER, "{status}");
    }
    assert_eq!(Stage::new().refusal("start", MEMBER), NOT_A_MEMBER);
}

#[test]
fn a_member_suspends_and_resumes_by_its_own_detector() {
    let stage = with("Enabled");
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let switch = |on: bool| {
        let answer = stage.caller(MEMBER).guardduty("POST", &format!("/detector/{id}"), &json!({"enable": on}));
        answer.is_empty();
    };
    switch(false);
    assert_eq!(stage.status(MEMBER), "Disabled");
    assert_eq!(stage.refusal("start", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Disabled", "the administrator cannot switch the member's detector on");
    switch(true);
    assert_eq!(stage.status(MEMBER), "Enabled");
}

#[test]
fn a_free_trial_runs_out() {
    let stage = with("Enabled");
    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").id;
    stage.pass(Duration::from_hours(24 * 10));
    let body = json!({"accountIds": [MEMBER]});
    let path = format!("/detector/{id}/freeTrial/daysRemaining");
    let answer = stage.administrator().guardduty("POST", &path, &body);
    assert_eq!(answer.body["accounts"][0]["features"][0]["freeTrialDaysRemaining"], 20);
}
