//! Least privilege of leaving: each parameter grants what it is for, and that is used; without it, nobody may do that.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployed;
use crate::leaving::{ALICE_ALONE, REMOVE, SUSPEND};
use crate::permissions::{Actions, allowed, used};
use crate::world::*;

/// The parameters, and what each adds to which role.
const PARAMETERS: [(&str, &str, &str); 3] = [
    ("ALLOW_SUSPEND", "function", "guardduty:StopMonitoringMembers"),
    ("ALLOW_REMOVE", "function", "guardduty:DisassociateMembers"),
    ("DELETE_DETECTORS", "member", "guardduty:DeleteDetector"),
];

fn granted(on: &[&'static str]) -> Actions {
    let settings: BTreeMap<&'static str, String> = on.iter().map(|name| (*name, "true".to_owned())).collect();
    BTreeMap::from([
        ("function", allowed(&deployed::stack(&settings).policies("FunctionRole"))),
        ("member", allowed(&deployed::member_role(&settings).policies("MemberRole"))),
    ])
}

/// Onboards Alice, and lets her go in every way.
async fn lived(on: &[&'static str]) -> Vec<aws_sim::Call> {
    let world = on.iter().fold(World::new().with("REPORT_BUCKET", BUCKET), |world, name| world.with(name, "true"));
    let mut calls = Vec::new();
    let onboarded = world.onboard(ALICES_LIST).await;
    onboarded.all_enabled();
    calls.extend(onboarded.calls);
    for key in [SUSPEND, REMOVE] {
        let seen = world.upload(key, ALICE_ALONE).await;
        assert!(seen.answer.is_ok(), "{key}, {on:?}: {:?}", seen.answer);
        assert_eq!((seen.count("failed"), seen.count("pending")), (0, 0), "{key}, {on:?}: {:#}", seen.report);
        calls.extend(seen.calls);
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn each_parameter_grants_one_action_and_it_is_used() {
    for chosen in 0..8_usize {
        let parameters: Vec<_> = PARAMETERS
            .iter()
            .enumerate()
            .filter(|(index, _)| chosen & (1 << index) != 0)
            .map(|(_, one)| *one)
            .collect();
        let on: Vec<&'static str> = parameters.iter().map(|(name, _, _)| *name).collect();
        let (without, with) = (granted(&[]), granted(&on));
        let used = used(&lived(&on).await);
        for role in ["function", "member"] {
            let added: BTreeSet<&str> = with[role].difference(&without[role]).map(String::as_str).collect();
            let expected = parameters.iter().filter(|(_, of, _)| *of == role).map(|(_, _, action)| *action).collect();
            assert_eq!(added, expected, "{role} with {on:?}");
            assert!(used[role].is_subset(&with[role]), "{role} with {on:?} used {:?}", used[role]);
            // Nobody deletes a detector unless somebody is removed.
            let due = |action: &&str| *action != "guardduty:DeleteDetector" || on.contains(&"ALLOW_REMOVE");
            let unused: Vec<&str> =
                added.into_iter().filter(due).filter(|action| !used[role].contains(*action)).collect();
            assert!(unused.is_empty(), "{role} with {on:?} did not use {unused:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_session_that_deletes_a_detector_may_do_nothing_else() {
    let calls = lived(&["ALLOW_SUSPEND", "ALLOW_REMOVE", "DELETE_DETECTORS"]).await;
    let mut by_policy = BTreeMap::<String, BTreeSet<String>>::new();
    for call in calls.iter().filter(|call| call.caller == ALICE) {
        let policy = call.session_policy.as_ref().expect("a session policy");
        by_policy.entry(policy.to_string()).or_default().extend(call.actions.iter().cloned());
    }
    let deletes: Vec<_> = by_policy.iter().filter(|(_, used)| used.contains("guardduty:DeleteDetector")).collect();
    let [(policy, used)] = deletes[..] else { panic!("{by_policy:#?}") };
    assert_eq!(allowed(std::slice::from_ref(policy)), *used);
}

#[tokio::test(start_paused = true)]
async fn a_detector_without_the_tag_is_not_the_roles_to_delete() {
    let world = World::new().with("DELETE_DETECTORS", "true").with("ALLOW_REMOVE", "true");
    world.onboard(ALICES_LIST).await.all_enabled();
    let role = "arn:aws:iam::111122223333:role/GuardDutyOnboardingMember";
    let detector = "arn:aws:guardduty:us-east-1:111122223333:detector/1";
    assert!(!world.sim.may(role, "guardduty:DeleteDetector", detector, VIRGINIA), "whatever the function's code says");
}
