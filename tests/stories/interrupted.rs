//! A run that is stopped from outside: no call begins any more, what is under way is finished, and the rest is pending.

mod stopped;

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sim::{Fault, Kind};
use guardduty_onboarding::declared::{Goal, Mode};
use guardduty_onboarding::fleet::{List, merge};
use guardduty_onboarding::outcome::{Outcome, Wait};
use guardduty_onboarding::reconcile::{self, Stop};

use self::stopped::{run_until, stopped, stopped_list};
use crate::fleet::allowed;
use crate::plans::{declared, id};
use crate::world::*;

const LATENCY: Duration = Duration::from_millis(50);
pub const BOTH: [&str; 2] = [VIRGINIA, IRELAND];
/// How long the calls that are under way may take.
const GRACE: Duration = Duration::from_secs(30);

/// New accounts in two Regions, more of them than calls at a time.
fn new_accounts() -> World {
    let world = World::new().in_regions(&BOTH.join(",")).with("MAX_CONCURRENCY", "8");
    world.sim.set(|knobs| knobs.latency = LATENCY);
    world
}

/// Members that are monitored in both Regions, and may be let go at once.
fn leaving(count: usize) -> World {
    let world = allowed().in_regions(&BOTH.join(",")).with("DELETE_DETECTORS", "true").with("MAX_LEAVING", "100");
    let world = world.with("MAX_CONCURRENCY", "8");
    world.sim.set(|knobs| knobs.latency = LATENCY);
    for region in BOTH {
        world.sim.put_detector(ADMINISTRATOR, region, true);
        for number in 1..=count {
            world.sim.put_member(region, &id(number), &format!("account-{number}@example.com"), "Enabled");
        }
    }
    world
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_stopped_finishes_its_visits_begins_nothing_and_a_second_run_goes_on() {
    let world = new_accounts();
    let list = list_of(120);

    let seen = stopped_list(&world, &list, Goal::Monitored, Mode::Apply, Duration::from_millis(4_710)).await;

    seen.began_nothing();
    seen.tells_the_truth(&world, 120);
    seen.finished_what_was_under_way();
    let summary = seen.run.summary();
    assert!(summary.enabled > 0 && seen.interrupted() > 50, "{summary:?}");
    assert!(!seen.after.is_empty() && seen.took < Duration::from_secs(1), "{:?}", seen.took);

    let again = world.run(&list, Goal::Monitored, Mode::Apply).await;
    assert_eq!(again.summary().enabled, 240);
}

#[tokio::test(start_paused = true)]
async fn whenever_a_run_is_stopped_the_same_holds() {
    let list = list_of(40);
    let (mut interrupted, mut enabled) = (BTreeSet::new(), BTreeSet::new());
    for step in 0..40 {
        let world = if step % 2 == 0 { new_accounts() } else { declared_plans() };
        // Few calls at a time, so that no moment is like the last.
        let (world, after) = (world.with("MAX_CONCURRENCY", "2"), Duration::from_millis(step * 250));
        let seen = stopped_list(&world, &list, Goal::Monitored, Mode::Apply, after).await;
        seen.began_nothing();
        seen.tells_the_truth(&world, 40);
        seen.finished_what_was_under_way();
        assert!(seen.took < Duration::from_secs(1), "{after:?}: {:?}", seen.took);
        interrupted.insert(seen.interrupted());
        enabled.insert(seen.run.summary().enabled);
        let again = world.run(&list, Goal::Monitored, Mode::Apply).await;
        assert_eq!(again.summary().enabled, 80, "{after:?}");
    }
    for moments in [interrupted, enabled] {
        assert!(moments.contains(&0) && moments.contains(&80) && moments.len() > 2, "{moments:?}");
    }
}

fn declared_plans() -> World {
    let world = declared().in_regions(&BOTH.join(",")).with("MAX_CONCURRENCY", "8");
    world.sim.set(|knobs| {
        knobs.latency = LATENCY;
        knobs.verification = Duration::from_secs(2);
    });
    world
}

#[tokio::test(start_paused = true)]
async fn the_administrators_own_detector_is_not_touched_after_the_stop() {
    let mut written = BTreeSet::new();
    for step in 0..20 {
        let world = declared_plans().with("FINDING_PUBLISHING_FREQUENCY", "ONE_HOUR");
        let after = Duration::from_millis(step * 20 + 5);
        let seen = stopped_list(&world, THREE, Goal::Monitored, Mode::Apply, after).await;
        seen.began_nothing();
        seen.tells_the_truth(&world, 3);
        written.insert(seen.before.iter().filter(|call| call.write && call.caller == ADMINISTRATOR).count());
    }
    // Nothing, both detectors, and what is set there.
    assert!(written.is_superset(&[0, 2, 4].into()), "{written:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_before_the_run_begins_makes_no_call_and_one_after_it_changes_nothing() {
    let world = new_accounts();
    let stop = Stop::new();
    stop.now();
    for mode in [Mode::Apply, Mode::Plan] {
        let run = run_until(&world, THREE, Goal::Monitored, mode, stop.clone()).await;
        assert_eq!((run.summary().pending, run.changed), (6, false));
    }
    assert_eq!(world.sim.ledger(), []);

    let seen = stopped_list(&world, THREE, Goal::Monitored, Mode::Apply, Duration::from_mins(5)).await;
    assert_eq!((seen.run.summary().enabled, seen.after.len()), (6, 0));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_verification_says_so_and_ends_at_once() {
    for step in 0..8 {
        let world = new_accounts().with("SETTLE_SECONDS", "600");
        world.sim.set(|knobs| knobs.verification = Duration::from_hours(1));
        // So slow that some chunks look while others wait for their turn.
        let slow = Duration::from_secs(9);
        world.sim.fault(Fault { operation: Some("GetMembers"), ..always(Kind::Slow(slow)) });

        let after = Duration::from_secs(100 + 3 * step);
        let seen = stopped_list(&world, &list_of(300), Goal::Monitored, Mode::Apply, after).await;

        seen.began_nothing();
        let waits = |outcome: &Outcome| *outcome == Outcome::Pending(Wait::Verification);
        let others: Vec<_> = seen.run.memberships.iter().filter(|one| !waits(&one.outcome)).collect();
        assert!(others.is_empty(), "{others:?}");
        assert!(seen.took <= slow + LATENCY, "{:?}", seen.took);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_holds_the_end_up_for_half_a_minute_at_most() {
    let hanging = [
        ("ListDetectors", Mode::Apply),
        ("ListDetectors", Mode::Plan),
        ("GetMembers", Mode::Apply),
        ("GetMembers", Mode::Plan),
        ("AssumeRole", Mode::Apply),
        ("CreateDetector", Mode::Apply),
        ("InviteMembers", Mode::Apply),
        ("AcceptAdministratorInvitation", Mode::Apply),
    ];
    for (operation, mode) in hanging {
        let world = new_accounts();
        for region in BOTH {
            world.sim.put_detector(ADMINISTRATOR, region, true);
        }
        let hangs = Kind::Slow(Duration::from_hours(1));
        world.sim.fault(Fault { operation: Some(operation), region: Some(VIRGINIA.into()), ..always(hangs) });
        // The first attempt has ended without an answer, and the next one hangs.
        let seen = stopped_list(&world, THREE, Goal::Monitored, mode, Duration::from_secs(25)).await;
        assert!(seen.took > Duration::from_secs(1) && seen.took <= GRACE, "{operation}: {:?}", seen.took);
        let memberships = &seen.run.memberships;
        assert_eq!((memberships.len(), seen.run.summary().pending >= 3), (6, true), "{operation}: {memberships:?}");
        // The SDK's next attempts belong to the call that was under way.
        assert!(seen.after.iter().all(|call| call.operation == operation), "{operation}: {:?}", seen.after);
    }
}

#[tokio::test(start_paused = true)]
async fn a_visit_of_many_slow_calls_is_cut_off_after_half_a_minute() {
    let world = new_accounts();
    for region in BOTH {
        world.sim.put_detector(ALICE, region, false);
    }
    let slow = Kind::Slow(Duration::from_secs(9));
    world.sim.fault(Fault { account: Some(ALICE.into()), ..always(slow) });

    let seen = stopped_list(&world, ALICES_LIST, Goal::Monitored, Mode::Apply, Duration::from_secs(1)).await;

    assert_eq!((seen.took, seen.interrupted()), (GRACE, 2));
    seen.began_nothing();
}

#[tokio::test(start_paused = true)]
async fn nobody_is_let_go_after_the_stop() {
    let list = list_of(40);
    let (mut left, mut deleted) = (BTreeSet::new(), BTreeSet::new());
    for goal in [Goal::Suspended, Goal::Removed] {
        for step in 0..10 {
            let world = leaving(0);
            world.run(&list, Goal::Monitored, Mode::Apply).await;
            let after = Duration::from_millis(step * step * 33);
            let seen = stopped_list(&world, &list, goal, Mode::Apply, after).await;
            seen.began_nothing();
            seen.tells_the_truth(&world, 40);
            left.insert(seen.interrupted());
            deleted.insert(seen.run.detectors_deleted);
            let again = world.run(&list, goal, Mode::Apply).await.summary();
            assert_eq!(again.suspended + again.removed, 80, "{again:?}");
        }
    }
    for moments in [left, deleted] {
        assert!(moments.contains(&0) && moments.contains(&80) && moments.len() > 2, "{moments:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_and_a_heal_are_stopped_the_same_way() {
    let list = list_of(120);
    for step in 0..12 {
        let world = leaving(100);
        let after = Duration::from_millis(step * 45);
        let plan = stopped_list(&world, &list, Goal::Monitored, Mode::Plan, after).await;
        plan.began_nothing();
        plan.tells_the_truth(&world, 120);
        assert!(!plan.run.changed && plan.after.is_empty());

        let heal = stopped(&world, after * 4, async |stop| {
            let roster = world.roster(&list, Goal::Monitored);
            let list = List { key: "accounts/a.csv".into(), version_id: None, goal: Goal::Monitored, roster };
            let context = world.context(None, Mode::Apply).until(stop);
            reconcile::all(context, merge(std::slice::from_ref(&list)), vec![list.read()]).await
        });
        let heal = heal.await;
        heal.began_nothing();
        heal.tells_the_truth(&world, 120);
        heal.finished_what_was_under_way();
        assert_eq!(world.run(&list, Goal::Monitored, Mode::Apply).await.summary().enabled, 240);
    }
}
