//! Least privilege of reconciling: its schedule grants one action, which is used; a report uses nothing that writes.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployed::{self, FUNCTION_ROLE};
use crate::fleet::{HEAL, REPORT, row};
use crate::permissions::{Actions, allowed, used};
use crate::world::*;

const SCHEDULE: (&str, &str) = ("ReconcileSchedule", "rate(1 day)");
const SUSPENDING: (&str, &str) = ("ALLOW_SUSPEND", "true");

fn granted(with: &[(&'static str, &str)]) -> Actions {
    let settings: BTreeMap<&'static str, String> = with.iter().map(|(name, value)| (*name, (*value).into())).collect();
    BTreeMap::from([
        ("function", allowed(&deployed::stack(&settings).policies("FunctionRole"))),
        ("member", allowed(&deployed::member_role(&settings).policies("MemberRole"))),
    ])
}

/// Alice is to join, Bob to be resumed, Carol to be suspended.
fn drifted(with: &[(&'static str, &str)]) -> World {
    let world =
        with.iter().fold(World::new().with("REPORT_BUCKET", BUCKET), |world, (name, value)| world.with(name, value));
    world.list("accounts/team.csv", &format!("{}{}", row(ALICE), row(BOB)));
    world.list("suspend/team.csv", CAROL);
    world.sim.email_is(ALICE, &format!("root+{ALICE}@example.com"));
    world.member(BOB, "Disabled");
    world.member(CAROL, "Enabled");
    world
}

#[tokio::test(start_paused = true)]
async fn the_schedule_grants_one_action_and_a_reconcile_uses_it() {
    for also in [&[][..], &[SUSPENDING]] {
        let with = [also, &[SCHEDULE]].concat();
        let (without, granted) = (granted(also), granted(&with));
        let added: Vec<_> = granted["function"].difference(&without["function"]).collect();
        assert_eq!(added, ["guardduty:ListMembers"]);
        assert_eq!(granted["member"], without["member"]);

        let world = drifted(&with);
        let mut used_by_all = BTreeSet::new();
        for what in [REPORT, HEAL, HEAL] {
            let seen = world.reconcile(what).await;
            assert_eq!(seen.count("pending"), 0, "{what} with {with:?}: {:#}", seen.report);
            for (role, used) in used(&seen.calls) {
                assert!(used.is_subset(&granted[role]), "{role} with {with:?} used {used:?}");
                used_by_all.extend(used);
            }
        }
        let expected = if also.is_empty() { "Enabled" } else { "Disabled" };
        let ended = [ALICE, BOB, CAROL].map(|account| world.status(VIRGINIA, account));
        assert_eq!(ended, ["Enabled", "Enabled", expected].map(|status| Some(status.to_owned())), "{with:?}");
        assert!(used_by_all.contains("guardduty:ListMembers"));
        assert_eq!(used_by_all.contains("guardduty:StopMonitoringMembers"), !also.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_needs_no_more_than_to_read_and_to_write_its_files() {
    let seen = drifted(&[SCHEDULE, SUSPENDING]).reconcile(REPORT).await;
    assert_eq!(seen.count("planned"), 3, "{:#}", seen.report);
    let actions = ["guardduty:GetDetector", "guardduty:ListDetectors", "guardduty:ListMembers"];
    let actions = actions.into_iter().chain(["s3:GetObject", "s3:ListBucket", "s3:PutObject"]);
    assert_eq!(used(&seen.calls), BTreeMap::from([("function", actions.map(ToOwned::to_owned).collect())]));
}

#[tokio::test(start_paused = true)]
async fn without_the_schedule_every_row_says_what_is_missing_and_nothing_is_written() {
    for what in [REPORT, HEAL] {
        let seen = drifted(&[SUSPENDING]).reconcile(what).await;
        for account in [ALICE, BOB, CAROL] {
            assert_eq!(seen.ended(account, VIRGINIA), "failed -", "{:#}", seen.report);
            let said = seen.detail(account, VIRGINIA);
            assert!(said.contains("guardduty:ListMembers"), "{said}");
        }
        assert!(seen.writes().is_empty() && seen.answer.is_ok(), "{:?}", seen.answer);
    }
}

#[tokio::test(start_paused = true)]
async fn members_are_listed_by_the_function_in_chosen_regions_only() {
    let world = drifted(&[SCHEDULE]);
    world.deploy();
    let may = |role: &str, region: &str| world.sim.may(role, "guardduty:ListMembers", "*", region);
    assert!(may(FUNCTION_ROLE, VIRGINIA));
    assert!(!may(FUNCTION_ROLE, IRELAND), "a Region that nobody has chosen");
    assert!(!may("arn:aws:iam::111122223333:role/GuardDutyOnboardingMember", VIRGINIA));
    for write in ["guardduty:StopMonitoringMembers", "guardduty:DisassociateMembers"] {
        assert!(!world.sim.may(FUNCTION_ROLE, write, "*", VIRGINIA), "{write} has a parameter of its own");
    }
}
