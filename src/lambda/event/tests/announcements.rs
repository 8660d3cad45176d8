//! Announcements of accounts, and events that almost are.

use serde_json::json;

use super::super::*;
use super::triggers_of;
use crate::account::AccountId;

pub(super) fn announced(source: &str, name: &str, details: &Value) -> Value {
    json!({"id": "event-1", "source": source, "detail-type": "AWS Service Event via CloudTrail",
        "detail": {"eventName": name, "userIdentity": {"accountId": "999999999999"}, "serviceEventDetails": details}})
}

fn onboards(event: &Value) {
    let name = event["detail"]["eventName"].as_str().expect("a name").to_owned();
    let account = AccountId::parse("444455556666").expect("twelve digits");
    let expected = Trigger::Announcement(Announcement { account, event: name, id: "event-1".into(), at: None });
    assert_eq!(triggers_of(event), Ok(vec![expected]), "{event}");
}

#[test]
fn the_account_is_found_wherever_the_event_puts_it() {
    for details in [
        json!({"accountId": "444455556666", "joinedMethod": "Invited"}),
        json!({"account": {"accountId": "444455556666"}}),
        json!({"accounts": [{"AccountId": "444455556666"}], "accountId": "444455556666"}),
    ] {
        onboards(&announced("aws.organizations", "AccountJoinedOrganization", &details));
    }
    let mut requested = announced("aws.organizations", "AccountJoinedOrganization", &json!(null));
    requested["detail"]["requestParameters"] = json!({"accountId": "444455556666"});
    onboards(&requested);
}

#[test]
fn an_event_that_names_two_accounts_or_none_is_not_understood() {
    for details in [
        json!({}),
        json!({"accountId": "444455556666", "other": {"accountId": "111122223333"}}),
        json!({"accountId": "44445555666"}),
    ] {
        let event = announced("aws.organizations", "AccountJoinedOrganization", &details);
        assert!(matches!(triggers_of(&event), Err(UnknownEvent::Part { .. })), "{event}");
    }
}

#[test]
fn a_creation_counts_when_it_succeeded_and_is_nothing_when_it_failed() {
    for (source, name) in [
        ("aws.organizations", "CreateAccountResult"),
        ("aws.controltower", "CreateManagedAccount"),
        ("aws.controltower", "UpdateManagedAccount"),
    ] {
        let status = |state: &str| {
            let status = json!({"state": state, "account": {"accountId": "444455556666"}, "failureReason": "BAD_LUCK"});
            announced(source, name, &json!({"status": status}))
        };
        onboards(&status("SUCCEEDED"));
        let failed = triggers_of(&status("FAILED")).expect("a known event");
        assert!(matches!(failed.as_slice(), [Trigger::Nothing(why)] if why.contains("BAD_LUCK")), "{failed:?}");
        assert!(triggers_of(&status("MAYBE")).is_err());
        assert!(triggers_of(&announced(source, name, &json!({"accountId": "444455556666"}))).is_err());
    }
}

#[test]
fn only_an_accepted_invitation_into_an_organization_is_a_new_account() {
    let handshake = |state: &str, action: &str| {
        let mut event = announced("aws.organizations", "AcceptHandshake", &json!(null));
        let parties =
            json!([{"type": "ORGANIZATION", "id": "o-aa111bb222"}, {"type": "ACCOUNT", "id": "444455556666"}]);
        event["detail"]["responseElements"] =
            json!({"handshake": {"state": state, "action": action, "parties": parties}});
        event
    };
    onboards(&handshake("ACCEPTED", "INVITE"));
    let mut refused = handshake("ACCEPTED", "INVITE");
    refused["detail"]["responseElements"] = json!(null);
    assert!(triggers_of(&refused).is_err());
    refused["detail"]["errorCode"] = json!("AccessDeniedException");
    for event in [handshake("ACCEPTED", "ENABLE_ALL_FEATURES"), handshake("CANCELED", "INVITE"), refused] {
        assert!(matches!(triggers_of(&event).as_deref(), Ok([Trigger::Nothing(_)])), "{event}");
    }
    let mut by_email = handshake("ACCEPTED", "INVITE");
    let parties = json!([{"type": "ORGANIZATION", "id": "o-aa111bb222"}, {"type": "EMAIL", "id": "****"}]);
    by_email["detail"]["responseElements"]["handshake"]["parties"] = parties;
    assert!(triggers_of(&by_email).is_err());
    by_email["account"] = json!("444455556666");
    assert!(triggers_of(&by_email).is_err());
    by_email["detail"]["recipientAccountId"] = json!("444455556666");
    onboards(&by_email);
}

#[test]
fn other_events_of_organizations_are_not_ours() {
    for name in ["CloseAccountResult", "CreateAccount", "AccountDepartedOrganization"] {
        let error = triggers_of(&announced("aws.organizations", name, &json!({"accountId": "444455556666"})));
        assert!(error.expect_err("not ours").to_string().contains(name));
    }
}

#[test]
fn the_id_of_an_event_holds_no_address() {
    let mut event = announced("aws.organizations", "AccountJoinedOrganization", &json!({"accountId": "444455556666"}));
    event["id"] = json!("user@example.com");
    let triggers = triggers_of(&event).expect("a known event");
    assert!(matches!(&triggers[..], [Trigger::Announcement(Announcement { id, .. })] if id == "(e-mail)"));
}
