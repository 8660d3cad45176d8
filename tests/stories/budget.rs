//! What a run costs: its calls, counted exactly on the ledger.

use std::time::Duration;

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn a_new_membership_costs_at_most_three_calls_and_its_share_of_batches_and_sessions() {
    for (regions, count) in [("us-east-1", 1), ("us-east-1,eu-west-1", 2)] {
        let world = World::new().in_regions(regions);
        let seen = world.onboard(&list_of(100)).await;
        seen.all_enabled();

        let memberships = 100 * count;
        let chunks = 2 * count;
        assert_eq!(seen.calls_to("AssumeRole"), 100);
        assert_eq!(seen.calls_to("CreateDetector"), memberships + count, "the administrator's own, too");
        assert_eq!(seen.calls_to("ListInvitations"), memberships);
        assert_eq!(seen.calls_to("AcceptAdministratorInvitation"), memberships);
        assert_eq!(seen.calls_to("CreateMembers"), chunks);
        assert_eq!(seen.calls_to("InviteMembers"), chunks);
        assert_eq!(seen.calls_to("GetMembers"), 3 * chunks);
        // The administrator's ListDetectors; the list, whether it is still current, and three files of the report.
        let all = 100 + 3 * memberships + 2 * count + 5 * chunks + 5;
        assert_eq!(seen.calls.len(), all);
    }
}

#[tokio::test(start_paused = true)]
async fn looking_while_verification_takes_its_time_stays_within_the_budget() {
    let world = World::new();
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(55));

    let seen = world.onboard(&list_of(50)).await;

    seen.all_enabled();
    // Without those of the run: the administrator's ListDetectors and CreateDetector, the list, whether it is still
    // current, and three files of the report. After half a minute there is a running report: the list is looked up, and
    // two files are written.
    let calls = seen.calls.len() - 7 - 3;
    assert!(calls * 10 <= 50 * 44, "{calls} calls");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_finds_nothing_to_do_costs_a_look_per_fifty_accounts() {
    let world = World::new().in_regions("us-east-1,eu-west-1");
    world.onboard(&list_of(120)).await.all_enabled();

    let again = world.onboard(&list_of(120)).await;

    assert_eq!(again.calls_to("GetMembers"), 2 * 3);
    assert_eq!((again.calls_to("ListDetectors"), again.calls_to("GetDetector")), (2, 2));
    assert_eq!((again.calls_to("GetObject"), again.calls_to("PutObject")), (1, 3));
    assert_eq!(again.calls_to("HeadObject"), 1);
    assert_eq!(again.calls.len(), 2 * (3 + 2) + 5);
}

#[tokio::test(start_paused = true)]
async fn accounts_that_drifted_are_mended_together_wherever_the_list_has_them() {
    let world = World::new();
    world.onboard(&list_of(150)).await.all_enabled();
    for account in [10, 60, 110] {
        let id = format!("0000000{account:05}");
        world.sim.put_member(VIRGINIA, &id, &format!("account-{account}@example.com"), "Removed");
    }

    let again = world.onboard(&list_of(150)).await;

    again.all_enabled();
    assert_eq!(again.calls_to("InviteMembers"), 1);
    assert_eq!(again.calls_to("GetMembers"), 3 + 2);
}

#[tokio::test(start_paused = true)]
async fn batches_stay_whole_where_few_calls_are_in_flight_for_many_regions() {
    let regions = "us-east-1,us-east-2,us-west-2,eu-west-1,eu-west-2,eu-central-1";
    let world = World::new().in_regions(regions).with("MAX_CONCURRENCY", "4");
    world.sim.set(|knobs| knobs.latency = Duration::from_millis(100));

    let seen = world.onboard(&list_of(50)).await;

    seen.all_enabled();
    assert_eq!((seen.calls_to("CreateMembers"), seen.calls_to("GetMembers")), (6, 3 * 6));
}

#[tokio::test(start_paused = true)]
async fn a_removal_costs_five_calls_per_fifty_accounts_and_none_into_a_member() {
    for (regions, count) in [("us-east-1", 1), ("us-east-1,eu-west-1", 2)] {
        let world = World::new().with("ALLOW_REMOVE", "true").with("MAX_LEAVING", "5000").in_regions(regions);
        world.onboard(&list_of(120)).await.all_enabled();

        let seen = world.upload("remove/team.csv", list_of(120)).await;

        assert_eq!(seen.count("removed"), 120 * count as u64, "{:#}", seen.report["summary"]);
        assert_eq!(seen.calls_to_members(), 0);
        // Three looks, one of them after each of the two writes; the administrator's detector; the list, twice whether it
        // is still current, and three files of the report.
        assert_eq!(seen.calls.len(), (5 * 3 + 2) * count + 6);

        let again = world.upload("remove/team.csv", list_of(120)).await;
        assert_eq!((again.writes(), again.calls.len()), (vec![], (3 + 2) * count + 5));
    }
}

#[tokio::test(start_paused = true)]
async fn a_detector_that_goes_costs_four_calls_and_a_share_of_a_session_more_and_one_that_stays_two() {
    let world = World::new().with("ALLOW_REMOVE", "true").with("DELETE_DETECTORS", "true");
    let world = world.in_regions("us-east-1,eu-west-1");
    world.onboard(&list_of(50)).await.all_enabled();
    let seen = world.upload("remove/team.csv", list_of(50)).await;
    assert_eq!((seen.count("removed"), seen.calls_to("DeleteDetector")), (100, 100));
    assert_eq!(seen.calls.len(), (5 + 2) * 2 + 6 + 100 * 4 + 50);

    let world = World::new().with("ALLOW_REMOVE", "true").with("DELETE_DETECTORS", "true");
    for account in 1..=50 {
        let account = format!("{account:012}");
        world.sim.put_detector(&account, VIRGINIA, true);
        world.sim.put_member(VIRGINIA, &account, "user@example.com", "Enabled");
    }
    let seen = world.upload("remove/team.csv", list_of(50)).await;
    assert_eq!((seen.count("removed"), seen.calls_to("DeleteDetector")), (50, 0));
    assert_eq!(seen.calls.len(), 5 + 2 + 6 + 50 * 2 + 50);
}
