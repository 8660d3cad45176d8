//! Members through AWS Organizations: what is different about them.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{Answer, HOME, MEMBER, SECOND, Stage, email};

const MISSING: &str = "The request is rejected because member account's email address is missing.";
const ALL: &str = "The request is rejected because autoEnableOrganizationMembers is set to ALL for the organization of the given member account ID.";
const LETTING_GO: [&str; 3] = ["disassociate", "delete", "stop"];

/// One member through the organization and one by invitation.
fn organization(setting: &str) -> (Stage, String) {
    let stage = Stage::new();
    stage.world.put_organization_member(HOME, MEMBER);
    stage.world.auto_enable_organization_members(setting);
    stage.world.put_member(HOME, SECOND, "root@example.com", "Enabled");
    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("an administrator has one").id;
    (stage, id)
}

fn ask(stage: &Stage, id: &str, operation: &str) -> Answer {
    stage.administrator().members(id, operation, &[MEMBER, SECOND])
}

#[test]
fn they_have_no_address_and_were_not_invited() {
    let (stage, id) = organization("NEW");
    let listed = stage.administrator().get(&format!("/detector/{id}/member")).body;
    for members in [&listed["members"], &ask(&stage, &id, "get").body["members"]] {
        let [theirs, invited] = [&members[0], &members[1]];
        assert_eq!((&theirs["accountId"], &theirs["relationshipStatus"]), (&json!(MEMBER), &json!("Enabled")));
        assert_eq!((theirs.get("email"), theirs.get("invitedAt")), (None, None));
        assert_eq!(theirs["administratorId"], ADMINISTRATOR);
        assert!(theirs["detectorId"].is_string());
        assert_eq!(
            (invited["accountId"].as_str(), invited["email"].as_str()),
            (Some(SECOND), Some("root@example.com"))
        );
        assert!(invited["invitedAt"].is_string());
    }
}

#[test]
fn they_know_their_administrator_and_have_no_invitation() {
    let (stage, _) = organization("NEW");
    let caller = stage.caller(MEMBER);
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let administrator = &caller.get(&format!("/detector/{id}/administrator")).body["administrator"];
    assert_eq!(administrator, &json!({"accountId": ADMINISTRATOR, "relationshipStatus": "Enabled"}));
    assert_eq!(caller.get("/invitation").body["invitations"], json!([]));
    assert_eq!(caller.get("/invitation/count").body["invitationsCount"], 0);
    let body = json!({"accountIds": [ADMINISTRATOR]});
    let no_pending = caller.guardduty("POST", "/invitation/delete", &body).unprocessed();
    assert!(no_pending.contains("has no pending invitation"), "{no_pending}");
}

#[test]
fn their_malware_protection_is_the_administrators_to_switch() {
    let (stage, id) = organization("NEW");
    let off = json!([{"name": "EBS_MALWARE_PROTECTION", "status": "DISABLED"}]);
    let body = json!({"accountIds": [MEMBER, SECOND], "features": off});
    let path = format!("/detector/{id}/member/detector/update");
    let answer = stage.administrator().guardduty("POST", &path, &body).body;
    let left_out = answer["unprocessedAccounts"].as_array().expect("a list");
    assert_eq!(left_out.iter().map(|one| &one["accountId"]).collect::<Vec<_>>(), [SECOND], "it was invited");
    let malware_protection = |account| stage.world.features(account, HOME)["EBS_MALWARE_PROTECTION"];
    assert_eq!((malware_protection(MEMBER), malware_protection(SECOND)), (false, true));
}

#[test]
fn they_leave_unless_the_organization_enables_all_its_accounts() {
    for setting in ["NEW", "NONE"] {
        let (stage, _) = organization(setting);
        for operation in ["stop", "start", "disassociate", "delete"] {
            assert_eq!(stage.refusal(operation, MEMBER), "", "{setting} {operation}");
        }
        assert_eq!(stage.status(MEMBER), "");
    }
}

#[test]
fn they_are_held_where_the_organization_enables_all_its_accounts() {
    for operation in LETTING_GO {
        let (stage, id) = organization("ALL");
        let answer = ask(&stage, &id, operation);
        assert_eq!((answer.status, answer.unprocessed().as_str()), (200, ALL), "{operation}");
        assert_eq!(answer.body["unprocessedAccounts"][0]["accountId"], MEMBER);
        assert_eq!(stage.status(MEMBER), "Enabled");
        assert!(stage.world.detector(MEMBER, HOME).expect("it is there").enabled);

        stage.world.set(|knobs| knobs.auto_enable_refusal = "not these");
        assert_eq!(stage.refusal(operation, MEMBER), "not these", "{operation}");
    }
    let (stage, _) = organization("ALL");
    assert_eq!(stage.refusal("disassociate", SECOND), "", "a member by invitation");
    assert_eq!(stage.refusal("start", MEMBER), "");
}

#[test]
fn a_batch_with_one_that_is_held_may_be_refused_whole() {
    for operation in LETTING_GO {
        let (stage, id) = organization("ALL");
        stage.world.set(|knobs| knobs.auto_enable_refuses_batch = true);
        ask(&stage, &id, operation).is_bad_request(ALL);
        assert_eq!((stage.status(MEMBER), stage.status(SECOND)), ("Enabled".into(), "Enabled".into()), "{operation}");
        assert_eq!(stage.refusal("disassociate", SECOND), "", "the others go without it");
    }
}

#[test]
fn who_was_let_go_is_not_invited_but_created_again() {
    let (stage, _) = organization("NEW");
    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    assert_eq!(stage.refusal("invite", MEMBER), MISSING);
    assert_eq!(stage.status(MEMBER), "Removed");
    assert_eq!(stage.refusal("create", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Enabled", "at once");
}

#[test]
fn the_delegated_administrator_describes_the_setting() {
    for (setting, old) in [("ALL", true), ("NEW", true), ("NONE", false)] {
        let (stage, id) = organization(setting);
        let described = stage.administrator().get(&format!("/detector/{id}/admin")).body;
        assert_eq!(described["autoEnableOrganizationMembers"], setting);
        assert_eq!((&described["autoEnable"], &described["memberAccountLimitReached"]), (&json!(old), &json!(false)));
        let listed = stage.administrator().guardduty("GET", "/admin", &Value::Null).body;
        assert_eq!(listed, json!({"adminAccounts": [{"adminAccountId": ADMINISTRATOR, "adminStatus": "ENABLED"}]}));
        let other = stage.world.detector(SECOND, HOME).expect("it is there").id;
        assert_eq!(stage.caller(SECOND).get(&format!("/detector/{other}/admin")).status, 400);
    }
}

#[test]
fn an_address_makes_a_member_by_invitation() {
    let stage = Stage::new();
    stage.world.auto_enable_organization_members("ALL");
    assert_eq!(stage.refusal("create", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Created");
    assert_eq!(stage.world.member(HOME, MEMBER).map(|member| member.email), Some(email(MEMBER)));
}
