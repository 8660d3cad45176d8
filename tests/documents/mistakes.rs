//! Mistakes in letting accounts go: what the operator's table quotes is what the function says.

use guardduty_onboarding::account::AccountId;
use guardduty_onboarding::declared::{Brakes, Goal, by_key};
use guardduty_onboarding::lambda::event::{self, Event};
use guardduty_onboarding::outcome::Refused;
use guardduty_onboarding::roster::{self, Roster, Rules};
use serde_json::json;

use crate::markdown::Document;

fn account(id: &str) -> AccountId {
    AccountId::parse(id).expect("12 digits")
}

/// A list under `remove/`, as the function reads it.
fn list(bytes: &[u8]) -> Roster {
    let protected = [account("444455556666")];
    roster::read(
        bytes,
        &Rules { goal: Goal::Removed, administrator: Some(account("123456789012")), protected: &protected },
    )
}

fn refused(bytes: &[u8]) -> String {
    Refused::List(list(bytes).refused.expect("a list that is refused")).to_string()
}

/// The row that is rejected, below a header and a good one.
fn rejected(row: &str) -> String {
    only_rejected(format!("Account ID\n111122223333\n{row}\n").as_bytes())
}

fn only_rejected(bytes: &[u8]) -> String {
    let roster = list(bytes);
    let [rejected] = &roster.rejected[..] else { panic!("{roster:?}") };
    rejected.problem.to_string()
}

fn unprefixed(key: &str) -> String {
    assert_eq!(by_key(key), None, "{key}");
    Refused::Prefix.to_string()
}

fn not_understood(request: &serde_json::Value) -> String {
    let Ok(Event::Direct(parts)) = event::parse(request) else { panic!("no direct request") };
    let [Err(unknown)] = &parts[..] else { panic!("{parts:?}") };
    unknown.to_string()
}

fn braked(goal: Goal, allowed: bool, accounts: usize) -> String {
    let brakes = Brakes { allow_suspend: allowed, allow_remove: allowed, max_leaving: 50, protected: Vec::new() };
    Refused::Brake(*brakes.on(goal, accounts).first().expect("a brake")).to_string()
}

#[test]
fn what_stops_a_mistake_says_what_the_table_quotes() {
    let mut said = [
        unprefixed("removed/team.csv"),
        not_understood(&json!({"accounts": [], "declared": "remove"})),
        not_understood(&json!({"accounts": [], "dryrun": true})),
        braked(Goal::Suspended, false, 2),
        braked(Goal::Removed, false, 2),
        braked(Goal::Removed, true, 240),
        rejected("444455556666"),
        rejected("123456789012"),
        refused(b"Team,Payer,Email\nweb,111122223333,user@example.com\n"),
        refused(b"Account ID,AWS account ID\n111122223333,444455556666\n"),
        refused(b"web,111122223333\nmail,444455556666\n"),
        only_rejected(b"111122223333,444455556666\n222233334444\n"),
        not_understood(&json!({"accounts": [{"accountId": "111122223333", "declared": "removed"}]})),
        rejected("11122223333"),
        refused(b"PK\x03\x04"),
    ];
    let table =
        Document::read("docs/operate.md").table(&["mistake", "what stops it", "what the report or the answer says"]);
    let mut quoted: Vec<String> =
        table.into_values().map(|cells| cells[1].clone()).filter(|cell| cell != "–").collect();
    quoted.sort();
    said.sort();
    assert_eq!(quoted, said, "what the table quotes, then what the function says");
}
