//! A whole fleet: what a reconcile costs, what it says of a Region, and others at work at the same time.

use serde_json::json;

use crate::fleet::{DAVE, HEAL, REPORT, allowed, row};
use crate::world::*;

/// As many members as that in each Region: monitored, suspended, or on no list. Two lists under each prefix.
fn as_declared(members: usize, regions: &[&str]) -> World {
    let world = allowed().in_regions(&regions.join(","));
    let mut lists = [String::new(), String::new(), String::from("000000009001\n"), String::from("000000009002\n")];
    for number in 1..=members {
        let account = format!("{number:012}");
        let suspended = number % 4 == 0;
        for region in regions {
            let status = if suspended { "Disabled" } else { "Enabled" };
            world.sim.put_member(region, &account, &format!("root+{account}@example.com"), status);
        }
        let listed = if suspended { format!("{account}\n") } else { row(&account) };
        if number % 10 != 7 {
            lists[usize::from(suspended)].push_str(&listed);
        }
    }
    for region in regions {
        world.sim.put_detector(ADMINISTRATOR, region, true);
    }
    let [monitored, suspended, one, other] = lists;
    // A list without a row declares nothing, but is read.
    let all = [("accounts/a", &monitored), ("suspend/a", &suspended), ("remove/a", &one), ("remove/b", &other)];
    for (key, list) in all.into_iter().chain([("accounts/b", &monitored), ("suspend/b", &suspended)]) {
        world.list(&format!("{key}.csv"), list);
    }
    world
}

#[tokio::test(start_paused = true)]
async fn a_fleet_that_is_as_declared_costs_a_page_per_fifty_members_and_a_read_per_list() {
    let lists = 6;
    for regions in [&[VIRGINIA][..], &[VIRGINIA, IRELAND, "ap-southeast-2"]] {
        for (members, pages) in [(0, 1), (1, 1), (50, 1), (51, 2), (120, 3)] {
            let world = as_declared(members, regions);
            for what in [REPORT, HEAL] {
                let seen = world.reconcile(what).await;
                let case = format!("{members} members in {} Regions: {:#}", regions.len(), seen.report["summary"]);
                let unlisted = (1..=members).filter(|number| number % 10 == 7).count() * regions.len();
                assert_eq!(seen.count("unlisted"), unlisted as u64, "{case}");
                let settled = seen.count("enabled") + seen.count("suspended") + seen.count("removed");
                assert_eq!(settled, ((members + 2) * regions.len() - unlisted) as u64, "{case}");
                assert_eq!((seen.writes(), seen.calls_to_members()), (vec![], 0), "{case}");
                assert_eq!(seen.calls_to("ListMembers"), pages * regions.len(), "{case}");
                assert_eq!((seen.calls_to("GetObject"), seen.calls_to("ListObjectsV2")), (lists, 3), "{case}");
                // The administrator's detector; the lists under three prefixes; the three files of the report.
                let calls = (pages + 2) * regions.len() + lists + 3 + 3;
                assert_eq!(seen.calls.len(), calls, "{case}");
                assert!(calls <= (members.div_ceil(50).max(1) + 2) * regions.len() + lists + 9, "the budget");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reconcile_of_all_regions_looks_them_up_once_and_one_without_a_list_only_counts_members() {
    let world = allowed().in_regions("all");
    world.list("accounts/a.csv", &row(ALICE));
    world.onboard(&row(ALICE)).await;
    let regions = world.reconcile(REPORT).await.report["regions"].as_array().expect("Regions").len();
    let seen = world.reconcile(REPORT).await;
    assert_eq!((seen.calls_to("ListRegions"), seen.calls_to_members()), (1, 0));
    assert!(seen.calls.len() <= (1 + 2) * regions + 2 + 9, "{} calls", seen.calls.len());

    let world = allowed();
    world.member(DAVE, "Enabled");
    let seen = world.reconcile(REPORT).await;
    assert_eq!((seen.count("memberships"), seen.count("unlisted"), seen.calls.len()), (0, 1, 1 + 2 + 3 + 3));
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
