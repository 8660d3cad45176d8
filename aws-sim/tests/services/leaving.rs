//! DeleteMembers, DisassociateMembers, DisassociateFromAdministratorAccount.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{HOME, MEMBER, NOBODYS, STRANGER, Stage, email};

const STILL: &str = "The request is rejected because the current account cannot delete the given member account ID since it is still associated to it.";
const NOT_YET: &str = "The request is rejected because the current account cannot disassociate the given member account ID since the latter is not yet associated to it.";
const NOT_ASSOCIATED: &str =
    "The request is rejected because the current account is not associated to a master account.";
const NO_PENDING: &str = "The request is rejected because the current account has no pending invitation from the given master account ID or is already an associated member of another master account.";

fn with(status: &str) -> Stage {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", status);
    stage
}

#[test]
fn a_member_is_deleted_unless_it_is_associated() {
    for status in ["Created", "Invited", "EmailVerificationFailed", "Removed", "Resigned"] {
        let stage = with(status);
        assert_eq!(stage.refusal("delete", MEMBER), "", "{status}");
        assert_eq!(stage.status(MEMBER), "", "{status}");
    }
    for status in ["Enabled", "Disabled"] {
        let stage = with(status);
        assert_eq!(stage.refusal("delete", MEMBER), STILL, "{status}");
        assert_eq!(stage.status(MEMBER), status);
    }
}

#[test]
fn an_invitation_goes_with_its_member() {
    let stage = with("Invited");
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let caller = stage.caller(MEMBER);
    let invitation = caller.invitation();
    assert_eq!(stage.refusal("delete", MEMBER), "");
    assert_eq!(caller.invitation(), "");
    caller.accept(&id, ADMINISTRATOR, &invitation).is_bad_request(NO_PENDING);
}

#[test]
fn an_administrator_lets_members_go() {
    for status in ["Invited", "EmailVerificationInProgress", "Enabled", "Disabled"] {
        let stage = with(status);
        assert_eq!(stage.refusal("disassociate", MEMBER), "", "{status}");
        assert_eq!(stage.status(MEMBER), "Removed");
    }
    for status in ["Created", "EmailVerificationFailed", "Removed", "Resigned"] {
        assert_eq!(with(status).refusal("disassociate", MEMBER), NOT_YET, "{status}");
    }
    assert_eq!(Stage::new().refusal("disassociate", MEMBER), NOT_YET);
}

#[test]
fn a_member_out_of_reach_can_be_deleted_at_once_or_only_once_it_is_disassociated() {
    for status in ["RegionDisabled", "AccountSuspended"] {
        assert_eq!(with(status).refusal("delete", MEMBER), "", "{status}");
        let stage = with(status);
        stage.world.set(|knobs| knobs.unreachable_stays_associated = true);
        assert_eq!(stage.refusal("delete", MEMBER), STILL, "{status}");
        assert_eq!(stage.refusal("disassociate", MEMBER), "", "{status}");
        assert_eq!(stage.refusal("delete", MEMBER), "", "{status}");
        assert_eq!(stage.status(MEMBER), "");
    }
}

#[test]
fn a_member_that_was_let_go_comes_back_by_an_invitation_alone_unless_it_was_deleted() {
    let missing = "The request is rejected because member account's email address is missing.";
    let stage = with("Enabled");
    let own = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let caller = stage.caller(MEMBER);
    for again in ["disassociated", "deleted"] {
        assert_eq!(stage.refusal("disassociate", MEMBER), "");
        if again == "deleted" {
            assert_eq!(stage.refusal("delete", MEMBER), "");
            assert_eq!(stage.refusal("invite", MEMBER), missing);
            assert_eq!(stage.refusal("create", MEMBER), "");
        }
        let remembered = stage.world.member(HOME, MEMBER).map(|member| member.email);
        let kept = if again == "deleted" { email(MEMBER) } else { "root@example.com".into() };
        assert_eq!(remembered, Some(kept), "{again}");
        assert_eq!(stage.refusal("invite", MEMBER), "", "{again}");
        caller.accept(&own, ADMINISTRATOR, &caller.invitation()).is_empty();
        assert_eq!(stage.status(MEMBER), "Enabled", "{again}");
    }
}

#[test]
fn who_was_let_go_keeps_its_detector_and_has_no_administrator() {
    let stage = with("Enabled");
    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    let detector = stage.world.detector(MEMBER, HOME).expect("it is there");
    assert!(detector.enabled);
    let caller = stage.caller(MEMBER);
    caller.get(&format!("/detector/{}/administrator", detector.id)).is_empty();
    assert_eq!(caller.get("/invitation").body["invitations"][0]["relationshipStatus"], "Removed");
}

#[test]
fn a_member_leaves_by_either_name_of_the_operation() {
    for name in ["administrator", "master"] {
        let stage = with("Enabled");
        let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
        let path = format!("/detector/{id}/{name}/disassociate");
        stage.caller(MEMBER).guardduty("POST", &path, &Value::Null).is_empty();
        assert_eq!(stage.status(MEMBER), "Resigned");
        stage.caller(MEMBER).guardduty("POST", &path, &Value::Null).is_bad_request(NOT_ASSOCIATED);
    }
}

#[test]
fn an_administrators_view_is_its_own() {
    let stage = with("Enabled");
    stage.world.invite_from(STRANGER, MEMBER, HOME);
    let theirs = stage.world.detector(STRANGER, HOME).expect("an inviter has one").id;
    stage.caller(STRANGER).members(&theirs, "disassociate", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "Enabled");
    let answer = stage.caller(STRANGER).members(&theirs, "get", &[MEMBER]);
    assert_eq!(answer.body["members"][0]["relationshipStatus"], "Removed");
    assert_eq!(answer.body["members"][0]["administratorId"], STRANGER);
}

#[test]
fn an_unknown_account_is_not_among_the_members() {
    let stage = with("Enabled");
    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("an administrator has one").id;
    let answer = stage.administrator().members(&id, "get", &["222222222222", MEMBER]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["members"].as_array().map(Vec::len), Some(1));
    assert!(!answer.unprocessed().is_empty());
    assert_ne!(stage.refusal("delete", "222222222222"), "");
    let body = json!({"accountIds": [MEMBER]});
    assert_eq!(stage.administrator().guardduty("POST", &format!("/detector/{NOBODYS}/member/get"), &body).status, 400);
}
