//! Monitoring and free trials of members.

use std::time::Duration;

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{HOME, MEMBER, STRANGER, Stage};

const NOT_A_MEMBER: &str =
    "The request is rejected because the given account ID is not an associated member of account the current account.";

fn with(status: &str) -> Stage {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", status);
    stage
}

/// GetDetector of an account's own detector.
fn own(stage: &Stage, account: &str) -> Value {
    let id = stage.world.detector(account, HOME).expect("it is there").id;
    stage.caller(account).get(&format!("/detector/{id}")).body
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
fn a_stopped_member_has_its_detector_off() {
    let stage = with("Enabled");
    assert_eq!(stage.refusal("stop", MEMBER), "");
    assert_eq!(own(&stage, MEMBER)["status"], "DISABLED");
    assert_eq!(stage.refusal("stop", MEMBER), "", "once more, it stays what it is");
    assert_eq!(stage.refusal("start", MEMBER), "");
    assert_eq!(own(&stage, MEMBER)["status"], "ENABLED");
}

#[test]
fn only_the_member_switches_on_a_detector_that_was_off_before_it_joined() {
    let stage = with("Invited");
    let id = stage.world.put_detector(MEMBER, HOME, false);
    let caller = stage.caller(MEMBER);
    caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_empty();
    for operation in ["start", "stop", "start"] {
        assert_eq!(stage.refusal(operation, MEMBER), "");
        assert_eq!(stage.status(MEMBER), "Disabled", "the administrator cannot switch the member's detector on");
        assert_eq!(own(&stage, MEMBER)["status"], "DISABLED");
    }
    caller.guardduty("POST", &format!("/detector/{id}"), &json!({"enable": true})).is_empty();
    assert_eq!(stage.status(MEMBER), "Enabled");
}

#[test]
fn a_stopped_member_can_switch_its_own_detector_on() {
    let stage = with("Enabled");
    assert_eq!(stage.refusal("stop", MEMBER), "");
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    stage.caller(MEMBER).guardduty("POST", &format!("/detector/{id}"), &json!({"enable": true})).is_empty();
    assert_eq!((stage.status(MEMBER), own(&stage, MEMBER)["status"].as_str()), ("Enabled".into(), Some("ENABLED")));
}

#[test]
fn a_member_that_leaves_while_stopped_stays_off_until_it_switches_its_detector_on() {
    for leaves in ["disassociate", "resign"] {
        let stage = with("Enabled");
        assert_eq!(stage.refusal("stop", MEMBER), "");
        let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
        let caller = stage.caller(MEMBER);
        if leaves == "resign" {
            let path = format!("/detector/{id}/administrator/disassociate");
            caller.guardduty("POST", &path, &Value::Null).is_empty();
        } else {
            assert_eq!(stage.refusal("disassociate", MEMBER), "");
        }
        assert_eq!(own(&stage, MEMBER)["status"], "DISABLED", "{leaves}");
        assert_eq!(stage.refusal("start", MEMBER), NOT_A_MEMBER, "{leaves}");

        // It joins again with its detector off. Only the account itself can switch it on, since an earlier relationship
        // switched it off.
        stage.world.set(|knobs| knobs.suspended_detector_fails_verification = false);
        assert_eq!(stage.refusal("invite", MEMBER), "");
        caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_empty();
        assert_eq!(stage.refusal("start", MEMBER), "", "{leaves}");
        assert_eq!(stage.status(MEMBER), "Disabled", "{leaves}");
        caller.guardduty("POST", &format!("/detector/{id}"), &json!({"enable": true})).is_empty();
        assert_eq!(stage.status(MEMBER), "Enabled", "{leaves}");

        // What its administrator stops now, its administrator can start again.
        for (operation, status) in [("stop", "Disabled"), ("start", "Enabled")] {
            assert_eq!(stage.refusal(operation, MEMBER), "");
            assert_eq!(stage.status(MEMBER), status, "{leaves}");
        }
    }
}

#[test]
fn a_stranger_that_withdraws_its_invitation_does_not_touch_our_stop() {
    let stage = with("Disabled");
    stage.world.invite_from(STRANGER, MEMBER, HOME);
    let theirs = stage.world.detector(STRANGER, HOME).expect("an inviter has one").id;
    stage.caller(STRANGER).members(&theirs, "disassociate", &[MEMBER]).is_processed();
    assert_eq!(stage.refusal("start", MEMBER), "");
    assert_eq!(own(&stage, MEMBER)["status"], "ENABLED");
}

#[test]
fn a_member_does_not_manage_what_its_administrator_does() {
    const REFUSED: &str =
        "The request is rejected because member accounts cannot manage specified resources or properties.";
    for status in ["Enabled", "Disabled"] {
        let stage = with(status);
        let before = own(&stage, MEMBER);
        let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
        let update = |body: &Value| stage.caller(MEMBER).guardduty("POST", &format!("/detector/{id}"), body);
        for body in [
            json!({"enable": false}),
            json!({"enable": true, "findingPublishingFrequency": "ONE_HOUR"}),
            json!({"features": [{"name": "EBS_MALWARE_PROTECTION", "status": "DISABLED"}]}),
            json!({"enable": true, "dataSources": {"s3Logs": {"enable": false}}}),
        ] {
            update(&body).is_bad_request(REFUSED);
            assert_eq!(own(&stage, MEMBER), before, "{body}");
        }
        update(&json!({"enable": true})).is_empty();
        assert_eq!(stage.status(MEMBER), "Enabled");
        assert_eq!(stage.refusal("disassociate", MEMBER), "");
        update(&json!({"enable": false, "findingPublishingFrequency": "ONE_HOUR"})).is_empty();
        assert_eq!(own(&stage, MEMBER)["status"], "DISABLED");
    }
}

#[test]
fn members_publish_findings_as_often_as_their_administrator() {
    let stage = with("Invited");
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let caller = stage.caller(MEMBER);
    let frequency = |account| own(&stage, account)["findingPublishingFrequency"].clone();
    let of_administrator = |frequency: &str| {
        let id = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").id;
        let body = json!({"findingPublishingFrequency": frequency});
        stage.administrator().guardduty("POST", &format!("/detector/{id}"), &body).is_empty();
    };
    stage.world.set_frequency(MEMBER, HOME, "ONE_HOUR");
    of_administrator("FIFTEEN_MINUTES");
    assert_eq!((frequency(ADMINISTRATOR), frequency(MEMBER)), (json!("FIFTEEN_MINUTES"), json!("ONE_HOUR")));

    caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_empty();
    assert_eq!(frequency(MEMBER), "FIFTEEN_MINUTES");
    of_administrator("SIX_HOURS");
    assert_eq!(frequency(MEMBER), "SIX_HOURS");
    let seen = stage.world.detector(MEMBER, HOME).map(|detector| detector.finding_publishing_frequency);
    assert_eq!(seen.as_deref(), Some("SIX_HOURS"));

    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    assert_eq!(frequency(MEMBER), "ONE_HOUR", "it has kept its own");
}

#[test]
fn an_invited_account_still_manages_its_own_detector() {
    let stage = with("Invited");
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let body = json!({"features": [{"name": "EBS_MALWARE_PROTECTION", "status": "DISABLED"}]});
    stage.caller(MEMBER).guardduty("POST", &format!("/detector/{id}"), &body).is_empty();
    assert!(!stage.world.detector(MEMBER, HOME).expect("it is there").feature("EBS_MALWARE_PROTECTION"));
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
