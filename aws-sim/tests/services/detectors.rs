//! One detector per account and Region.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{HOME, MEMBER, NOBODYS, SECOND, Stage};

const EXISTS: &str = "The request is rejected because a detector already exists for the current account.";
const MALFORMED: &str = "The request is rejected because the parameter detectorId has an invalid value.";
const NOT_OWNED: &str = "The request is rejected because the input detectorId is not owned by the current account.";
const HAS_MEMBERS: &str = "The request is rejected because the current account cannot delete detector while it has invited or associated members.";

#[test]
fn an_account_has_at_most_one_detector_in_a_region() {
    let stage = Stage::new();
    let caller = stage.administrator();
    assert_eq!(caller.get("/detector").body["detectorIds"], json!([]));

    let created = caller.guardduty("POST", "/detector", &json!({"enable": true}));
    let id = created.body["detectorId"].as_str().expect("an id");

    assert_eq!(id.len(), 32);
    assert_eq!(caller.get("/detector").body["detectorIds"], json!([id]));
    caller.guardduty("POST", "/detector", &json!({"enable": true})).is_bad_request(EXISTS);
    assert_eq!(caller.away().get("/detector").body["detectorIds"], json!([]));
}

#[test]
fn a_refusal_has_the_envelope_that_was_seen_live() {
    let stage = Stage::new();
    stage.detectors(&[]);
    let answer = stage.administrator().guardduty("POST", "/detector", &json!({"enable": true}));
    assert_eq!(answer.body, json!({"message": EXISTS, "__type": "InvalidInputException"}));
    assert_eq!(answer.reply.header("x-amzn-errortype"), Some("BadRequestException"));
    assert_eq!(answer.reply.header("content-type"), Some("application/json"));
}

#[test]
fn a_repeated_client_token_is_the_same_call() {
    let stage = Stage::new();
    let body = json!({"enable": true, "clientToken": "token"});
    let first = stage.administrator().guardduty("POST", "/detector", &body);
    let second = stage.administrator().guardduty("POST", "/detector", &body);
    assert_eq!(first.body, second.body);
    let other = json!({"enable": true, "clientToken": "another"});
    stage.administrator().guardduty("POST", "/detector", &other).is_bad_request(EXISTS);
}

#[test]
fn a_detector_tells_and_keeps_its_state() {
    let stage = Stage::new();
    let caller = stage.administrator();
    let body = json!({"enable": true, "tags": {"team": "security"}, "features": [
        {"name": "RUNTIME_MONITORING", "status": "ENABLED", "additionalConfiguration": [
            {"name": "EC2_AGENT_MANAGEMENT", "status": "ENABLED"}]}]});
    let id = caller.guardduty("POST", "/detector", &body).body["detectorId"].as_str().unwrap_or_default().to_owned();
    let path = format!("/detector/{id}");

    caller.guardduty("POST", &path, &json!({"enable": false, "findingPublishingFrequency": "ONE_HOUR"})).is_empty();

    let detector = caller.get(&path).body;
    assert_eq!(detector["status"], "DISABLED");
    assert_eq!(detector["findingPublishingFrequency"], "ONE_HOUR");
    assert_eq!(detector["createdAt"], "2026-01-01T00:00:00.000Z");
    assert_eq!(detector["tags"], json!({"team": "security"}));
    let seen = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there");
    assert!(seen.feature("RUNTIME_MONITORING") && seen.feature("S3_DATA_EVENTS") && !seen.enabled);
}

#[test]
fn a_malformed_id_is_told_from_one_that_is_not_ours() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let caller = stage.administrator();
    for malformed in ["not-a-detector", "12ABC34D567E8FA901BC2D34E56789F0"] {
        caller.get(&format!("/detector/{malformed}")).is_bad_request(MALFORMED);
        caller.members(malformed, "get", &[MEMBER]).is_bad_request(MALFORMED);
    }
    caller.get(&format!("/detector/{NOBODYS}")).is_bad_request(NOT_OWNED);
    stage.caller(MEMBER).get(&format!("/detector/{id}")).is_bad_request(NOT_OWNED);
    stage.administrator().away().get(&format!("/detector/{id}")).is_bad_request(NOT_OWNED);
}

#[test]
fn a_detector_goes_when_no_member_is_left() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let path = format!("/detector/{id}");
    for status in ["Invited", "Enabled", "Disabled"] {
        stage.world.put_member(HOME, MEMBER, "root@example.com", status);
        stage.administrator().guardduty("DELETE", &path, &Value::Null).is_bad_request(HAS_MEMBERS);
    }
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Removed");
    stage.administrator().guardduty("DELETE", &path, &Value::Null).is_empty();
    assert!(stage.world.detector(ADMINISTRATOR, HOME).is_none());
    assert_eq!(stage.world.members(HOME), []);
}

#[test]
fn a_detector_is_suspended_when_no_member_is_left() {
    const REFUSED: &str = "The request is rejected because the current account cannot disable detector while it has invited or associated members.";
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let update =
        |enable: bool| stage.administrator().guardduty("POST", &format!("/detector/{id}"), &json!({"enable": enable}));
    for status in ["Invited", "Enabled", "Disabled"] {
        stage.world.put_member(HOME, MEMBER, "root@example.com", status);
        update(false).is_bad_request(REFUSED);
        assert!(stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").enabled, "{status}");
        update(true).is_empty();
    }
    stage.world.set(|knobs| knobs.suspension_refusal = "not while you have members");
    update(false).is_bad_request("not while you have members");
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Removed");
    update(false).is_empty();
    assert!(!stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").enabled);
}

#[test]
fn a_member_cannot_delete_its_detector_where_the_world_is_set_so() {
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.member_detector_refusal = Some("not while you are a member"));
    let delete = || {
        let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
        stage.caller(MEMBER).guardduty("DELETE", &format!("/detector/{id}"), &Value::Null)
    };
    for status in ["Enabled", "Disabled"] {
        stage.world.put_member(HOME, MEMBER, "root@example.com", status);
        delete().is_bad_request("not while you are a member");
        assert_eq!(stage.status(MEMBER), status);
    }
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Removed");
    delete().is_empty();
    assert!(stage.world.detector(MEMBER, HOME).is_none());
}

#[test]
fn a_member_that_deletes_its_detector_is_removed() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    stage.caller(MEMBER).guardduty("DELETE", &format!("/detector/{id}"), &Value::Null).is_empty();
    assert_eq!(stage.status(MEMBER), "Removed");
}

#[test]
fn the_first_detector_needs_the_service_linked_role() {
    let stage = Stage::new();
    stage.world.service_linked_role_missing_permission(MEMBER);
    let answer = stage.caller(MEMBER).guardduty("POST", "/detector", &json!({"enable": true}));
    assert_eq!((answer.status, answer.code.as_str()), (400, "AccessDeniedException"));
    assert_eq!(
        answer.message,
        "The request was rejected because you do not have the required iam:CreateServiceLinkedRole permission."
    );
    assert!(stage.world.detector(MEMBER, HOME).is_none());

    stage.world.put_detector(SECOND, HOME, true);
    stage.world.service_linked_role_missing_permission(SECOND);
    let elsewhere = stage.caller(SECOND).away().guardduty("POST", "/detector", &json!({"enable": true}));
    assert_eq!(elsewhere.status, 200, "the role is there already");
}

#[test]
fn what_is_missing_is_told() {
    const MISSING: &str = "The request is rejected because required query or path parameters are not specified.";
    const INVALID: &str = "The request is rejected because one or more input parameters have invalid values.";
    let stage = Stage::new();
    stage.administrator().guardduty("POST", "/detector", &json!({})).is_bad_request(MISSING);
    let body = json!({"enable": true, "findingPublishingFrequency": "NEVER"});
    stage.administrator().guardduty("POST", "/detector", &body).is_bad_request(INVALID);
}

#[test]
fn an_operation_that_is_not_simulated_is_named() {
    let stage = Stage::new();
    let answer = stage.administrator().get("/malware-scan");
    assert_eq!((answer.status, answer.code.as_str()), (400, "UnknownOperationException"));
    assert!(answer.message.contains("GET /malware-scan"), "{}", answer.message);
    let queues = stage.administrator().json("sqs", "AmazonSQS.PurgeQueue", &json!({}));
    assert!(queues.code.contains("UnknownOperationException") && queues.message.contains("PurgeQueue"), "{queues:?}");
    let answer = stage.administrator().ask("dynamodb", "POST", "/", &[], b"");
    assert_eq!((answer.status, answer.code.as_str()), (400, "UnknownOperationException"));
}
