//! Tags of detectors, and policies that depend on them.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, HOME, MEMBER, NOBODYS, Stage};

const INVALID: &str = "The request is rejected because one or more input parameters have invalid values.";
const MISSING: &str = "The request is rejected because required query or path parameters are not specified.";
const NOT_OWNED: &str = "The request is rejected because the input detectorId is not owned by the current account.";
const MEMBERS: &str =
    "The request is rejected because member accounts cannot manage specified resources or properties.";
const TAG: &str = "guardduty-onboarding";

fn path(detector: &str) -> String {
    format!("/tags/arn%3Aaws%3Aguardduty%3A{HOME}%3A{MEMBER}%3Adetector%2F{detector}")
}

fn create(caller: &Caller, tags: &Value) -> Answer {
    caller.guardduty("POST", "/detector", &json!({"enable": true, "tags": tags}))
}

#[test]
fn tags_are_added_listed_and_removed() {
    let stage = Stage::new();
    let caller = stage.caller(MEMBER);
    let created = create(&caller, &json!({TAG: ADMINISTRATOR, "team": "security"}));
    let id = created.body["detectorId"].as_str().expect("an id").to_owned();
    let listed = || caller.get(&path(&id)).body["tags"].clone();
    assert_eq!(listed(), json!({TAG: ADMINISTRATOR, "team": "security"}));

    let added = caller.guardduty("POST", &path(&id), &json!({"tags": {"team": "cloud", "cost": "1"}}));
    assert_eq!((added.status, added.reply.body.len()), (204, 0));
    assert_eq!(listed(), json!({TAG: ADMINISTRATOR, "team": "cloud", "cost": "1"}));

    let target = format!("{}?tagKeys=team&tagKeys=cost", path(&id));
    assert_eq!(caller.guardduty("DELETE", &target, &Value::Null).status, 204);
    assert_eq!(listed(), json!({TAG: ADMINISTRATOR}));
    assert_eq!(caller.get(&format!("/detector/{id}")).body["tags"], json!({TAG: ADMINISTRATOR}));
}

#[test]
fn tags_out_of_bounds_are_refused() {
    let stage = Stage::new();
    let caller = stage.caller(MEMBER);
    for (key, value) in [("aws:owner", "x"), ("", "x"), ("white space", "x"), ("key", &*"x".repeat(257))] {
        create(&caller, &json!({key: value})).is_bad_request(INVALID);
    }
    assert!(stage.world.detector(MEMBER, HOME).is_none());
    let id = stage.world.put_detector(MEMBER, HOME, true);
    let many: Value =
        (0..50).map(|number| (format!("key{number}"), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    assert_eq!(caller.guardduty("POST", &path(&id), &json!({"tags": many})).status, 204);
    caller.guardduty("POST", &path(&id), &json!({"tags": {"more": "x"}})).is_bad_request(INVALID);
    caller.guardduty("POST", &path(&id), &json!({})).is_bad_request(MISSING);
    caller.guardduty("DELETE", &path(&id), &Value::Null).is_bad_request(MISSING);
}

#[test]
fn only_ones_own_detector_has_tags() {
    let stage = Stage::new();
    let id = stage.world.put_detector(MEMBER, HOME, true);
    stage.caller(MEMBER).get(&path(NOBODYS)).is_bad_request(NOT_OWNED);
    stage.administrator().get(&path(&id)).is_bad_request(NOT_OWNED);
    stage.caller(MEMBER).get("/tags/arn%3Aaws%3As3%3A%3A%3Abucket").is_bad_request(INVALID);
}

#[test]
fn a_member_reads_its_tags_and_cannot_change_them() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    stage.world.tag_detector(MEMBER, HOME, TAG, ADMINISTRATOR);
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let caller = stage.caller(MEMBER);
    caller.guardduty("POST", &path(&id), &json!({"tags": {"team": "x"}})).is_bad_request(MEMBERS);
    caller.guardduty("DELETE", &format!("{}?tagKeys={TAG}", path(&id)), &Value::Null).is_bad_request(MEMBERS);
    assert_eq!(caller.get(&path(&id)).body["tags"], json!({TAG: ADMINISTRATOR}));
}

/// A session with this statement, which may also look for the roles that a new detector needs.
fn session(stage: &Stage, actions: &Value, condition: &Value) -> Caller {
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": condition},
        {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
    ]});
    stage.session(MEMBER, &policy)
}

#[test]
fn the_tags_of_a_request_can_be_a_condition() {
    let stage = Stage::new();
    let actions = json!(["guardduty:CreateDetector", "guardduty:TagResource"]);
    let ours = json!({"StringEquals": {format!("aws:RequestTag/{TAG}"): ADMINISTRATOR},
        "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]}});
    for (tags, status) in [
        (json!({}), 403),
        (json!({TAG: MEMBER}), 403),
        (json!({TAG: ADMINISTRATOR, "team": "x"}), 403),
        (json!({TAG: ADMINISTRATOR}), 200),
    ] {
        assert_eq!(create(&session(&stage, &actions, &ours), &tags).status, status, "{tags}");
    }
}

#[test]
fn a_refused_tag_is_told_by_the_name_of_its_action() {
    let stage = Stage::new();
    let refused =
        create(&session(&stage, &json!("guardduty:CreateDetector"), &json!({})), &json!({TAG: ADMINISTRATOR}));
    assert_eq!((refused.status, refused.code.as_str()), (403, "AccessDeniedException"));
    let told = format!(
        "User: arn:aws:sts::{MEMBER}:assumed-role/Member/story is not authorized to perform: guardduty:TagResource on resource: arn:aws:guardduty:{HOME}:{MEMBER}:detector/* because no session policy allows the guardduty:TagResource action"
    );
    assert_eq!(refused.message, told);
    assert!(stage.world.detector(MEMBER, HOME).is_none(), "no detector without its tag");
    assert_eq!(create(&session(&stage, &json!("guardduty:CreateDetector"), &json!({})), &Value::Null).status, 200);
}

#[test]
fn the_tags_of_a_detector_can_be_a_condition() {
    let stage = Stage::new();
    let id = stage.world.put_detector(MEMBER, HOME, true);
    let tagged = json!({"StringEquals": {format!("aws:ResourceTag/{TAG}"): ADMINISTRATOR}});
    let delete = || {
        let session = session(&stage, &json!("guardduty:DeleteDetector"), &tagged);
        session.guardduty("DELETE", &format!("/detector/{id}"), &Value::Null).status
    };
    assert_eq!(delete(), 403, "it has no tag");
    stage.world.tag_detector(MEMBER, HOME, TAG, MEMBER);
    assert_eq!(delete(), 403, "it has another value");
    stage.world.tag_detector(MEMBER, HOME, TAG, ADMINISTRATOR);
    assert_eq!(delete(), 200);
}
