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
        // The administrator's ListDetectors; the list, whether it is still current, and two reports.
        let all = 100 + 3 * memberships + 2 * count + 5 * chunks + 4;
        assert_eq!(seen.calls.len(), all);
    }
}

#[tokio::test(start_paused = true)]
async fn looking_while_verification_takes_its_time_stays_within_the_budget() {
    let world = World::new();
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(55));

    let seen = world.onboard(&list_of(50)).await;

    seen.all_enabled();
    // Without the six of the run: the administrator's ListDetectors and CreateDetector, the list and two reports.
    let calls = seen.calls.len() - 6;
    assert!(calls * 10 <= 50 * 44, "{calls} calls");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_finds_nothing_to_do_costs_a_look_per_fifty_accounts() {
    let world = World::new().in_regions("us-east-1,eu-west-1");
    world.onboard(&list_of(120)).await.all_enabled();

    let again = world.onboard(&list_of(120)).await;

    assert_eq!(again.calls_to("GetMembers"), 2 * 3);
    assert_eq!((again.calls_to("ListDetectors"), again.calls_to("GetDetector")), (2, 2));
    assert_eq!((again.calls_to("GetObject"), again.calls_to("PutObject")), (1, 2));
    assert_eq!(again.calls_to("HeadObject"), 1);
    assert_eq!(again.calls.len(), 2 * (3 + 2) + 4);
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
