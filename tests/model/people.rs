//! What other people do in GuardDuty, with calls of their own that GuardDuty may refuse.

use aws_sim::{ADMINISTRATOR, Request, World};
use serde_json::{Value, json};

use crate::operations::{Account, Change, REGIONS, Region};
use crate::world::{email, id};

/// Listed before the administrator among an account's invitations.
const INVITER: &str = "100000000000";
const OTHER_ADMINISTRATOR: &str = "999999999999";

/// Makes the change in one Region.
pub fn change(world: &World, what: Change, account: Account, region: Region) {
    let (member, region) = (&id(account), REGIONS[region]);
    let by = |who: &str, path: &str, body: &Value| call(world, who, region, path, body);
    let members = |operation: &str| by(ADMINISTRATOR, &format!("/member{operation}"), &json!({"accountIds": [member]}));
    match what {
        Change::Disassociate => members("/disassociate"),
        Change::Delete => members("/delete"),
        Change::Stop => members("/stop"),
        Change::Resign => by(member, "/administrator/disassociate", &Value::Null),
        Change::CreateDetector => {
            if world.detector(member, region).is_none() {
                world.put_detector(member, region, true);
            }
        }
        Change::SwitchOff => by(member, "", &json!({"enable": false})),
        Change::InviteByHand(address) => {
            let details = json!([{"accountId": member, "email": email(account, address)}]);
            by(ADMINISTRATOR, "/member", &json!({"accountDetails": details}));
            members("/invite");
        }
        Change::Switch(plan, on) => {
            if world.detector(member, region).is_some() {
                world.set_feature(member, region, plan.name(), on);
            }
        }
        Change::StrangerInvites => world.invite_from(INVITER, member, region),
        // An account has one administrator at most.
        Change::JoinsStranger => {
            let ours = world.member(region, member).map(|member| member.status);
            if !matches!(ours.as_deref(), Some("Enabled" | "Disabled")) {
                world.belongs_to(OTHER_ADMINISTRATOR, member, region);
            }
        }
    }
}

/// A POST to the caller's own detector. Nothing happens if it has none.
fn call(world: &World, caller: &str, region: &str, path: &str, body: &Value) {
    let Some(detector) = world.detector(caller, region) else { return };
    let credential = format!("{}/20260101/{region}/guardduty/aws4_request", key(caller));
    let signature = format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=00");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    // Refused or not.
    let _ = world.handle(&Request {
        method: "POST".into(),
        path: format!("/detector/{}{path}", detector.id),
        headers: vec![("Authorization".into(), signature)],
        body: body.into(),
        ..Request::default()
    });
}

/// A temporary key of the account, which carries its number as AWS's do.
fn key(account: &str) -> String {
    let number: u64 = account.parse().expect("a number");
    let bits = (1 << 47 | number << 7) << 2;
    let letter =
        |place: u64| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::try_from(bits >> (5 * place) & 31).expect("few")];
    let letters = (0..10).rev().map(|place| char::from(letter(place)));
    format!("ASIA{}AAAAAA", letters.collect::<String>())
}

#[test]
fn a_key_is_its_accounts() {
    for account in [ADMINISTRATOR, INVITER, &id(3)] {
        assert_eq!(aws_sim::account_of_key(&key(account)), account);
    }
}
