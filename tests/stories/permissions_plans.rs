//! Least privilege of protection plans: what they need exists only where they are declared, and is used.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployed;
use crate::permissions::{Actions, allowed, used};
use crate::world::*;

const PLANS: &str = "S3_DATA_EVENTS=ENABLED,EBS_MALWARE_PROTECTION=ENABLED";

fn granted(plans: &str) -> Actions {
    let settings = BTreeMap::from([("PROTECTION_PLANS", plans.to_owned())]);
    BTreeMap::from([
        ("function", allowed(&deployed::stack(&settings).policies("FunctionRole"))),
        ("member", allowed(&deployed::member_role(&settings).policies("MemberRole"))),
    ])
}

/// Onboards one account that is new, one that exists with other plans, and one that is a member with other plans.
async fn lived(plans: &str) -> Vec<aws_sim::Call> {
    let world = World::new().with("PROTECTION_PLANS", plans);
    world.sim.put_detector(BOB, VIRGINIA, true);
    world.sim.put_member(VIRGINIA, CAROL, "carol@example.com", "Enabled");
    for account in [BOB, CAROL] {
        world.sim.set_feature(account, VIRGINIA, "S3_DATA_EVENTS", false);
    }
    world.sim.set_feature(BOB, VIRGINIA, "EBS_MALWARE_PROTECTION", false);
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    seen.calls
}

#[tokio::test(start_paused = true)]
async fn what_plans_need_is_granted_with_them_alone_and_is_used() {
    let (without, with) = (granted(""), granted(PLANS));
    let added: BTreeSet<&str> = with["function"].difference(&without["function"]).map(String::as_str).collect();
    assert_eq!(added, BTreeSet::from(["guardduty:GetMemberDetectors", "guardduty:UpdateMemberDetectors"]));
    assert_eq!(with["member"], without["member"]);
    let (none, used) = (used(&lived("").await), used(&lived(PLANS).await));
    assert!(added.iter().all(|action| used["function"].contains(*action) && !none["function"].contains(*action)));
    for role in ["function", "member"] {
        assert!(used[role].is_subset(&with[role]) && none[role].is_subset(&without[role]), "{role}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_session_that_sets_plans_may_do_nothing_else() {
    for (plans, allows_roles) in [(PLANS, true), ("S3_DATA_EVENTS=ENABLED", false)] {
        let calls = lived(plans).await;
        let sets = calls.iter().find(|call| call.caller == BOB && call.operation == "UpdateDetector");
        let policy = sets.expect("a change").session_policy.as_ref().expect("a session policy").to_string();
        let mut may = allowed(std::slice::from_ref(&policy));
        assert!(may.remove("guardduty:UpdateDetector"));
        // GuardDuty's malware protection has a service-linked role, which the simulator does not make it want here.
        let roles = ["iam:CreateServiceLinkedRole", "iam:GetRole"].map(ToOwned::to_owned);
        assert_eq!(may, if allows_roles { BTreeSet::from(roles) } else { BTreeSet::new() }, "with {plans}");
    }
}
