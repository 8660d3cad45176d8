//! Lists of members and invitations: what they contain, and how they are paged.

use aws_sim::ADMINISTRATOR;

use crate::support::{Caller, HOME, MEMBER, Stage};

const INVALID: &str = "The request is rejected because the parameter maxResults has an invalid value.";
const BOUNDS: &str = "The request is rejected because the parameter maxResults is out-of-bounds.";

/// A list's accounts, page by page.
fn pages(caller: &Caller, target: &str, list: &str) -> Vec<Vec<String>> {
    let (mut pages, mut next) = (Vec::new(), String::new());
    loop {
        let joint = if target.contains('?') { '&' } else { '?' };
        let answer = caller.get(&format!("{target}{joint}nextToken={next}"));
        assert_eq!(answer.status, 200, "{answer:?}");
        let entries = answer.body[list].as_array().into_iter().flatten();
        pages.push(entries.map(|entry| entry["accountId"].as_str().unwrap_or_default().to_owned()).collect());
        match answer.body["nextToken"].as_str() {
            Some(token) => next = token.into(),
            None => return pages,
        }
    }
}

fn sizes(pages: &[Vec<String>]) -> Vec<usize> {
    pages.iter().map(Vec::len).collect()
}

#[test]
fn only_associated_members_are_listed_unless_asked_otherwise() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let statuses = ["Created", "Invited", "Enabled", "Disabled", "Removed", "Resigned", "EmailVerificationFailed"];
    for (number, status) in (111_111_111_110_u64..).zip(statuses) {
        stage.world.put_member(HOME, &number.to_string(), "root@example.com", status);
    }
    let listed = |query: &str| {
        let answer = stage.administrator().get(&format!("/detector/{id}/member{query}"));
        let members = answer.body["members"].as_array().cloned().unwrap_or_default();
        let found = members.iter().map(|member| member["relationshipStatus"].as_str().unwrap_or_default().to_owned());
        found.collect::<Vec<_>>()
    };
    for query in ["", "?onlyAssociated=true", "?onlyAssociated=TRUE"] {
        assert_eq!(listed(query), ["Enabled", "Disabled"], "{query}");
    }
    for query in ["?onlyAssociated=false", "?onlyAssociated=FALSE"] {
        assert_eq!(listed(query), statuses, "{query}");
    }
    stage
        .administrator()
        .get(&format!("/detector/{id}/member?onlyAssociated=maybe"))
        .is_bad_request("The request is rejected because the parameter onlyAssociated has an invalid value.");
}

#[test]
fn members_come_in_pages_of_fifty_at_most() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    for number in 0..120 {
        stage.world.put_member(HOME, &format!("1111111{number:05}"), "root@example.com", "Enabled");
    }
    let target = format!("/detector/{id}/member");
    let caller = stage.administrator();
    let all = pages(&caller, &target, "members");
    assert_eq!(sizes(&all), [50, 50, 20]);
    let mut distinct = all.concat();
    distinct.dedup();
    assert_eq!(distinct.len(), 120);

    stage.world.set(|knobs| knobs.page_size = 48);
    assert_eq!(sizes(&pages(&caller, &target, "members")), [48, 48, 24]);
    assert_eq!(sizes(&pages(&caller, &format!("{target}?maxResults=40"), "members")), [40, 40, 40]);
}

#[test]
fn the_most_members_an_administrator_can_have_are_listed_each_once() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    for number in 0..5000 {
        let status = if number % 5 == 0 { "Removed" } else { "Enabled" };
        stage.world.put_member(HOME, &format!("11111111{number:04}"), "root@example.com", status);
    }
    for (query, count) in [("", 4000), ("?onlyAssociated=false", 5000)] {
        let all = pages(&stage.administrator(), &format!("/detector/{id}/member{query}"), "members");
        assert_eq!(sizes(&all), vec![50; count / 50], "{query}");
        assert_eq!(all.concat().into_iter().collect::<std::collections::BTreeSet<_>>().len(), count);
    }
}

#[test]
fn a_member_that_joins_or_leaves_between_two_pages_hides_no_other() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let account = |number: u32| format!("1111111{number:05}");
    for number in 1..=120 {
        stage.world.put_member(HOME, &account(number), "root@example.com", "Enabled");
    }
    let list = |token: &str| stage.administrator().get(&format!("/detector/{id}/member?nextToken={token}")).body;
    let first = list("");
    stage.administrator().members(&id, "disassociate", &[&account(50)]).is_processed();
    stage.world.put_member(HOME, &account(0), "root@example.com", "Enabled");
    let second = list(first["nextToken"].as_str().expect("there is more"));
    assert_eq!(second["members"][0]["accountId"], account(51));
    let third = list(second["nextToken"].as_str().expect("there is more"));
    assert_eq!(third["members"].as_array().map(Vec::len), Some(20));
    assert!(third["nextToken"].is_null());
}

#[test]
fn invitations_come_in_pages() {
    let stage = Stage::new();
    for number in 1..=5 {
        stage.world.invite_from(&format!("99999999999{number}"), MEMBER, HOME);
    }
    stage.world.set(|knobs| knobs.page_size = 2);
    assert_eq!(sizes(&pages(&stage.caller(MEMBER), "/invitation", "invitations")), [2, 2, 1]);
}

#[test]
fn the_size_of_a_page_has_bounds() {
    let stage = Stage::new();
    let id = stage.world.put_detector(ADMINISTRATOR, HOME, true);
    for list in ["/detector", "/invitation", &format!("/detector/{id}/member")] {
        for size in ["0", "51", "-1"] {
            stage.administrator().get(&format!("{list}?maxResults={size}")).is_bad_request(BOUNDS);
        }
        stage.administrator().get(&format!("{list}?maxResults=many")).is_bad_request(INVALID);
    }
    let strange = stage.administrator().get(&format!("/detector/{id}/member?nextToken=zz"));
    strange.is_bad_request("The request is rejected because one or more input parameters have invalid values.");
}
