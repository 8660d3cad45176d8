//! A whole fleet: what a reconcile costs, what it says of a Region, and others at work at the same time.

use serde_json::json;

use crate::fleet::{DAVE, HEAL, REPORT, allowed, row};
use crate::world::*;

#[tokio::test(start_paused = true)]
async fn a_fleet_that_is_as_declared_costs_a_page_per_fifty_members_and_a_read_per_list() {
    let world = allowed().in_regions("us-east-1,eu-west-1");
    world.onboard(&list_of(120)).await.all_enabled();
    world.list("accounts/other.csv", &list_of(60));
    for what in [REPORT, HEAL] {
        let seen = world.reconcile(what).await;
        assert_eq!(seen.count("enabled"), 240, "{:#}", seen.report["summary"]);
        assert_eq!((seen.calls_to("ListMembers"), seen.calls_to("GetObject"), seen.calls_to_members()), (6, 2, 0));
        // Two for the administrator's detector in each Region, three prefixes, two reports.
        assert_eq!(seen.calls.len(), (3 + 2) * 2 + 2 + 3 + 2);
    }
}

#[tokio::test(start_paused = true)]
async fn members_through_an_organization_and_a_quota_that_is_nearly_used_up_are_notices() {
    let world = allowed();
    world.list("accounts/a.csv", &row(ALICE));
    world.member(ALICE, "Enabled");
    world.sim.put_organization_member(VIRGINIA, DAVE);
    let seen = world.reconcile(HEAL).await;
    assert!(seen.notices().contains("in us-east-1, 1 members joined through an organization"), "{}", seen.notices());
    let seen = world.onboard(&format!("{}{DAVE},dave@example.com\n", row(ALICE))).await;
    assert!(seen.notices().contains("some members joined through an organization"), "{}", seen.notices());

    let world = allowed();
    world.list("accounts/a.csv", &row(ALICE));
    for number in 0..4_500 {
        world.member(&format!("{:012}", 700_000_000_000_u64 + number), "Enabled");
    }
    let seen = world.reconcile(REPORT).await;
    assert!(seen.notices().contains("has 4500 members of the 5000"), "{}", seen.notices());
    assert_eq!((seen.count("unlisted"), seen.calls_to("ListMembers")), (4_500, 90));
}

#[tokio::test(start_paused = true)]
async fn two_heals_at_once_and_one_beside_an_upload_do_no_harm() {
    let world = allowed();
    world.onboard(&list_of(60)).await.all_enabled();
    for number in 1..21 {
        let account = format!("0000000{number:05}");
        world.sim.put_member(
            VIRGINIA,
            &account,
            &format!("account-{number}@example.com"),
            if number % 2 == 0 { "Disabled" } else { "Removed" },
        );
    }
    let heal = json!({"reconcile": HEAL});
    let version = world.sim.put_object(BUCKET, "accounts/team.csv", list_of(60));
    let upload = notification("accounts/team.csv", &version);
    let (one, other, uploaded) = tokio::join!(world.invoke(&heal), world.invoke(&heal), world.invoke(&upload));
    assert!(one.is_ok() && other.is_ok() && uploaded.is_ok(), "{one:?} {other:?} {uploaded:?}");
    assert!(world.sim.members(VIRGINIA).iter().all(|member| member.status == "Enabled"));
}
