//! Changes of plans that take their time, come too early, or are shown late.

use std::time::Duration;

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{Answer, HOME, MEMBER, SECOND as ANOTHER, Stage};

const SECOND: Duration = Duration::from_secs(1);
const IN_PROGRESS: &str =
    "The request is rejected because another update of the detector configuration is in progress.";

const NOT_A_MEMBER: &str =
    "The request is rejected because the given account ID is not an associated member of account the current account.";

/// Two enabled members, and the administrator's detector.
fn members() -> (Stage, String) {
    let stage = Stage::new();
    for account in [MEMBER, ANOTHER] {
        stage.world.put_member(HOME, account, "root@example.com", "Enabled");
    }
    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").id;
    (stage, id)
}

fn features(enabled: bool) -> Value {
    json!([{"name": "S3_DATA_EVENTS", "status": if enabled { "ENABLED" } else { "DISABLED" }}])
}

fn update_member(stage: &Stage, id: &str, account: &str, enabled: bool) -> Answer {
    let body = json!({"accountIds": [account], "features": features(enabled)});
    stage.administrator().guardduty("POST", &format!("/detector/{id}/member/detector/update"), &body)
}

fn update_own(stage: &Stage, account: &str, body: &Value) -> Answer {
    let id = stage.world.detector(account, HOME).expect("it is there").id;
    stage.caller(account).guardduty("POST", &format!("/detector/{id}"), body)
}

fn actual(stage: &Stage, account: &str) -> bool {
    stage.world.features(account, HOME)["S3_DATA_EVENTS"]
}

#[test]
fn a_change_of_plans_occupies_the_detector_at_least_for_its_latency() {
    let own = json!({"features": features(false)});
    for (occupied, latency) in [(5, 1), (0, 5), (5, 5)] {
        for first_is_own in [false, true] {
            let (stage, id) = members();
            stage.world.set(|knobs| {
                knobs.plans_occupied_for = occupied * SECOND;
                knobs.latency = latency * SECOND;
            });
            if first_is_own {
                update_own(&stage, ADMINISTRATOR, &own).is_empty();
            } else {
                update_member(&stage, &id, MEMBER, false).is_processed();
            }
            stage.pass(4 * SECOND);
            update_member(&stage, &id, ANOTHER, false).is_bad_request(IN_PROGRESS);
            update_own(&stage, ADMINISTRATOR, &own).is_bad_request(IN_PROGRESS);
            assert!(actual(&stage, ANOTHER), "nothing was changed");
            stage.pass(SECOND);
            update_member(&stage, &id, ANOTHER, false).is_processed();
            assert!(!actual(&stage, ANOTHER), "a refused change occupies nothing");
        }
    }
}

#[test]
fn what_changes_no_plans_goes_on_meanwhile() {
    let (stage, id) = members();
    stage.world.set(|knobs| {
        knobs.plans_occupied_for = 5 * SECOND;
        knobs.concurrent_change_refusal = "one at a time";
    });
    let body = json!({"accountIds": [MEMBER], "features": [{"name": "AI_ANALYST", "status": "ENABLED"}]});
    let path = format!("/detector/{id}/member/detector/update");
    assert_eq!(stage.administrator().guardduty("POST", &path, &body).status, 400, "a refused one occupies nothing");

    update_member(&stage, &id, MEMBER, false).is_processed();
    update_member(&stage, &id, MEMBER, false).is_bad_request("one at a time");
    update_own(&stage, ADMINISTRATOR, &json!({"findingPublishingFrequency": "ONE_HOUR"})).is_empty();
    stage.administrator().members(&id, "detector/get", &[MEMBER]).is_processed();
    assert_eq!(stage.refusal("stop", MEMBER), "");
    assert_eq!(stage.refusal("disassociate", ANOTHER), "");
    let off = json!({"features": features(false)});
    update_own(&stage, ANOTHER, &off).is_empty();
    update_own(&stage, ANOTHER, &off).is_bad_request("one at a time");
}

#[test]
fn the_plans_of_a_member_that_has_just_joined_are_out_of_reach() {
    let (stage, id) = members();
    stage.world.set(|knobs| knobs.plans_settable_after = 5 * SECOND);
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Invited");
    let own = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let get = || stage.administrator().members(&id, "detector/get", &[MEMBER, ANOTHER]);
    for times in 1..=2 {
        let caller = stage.caller(MEMBER);
        caller.accept(&own, ADMINISTRATOR, &caller.invitation()).is_empty();
        stage.pass(4 * SECOND);
        assert_eq!((stage.status(MEMBER).as_str(), get().unprocessed().as_str()), ("Enabled", NOT_A_MEMBER));
        assert_eq!(get().body["members"].as_array().map(Vec::len), Some(1), "the other has been there for long");
        assert_eq!(update_member(&stage, &id, MEMBER, false).unprocessed(), NOT_A_MEMBER);
        assert!(actual(&stage, MEMBER));
        let left_out = stage.world.ledger().pop().expect("a call was made").left_out;
        assert_eq!(left_out, [MEMBER], "the ledger knows");
        assert_eq!(stage.refusal("stop", MEMBER), "", "it is a member after all");
        assert_eq!(stage.refusal("start", MEMBER), "");
        stage.pass(SECOND);
        get().is_processed();
        update_member(&stage, &id, MEMBER, false).is_processed();
        assert!(!actual(&stage, MEMBER), "joined {times} times");

        assert_eq!(stage.refusal("disassociate", MEMBER), "");
        assert_eq!(stage.refusal("invite", MEMBER), "");
        stage.world.set_feature(MEMBER, HOME, "S3_DATA_EVENTS", true);
    }
}

#[test]
fn a_member_that_returns_through_its_organization_has_just_joined_too() {
    let (stage, id) = members();
    stage.world.put_organization_member(HOME, MEMBER);
    stage.world.set(|knobs| knobs.plans_settable_after = 5 * SECOND);
    stage.administrator().members(&id, "detector/get", &[MEMBER]).is_processed();
    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    assert_eq!(stage.refusal("create", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Enabled");
    assert_eq!(update_member(&stage, &id, MEMBER, false).unprocessed(), NOT_A_MEMBER);
    stage.pass(5 * SECOND);
    update_member(&stage, &id, MEMBER, false).is_processed();
}

/// Whether the plan is on in the eyes of the administrator, as a feature and as a data source.
fn seen(stage: &Stage, id: &str) -> bool {
    let body = stage.administrator().members(id, "detector/get", &[MEMBER]).body;
    let features = body["members"][0]["features"].as_array().expect("a list");
    let found = features.iter().find(|one| one["name"] == "S3_DATA_EVENTS").map(|one| &one["status"]);
    assert_eq!(found, Some(&body["members"][0]["dataSources"]["s3Logs"]["status"]));
    found.is_some_and(|status| status == "ENABLED")
}

#[test]
fn a_change_of_plans_may_be_shown_late() {
    let (stage, id) = members();
    stage.world.set(|knobs| knobs.plans_visible_after = 5 * SECOND);
    update_member(&stage, &id, MEMBER, false).is_processed();
    assert_eq!((seen(&stage, &id), actual(&stage, MEMBER)), (true, false));
    stage.pass(3 * SECOND);
    update_member(&stage, &id, MEMBER, true).is_processed();
    assert_eq!((seen(&stage, &id), actual(&stage, MEMBER)), (true, true));
    stage.pass(2 * SECOND);
    assert_eq!((seen(&stage, &id), actual(&stage, MEMBER)), (false, true), "the first change is shown now");
    stage.pass(3 * SECOND);
    assert_eq!((seen(&stage, &id), actual(&stage, MEMBER)), (true, true), "and now the second");

    stage.world.set_feature(MEMBER, HOME, "S3_DATA_EVENTS", false);
    assert!(!seen(&stage, &id), "what others change does not lag");
    update_member(&stage, &id, MEMBER, true).is_processed();
    stage.world.region_lacks(HOME, "RDS_LOGIN_EVENTS");
    let shown = stage.administrator().members(&id, "detector/get", &[MEMBER]).text();
    assert!(!shown.contains("RDS_LOGIN_EVENTS"), "not even as a thing of the past: {shown}");
}

#[test]
fn a_member_sees_a_change_of_its_plans_at_once() {
    let (stage, id) = members();
    stage.world.set(|knobs| knobs.plans_visible_after = 5 * SECOND);
    update_member(&stage, &id, MEMBER, false).is_processed();
    let own = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let body = stage.caller(MEMBER).get(&format!("/detector/{own}")).body;
    assert_eq!(body["dataSources"]["s3Logs"]["status"], "DISABLED");
}
