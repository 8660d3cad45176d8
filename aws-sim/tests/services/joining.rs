//! CreateMembers and InviteMembers.

use aws_sim::ADMINISTRATOR;
use serde_json::json;

use crate::support::{HOME, MEMBER, SECOND, STRANGER, Stage, email};

const REJECTED: &str = "The request is rejected because ";
const INVALID: &str = "The request is rejected because one or more input parameters have invalid values.";
const MISSING: &str = "The request is rejected because required query or path parameters are not specified.";
const AGAIN: &str =
    "the current account has already invited or is already the GuardDuty master of the given member account ID.";

fn text(reason: &str) -> String {
    format!("{REJECTED}{reason}")
}

#[test]
fn a_member_is_created_invited_and_verified() {
    let stage = Stage::new();
    let id = stage.detectors(&[MEMBER]);
    stage.administrator().create(&id, &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "Created");

    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();

    assert_eq!(stage.status(MEMBER), "Invited");
    let member = &stage.administrator().members(&id, "get", &[MEMBER]).body["members"][0];
    assert_eq!(member["email"], email(MEMBER));
    assert_eq!((&member["administratorId"], &member["masterId"]), (&json!(ADMINISTRATOR), &json!(ADMINISTRATOR)));
    assert_eq!(member["invitedAt"], "2026-01-01T00:00:00.000Z");
}

#[test]
fn creating_is_refused_per_account() {
    let stage = Stage::new();
    let already = text("the given account ID is already a member or associated member of the current account.");
    assert_eq!(stage.refusal("create", ADMINISTRATOR), text("an account cannot become a member of itself."));
    assert_eq!(stage.refusal("create", MEMBER), "");
    assert_eq!(stage.refusal("create", MEMBER), already);
    for status in ["Invited", "Enabled", "Disabled", "Removed", "Resigned", "EmailVerificationFailed"] {
        stage.world.put_member(HOME, SECOND, "root@example.com", status);
        assert_eq!(stage.refusal("create", SECOND), already, "{status}");
    }
}

#[test]
fn a_removed_member_can_be_created_again_where_the_world_is_set_so() {
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.create_revives_removed = true);
    stage.world.put_member(HOME, MEMBER, "old@example.com", "Removed");
    assert_eq!(stage.refusal("create", MEMBER), "");
    assert_eq!(stage.world.member(HOME, MEMBER).map(|member| member.email), Some(email(MEMBER)));
}

#[test]
fn the_quota_is_told_per_account() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    stage.world.set(|knobs| knobs.member_quota = 1);
    let answer = stage.administrator().create(&id, &[MEMBER, SECOND]);
    assert_eq!(
        answer.unprocessed(),
        text(
            "the current account cannot create anymore members since it cannot exceed the maximum number of allowed members."
        )
    );
    assert_eq!(answer.body["unprocessedAccounts"][0]["accountId"], SECOND);
}

#[test]
fn inviting_is_refused_per_account() {
    let stage = Stage::new();
    assert_eq!(stage.refusal("invite", MEMBER), text("member account's email address is missing."));
    assert_eq!(stage.refusal("invite", ADMINISTRATOR), text("the current account cannot invite itself."));
    for status in ["Invited", "Enabled", "Disabled", "EmailVerificationFailed", "EmailVerificationInProgress"] {
        stage.world.put_member(HOME, MEMBER, "root@example.com", status);
        assert_eq!(stage.refusal("invite", MEMBER), text(AGAIN), "{status}");
    }
    // A suspended detector would fail the verification.
    stage.world.put_detector(MEMBER, HOME, true);
    for status in ["Created", "Removed", "Resigned"] {
        stage.world.put_member(HOME, MEMBER, "root@example.com", status);
        assert_eq!(stage.refusal("invite", MEMBER), "", "{status}");
        assert_eq!(stage.status(MEMBER), "Invited");
    }
}

#[test]
fn a_member_has_no_members_of_its_own() {
    let stage = Stage::new();
    stage.world.belongs_to(STRANGER, ADMINISTRATOR, HOME);
    let since = "since it is already an associated member of another master account.";
    assert_eq!(stage.refusal("create", MEMBER), text(&format!("the current account cannot create members {since}")));
    let expected = text(&format!("the current account cannot invite other accounts {since}"));
    assert_eq!(stage.refusal("invite", MEMBER), expected);
}

#[test]
fn an_administrator_that_has_an_administrator_knows_it_and_is_refused_for_each_account() {
    let stage = Stage::new();
    stage.world.belongs_to(STRANGER, ADMINISTRATOR, HOME);
    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").id;
    let path = format!("/detector/{id}/administrator");
    let shown = &stage.administrator().get(&path).body["administrator"];
    assert_eq!((&shown["accountId"], &shown["relationshipStatus"]), (&json!(STRANGER), &json!("Enabled")));
    let created = stage.administrator().create(&id, &[MEMBER, SECOND]);
    assert_eq!((created.status, created.body["unprocessedAccounts"].as_array().map(Vec::len)), (200, Some(2)));
    assert_eq!(stage.world.members(HOME), []);

    let leave = format!("{path}/disassociate");
    stage.administrator().guardduty("POST", &leave, &serde_json::Value::Null).is_empty();
    stage.administrator().get(&path).is_empty();
    assert_eq!(stage.refusal("create", MEMBER), "");
}

#[test]
fn a_wrong_address_fails_its_verification_until_the_member_is_deleted() {
    let stage = Stage::new();
    let id = stage.detectors(&[MEMBER]);
    stage.world.email_is(MEMBER, "true@example.com");
    stage.administrator().create(&id, &[MEMBER]).is_processed();
    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "EmailVerificationFailed");
    assert_eq!(stage.caller(MEMBER).invitation(), "", "nothing to accept");
    assert_eq!(stage.refusal("invite", MEMBER), text(AGAIN));

    stage.administrator().members(&id, "delete", &[MEMBER]).is_processed();
    let details = json!({"accountDetails": [{"accountId": MEMBER, "email": "TRUE@example.com"}]});
    stage.administrator().guardduty("POST", &format!("/detector/{id}/member"), &details).is_processed();
    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "Invited");
}

#[test]
fn a_verification_also_ends_in_what_is_wrong_with_the_account() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    stage.world.region_off(MEMBER, HOME);
    stage.world.suspended(SECOND);
    stage.world.put_detector(STRANGER, HOME, false);
    let accounts = [MEMBER, SECOND, STRANGER];
    stage.administrator().create(&id, &accounts).is_processed();
    stage.administrator().members(&id, "invite", &accounts).is_processed();
    let seen = accounts.map(|account| stage.status(account));
    assert_eq!(seen, ["RegionDisabled", "AccountSuspended", "EmailVerificationFailed"]);
}

#[test]
fn a_suspended_detector_is_no_trouble_where_the_world_is_set_so() {
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.suspended_detector_fails_verification = false);
    stage.world.put_detector(MEMBER, HOME, false);
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Created");
    assert_eq!(stage.refusal("invite", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Invited");
}

#[test]
fn a_batch_is_refused_whole_for_what_is_wrong_with_it() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let caller = stage.administrator();
    let many = vec![MEMBER; 51];
    let too_long = |array: &str| {
        format!(
            "The request failed because the length provided for the {array} array was 51. Max allowed length is 50."
        )
    };
    caller.create(&id, &many).is_bad_request(&too_long("accountDetails"));
    for operation in ["invite", "get", "delete", "disassociate", "start", "stop", "detector/get", "detector/update"] {
        caller.members(&id, operation, &many).is_bad_request(&too_long("accountIds"));
        caller.members(&id, operation, &[]).is_bad_request(INVALID);
        caller.members(&id, operation, &["1234567890123"]).is_bad_request(INVALID);
        let path = format!("/detector/{id}/member/{operation}");
        caller.guardduty("POST", &path, &json!({})).is_bad_request(MISSING);
    }
    let path = format!("/detector/{id}/member");
    let detail = |email: &str| json!({"accountDetails": [{"accountId": MEMBER, "email": email}]});
    caller.guardduty("POST", &path, &detail(&"x".repeat(65))).is_bad_request(INVALID);
    caller.guardduty("POST", &path, &detail("")).is_bad_request(INVALID);
    caller.guardduty("POST", &path, &json!({"accountDetails": [{"accountId": MEMBER}]})).is_bad_request(MISSING);
    assert_eq!(stage.world.members(HOME), []);
}

#[test]
fn a_story_can_have_an_account_refused_or_a_batch_poisoned() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    stage.world.refuse("CreateMembers", MEMBER, "an internal error, it seems");
    let answer = stage.administrator().create(&id, &[MEMBER, SECOND]);
    assert_eq!(answer.unprocessed(), "an internal error, it seems");
    assert_eq!((stage.status(MEMBER), stage.status(SECOND)), (String::new(), "Created".into()));

    stage.world.relent("CreateMembers", MEMBER);
    stage.world.poison("InviteMembers", MEMBER);
    stage.administrator().create(&id, &[MEMBER]).is_processed();
    stage.administrator().members(&id, "invite", &[MEMBER, SECOND]).is_bad_request(INVALID);
    assert_eq!(stage.status(SECOND), "Created");
    stage.world.relent("InviteMembers", MEMBER);
    stage.administrator().members(&id, "invite", &[MEMBER, SECOND]).is_processed();
}
