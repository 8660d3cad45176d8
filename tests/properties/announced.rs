//! The samples of announcements, with the account under another name and others beside it: it is found, or the event is
//! not understood, but no other account is taken for it.

use guardduty_onboarding::lambda::event::{Event, Trigger, parse};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Every sample in which the event's details name the account. An accepted handshake names parties.
const SAMPLES: [&str; 4] = [
    "organizations-create-account-result",
    "organizations-account-joined",
    "controltower-create-managed-account",
    "controltower-update-managed-account",
];
const ACCOUNT: &str = "444455556666";
const ANOTHER: &str = "999988887777";
const NAMES: [&str; 4] = ["accountId", "AccountId", "memberAccountId", "MemberAccountId"];

fn sample(name: &str) -> Value {
    let path = format!("{}/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).expect("a sample")).expect("JSON")
}

/// The object that says which account it is.
fn named(value: &mut Value) -> Option<&mut Map<String, Value>> {
    let Value::Object(fields) = value else { return None };
    if fields.contains_key("accountId") { Some(fields) } else { fields.values_mut().find_map(named) }
}

/// The account under that name, with others in a part of its own.
fn announcement(name: &str, called: &str, others: &[(&str, &str)]) -> Value {
    let mut event = sample(name);
    let details = &mut event["detail"]["serviceEventDetails"];
    let fields = named(details).expect("the sample names an account");
    fields.remove("accountId");
    fields.insert(called.into(), json!(ACCOUNT));
    let others = others.iter().map(|(called, id)| ((*called).to_owned(), json!(id)));
    details["organization"] = Value::Object(others.collect());
    event
}

fn found(event: &Value) -> Option<String> {
    match parse(event) {
        Ok(Event::Direct(parts)) => match &parts[..] {
            [Ok(Trigger::Announcement(announcement))] => Some(announcement.account.to_string()),
            [Err(_)] => None,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn the_account_is_found_beside_the_events_own(
        name in select(&SAMPLES[..]), called in select(&NAMES[..]), others in select(&NAMES[..]),
        part in select(vec!["account", "recipientAccountId", "userIdentity", "none"])
    ) {
        // Any of the fields that say whose event it is, but at least one.
        let own = "121212121212";
        let mut event = announcement(name, called, &[(others, own)]);
        match part {
            "account" => event["account"] = json!(own),
            "recipientAccountId" => event["detail"]["recipientAccountId"] = json!(own),
            "userIdentity" => event["detail"]["userIdentity"] = json!({"accountId": own}),
            _ => {}
        }
        let expected = (part != "none").then(|| ACCOUNT.to_owned());
        prop_assert_eq!(found(&event), expected, "{}", event);
    }

    #[test]
    fn one_of_two_others_is_never_guessed(
        name in select(&SAMPLES[..]), called in select(&NAMES[..]), others in select(&NAMES[..]), own in any::<bool>()
    ) {
        let mut beside = vec![(others, ANOTHER)];
        let management = sample(name)["account"].as_str().expect("the event's own account").to_owned();
        if own {
            beside.push((NAMES[usize::from(others == NAMES[0])], &*management));
        }
        let event = announcement(name, called, &beside);
        prop_assert_eq!(found(&event), None, "{}", event);
    }

    #[test]
    fn an_account_that_is_named_alone_is_found_though_it_is_the_events_own(
        name in select(&SAMPLES[..]), called in select(&NAMES[..])
    ) {
        let mut event = announcement(name, called, &[]);
        event["account"] = json!(ACCOUNT);
        prop_assert_eq!(found(&event), Some(ACCOUNT.to_owned()), "{}", event);
    }
}
