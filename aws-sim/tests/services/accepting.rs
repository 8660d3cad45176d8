//! What a member does with its invitations.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{HOME, MEMBER, NOBODYS, SECOND, STRANGER, Stage};

const ALREADY: &str = "The request is rejected because the current account cannot accept invitations since it is already an associated member of some master account.";
const NO_PENDING: &str = "The request is rejected because the current account has no pending invitation from the given master account ID or is already an associated member of another master account.";
const HAS_MEMBERS: &str = "The request is rejected because the current account cannot accept invitations since it still has created, invited or associated members.";
const INVITER: &str = "The request is rejected because the current account cannot accept invitation from the given account ID since the latter is an associated member of another master account.";
const HANDSHAKE: &str = "The request is rejected because the given handshake role of the given member account ID cannot be assumed by GuardDuty on behalf of the given master account ID.";
const IN_USE: &str = "The request is rejected because the current account cannot delete the invitation from the given master account ID since it is still associated to it or has not declined their invitation yet.";
const OUT_OF_RANGE: &str =
    "The request is rejected because an invalid or out-of-range value is specified as an input parameter.";
const MISSING: &str = "The request is rejected because required query or path parameters are not specified.";
const NOT_OWNED: &str = "The request is rejected because the input detectorId is not owned by the current account.";

/// An invited member, and its detector.
fn invited() -> (Stage, String) {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Invited");
    let id = stage.world.detector(MEMBER, HOME).expect("an invited member has one").id;
    (stage, id)
}

#[test]
fn who_accepts_is_a_member_on_both_sides() {
    let (stage, id) = invited();
    let caller = stage.caller(MEMBER);
    let invitation = caller.invitation();

    caller.accept(&id, ADMINISTRATOR, &invitation).is_empty();

    assert_eq!(stage.status(MEMBER), "Enabled");
    let shown = json!({"accountId": ADMINISTRATOR, "invitationId": invitation, "relationshipStatus": "Enabled",
        "invitedAt": "2026-01-01T00:00:00.000Z"});
    assert_eq!(caller.get(&format!("/detector/{id}/administrator")).body, json!({"administrator": shown}));
    assert_eq!(caller.get(&format!("/detector/{id}/master")).body, json!({"master": shown}));
    assert_eq!(caller.get("/invitation").body["invitations"], json!([shown]), "it stays listed");
    assert_eq!(caller.get("/invitation/count").body, json!({"invitationsCount": 0}), "and does not count");
}

#[test]
fn the_old_name_of_accepting_works_too() {
    let (stage, id) = invited();
    let caller = stage.caller(MEMBER);
    let body = json!({"masterId": ADMINISTRATOR, "invitationId": caller.invitation()});
    caller.guardduty("POST", &format!("/detector/{id}/master"), &body).is_empty();
    assert_eq!(stage.status(MEMBER), "Enabled");
}

#[test]
fn an_account_without_an_administrator_gets_an_empty_answer() {
    let (stage, id) = invited();
    stage.caller(MEMBER).get(&format!("/detector/{id}/administrator")).is_empty();
    stage.caller(MEMBER).get(&format!("/detector/{id}/master")).is_empty();
}

#[test]
fn an_invitation_is_accepted_as_it_was_sent_or_not_at_all() {
    let (stage, id) = invited();
    let caller = stage.caller(MEMBER);
    let invitation = caller.invitation();
    caller.accept(&id, ADMINISTRATOR, "").is_bad_request(OUT_OF_RANGE);
    caller.accept(&id, ADMINISTRATOR, NOBODYS).is_bad_request(NO_PENDING);
    caller.accept(&id, STRANGER, &invitation).is_bad_request(NO_PENDING);
    caller.accept(NOBODYS, ADMINISTRATOR, &invitation).is_bad_request(NOT_OWNED);
    let path = format!("/detector/{id}/administrator");
    caller.guardduty("POST", &path, &json!({"administratorId": ADMINISTRATOR})).is_bad_request(MISSING);
    caller.guardduty("POST", &path, &json!({"invitationId": invitation})).is_bad_request(MISSING);
    assert_eq!(stage.status(MEMBER), "Invited");
}

#[test]
fn accepting_needs_a_detector() {
    let (stage, id) = invited();
    stage.world.remove_detector(MEMBER, HOME);
    let caller = stage.caller(MEMBER);
    caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_bad_request(NOT_OWNED);
}

#[test]
fn a_member_with_a_suspended_detector_is_associated_but_not_monitored() {
    let (stage, id) = invited();
    stage.world.put_detector(MEMBER, HOME, false);
    let caller = stage.caller(MEMBER);
    caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_empty();
    assert_eq!(stage.status(MEMBER), "Disabled");
}

#[test]
fn one_has_one_administrator_only() {
    let (stage, id) = invited();
    let caller = stage.caller(MEMBER);
    let ours = caller.invitation();
    stage.world.belongs_to(STRANGER, MEMBER, HOME);
    caller.accept(&id, ADMINISTRATOR, &ours).is_bad_request(ALREADY);
    let named = caller.get(&format!("/detector/{id}/administrator"));
    assert_eq!(named.body["administrator"]["accountId"], STRANGER);
}

#[test]
fn an_administrator_accepts_no_invitation() {
    let (stage, id) = invited();
    stage.world.is_administrator(MEMBER, HOME);
    let caller = stage.caller(MEMBER);
    caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_bad_request(HAS_MEMBERS);
}

#[test]
fn an_inviter_that_became_a_member_is_refused() {
    let (stage, id) = invited();
    stage.world.belongs_to(STRANGER, ADMINISTRATOR, HOME);
    let caller = stage.caller(MEMBER);
    caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_bad_request(INVITER);
}

#[test]
fn a_role_that_guardduty_cannot_use_is_told() {
    let (stage, id) = invited();
    stage.world.handshake_role_broken(MEMBER);
    let caller = stage.caller(MEMBER);
    caller.accept(&id, ADMINISTRATOR, &caller.invitation()).is_bad_request(HANDSHAKE);
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Disabled");
    assert_eq!(stage.refusal("start", MEMBER), HANDSHAKE);
}

#[test]
fn a_strangers_invitation_is_listed_beside_ours() {
    let (stage, _) = invited();
    stage.world.invite_from(STRANGER, MEMBER, HOME);
    let listed = stage.caller(MEMBER).get("/invitation").body;
    let inviters: Vec<_> =
        listed["invitations"].as_array().into_iter().flatten().map(|one| &one["accountId"]).collect();
    assert_eq!(inviters, [ADMINISTRATOR, STRANGER]);
    assert_eq!(stage.caller(MEMBER).get("/invitation/count").body["invitationsCount"], 2);
    assert_eq!(stage.caller(MEMBER).away().get("/invitation").body["invitations"], json!([]));
}

#[test]
fn an_invitation_is_declined_and_then_deleted() {
    let (stage, id) = invited();
    let caller = stage.caller(MEMBER);
    let answer = |operation: &str, account: &str| {
        caller.guardduty("POST", &format!("/invitation/{operation}"), &json!({"accountIds": [account]})).unprocessed()
    };
    let invitation = caller.invitation();
    let count = || caller.get("/invitation/count").body["invitationsCount"].clone();
    assert_eq!(answer("delete", ADMINISTRATOR), IN_USE);
    assert_eq!(answer("decline", STRANGER), NO_PENDING);

    assert_eq!(answer("decline", ADMINISTRATOR), "");

    assert_eq!(stage.status(MEMBER), "Resigned");
    caller.accept(&id, ADMINISTRATOR, &invitation).is_bad_request(NO_PENDING);
    assert_eq!(count(), 1, "all count but the one that is accepted");
    assert_eq!(answer("delete", ADMINISTRATOR), "");
    assert_eq!(count(), 0);
    assert_eq!(caller.get("/invitation").body["invitations"], json!([]));
    assert_eq!(answer("delete", SECOND), NO_PENDING);
}

#[test]
fn an_accepted_invitation_is_in_use() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    let caller = stage.caller(MEMBER);
    let body = json!({"accountIds": [ADMINISTRATOR]});
    assert_eq!(caller.guardduty("POST", "/invitation/delete", &body).unprocessed(), IN_USE);
    assert_eq!(caller.guardduty("POST", "/invitation/decline", &body).unprocessed(), NO_PENDING);
}

#[test]
fn nobody_here_is_a_delegated_administrator() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    assert_eq!(stage.administrator().get(&format!("/detector/{id}/admin")).status, 400);
    assert_eq!(stage.administrator().guardduty("GET", "/admin", &Value::Null).body, json!({"adminAccounts": []}));
}
