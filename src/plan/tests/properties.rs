//! Properties of all rows of the table of next steps.

use proptest::prelude::*;

use super::*;

fn any_actual() -> impl Strategy<Value = Actual> {
    let shown = (proptest::sample::select(STATUSES.to_vec()), any::<bool>(), any::<bool>());
    let (_, plans) = with_plans();
    let all = plans.without(Subset::default());
    let settable = all.without(plans.only_before_joining());
    let seen = [PlansSeen::AsDeclared, PlansSeen::NotYet, PlansSeen::Differ(all), PlansSeen::Differ(settable)];
    let shown = (shown, proptest::sample::select(seen.to_vec())).prop_map(|((status, same, joined), plans)| Actual {
        joined,
        plans,
        ..actual(status, if same { "user@example.com" } else { "other@example.com" })
    });
    prop_oneof![Just(Actual::default()), shown]
}

fn any_answer() -> impl Strategy<Value = Result<(), NotDone>> {
    let refusals = [
        Refusal::AlreadyMember,
        Refusal::AlreadyInvited,
        Refusal::EmailMissing,
        Refusal::StillAssociated,
        Refusal::NotAssociated,
        Refusal::MemberAlready,
        Refusal::NoInvitation,
        Refusal::Quota,
        Refusal::DetectorGone,
        Refusal::Busy,
        Refusal::Unknown("new".into()),
    ];
    prop_oneof![
        4 => Just(Ok(())),
        4 => proptest::sample::select(refusals.to_vec()).prop_map(|refusal| Err(refused(refusal))),
        1 => Just(Err(NotDone::InvitationNotVisible)),
        1 => Just(Err(NotDone::Call(CallError::Transient("busy".into())))),
        1 => Just(Err(NotDone::Call(CallError::Expired))),
        1 => Just(Err(NotDone::StillOurs)),
        1 => Just(Err(NotDone::DetectorStays(WhyStays::NotOurs))),
    ]
}

fn any_declared() -> impl Strategy<Value = Declared> {
    let goals = (proptest::sample::select(Goal::ALL.to_vec()), any::<bool>(), any::<bool>());
    goals.prop_map(|(goal, delete, plans)| Declared {
        goal,
        delete_detector: goal == Goal::Removed && delete,
        plans: (goal == Goal::Monitored && plans).then(|| with_plans().1),
        ..declared()
    })
}

/// Written out for each action, so that a new one is thought about.
fn may(declared: &Declared, action: Action) -> bool {
    match action {
        Action::EnableDetector
        | Action::AcceptInvitation
        | Action::DeleteUnverified
        | Action::CreateMember
        | Action::InviteMember
        | Action::StartMonitoring => declared.goal == Goal::Monitored,
        Action::SetPlans => declared.plans.is_some(),
        Action::StopMonitoring => declared.goal == Goal::Suspended,
        Action::DisassociateMember | Action::DeleteMember => declared.goal == Goal::Removed,
        Action::DeleteDetector => declared.goal == Goal::Removed && declared.delete_detector,
    }
}

/// Written out, so that a new status gets a row in [`STATUSES`].
fn row_of(status: &Status) -> usize {
    match status {
        Status::Created => 0,
        Status::Invited => 1,
        Status::Enabled => 2,
        Status::Disabled => 3,
        Status::Removed => 4,
        Status::Resigned => 5,
        Status::Deleted => 6,
        Status::EmailVerificationInProgress => 7,
        Status::EmailVerificationFailed => 8,
        Status::RegionDisabled => 9,
        Status::AccountSuspended => 10,
        Status::CannotCreateDetector => 11,
        Status::Other(_) => 12,
    }
}

#[test]
fn every_status_is_among_those_that_the_tests_try() {
    assert_eq!(STATUSES.map(|status| row_of(&Status::parse(status))), std::array::from_fn(|row| row));
}

/// Whatever is declared and shown: what a heal goes on with ends no membership. An entry whose e-mail failed verification
/// is none yet.
#[test]
fn a_heal_ends_no_membership() {
    let seen =
        STATUSES.into_iter().flat_map(|one| ["user@example.com", "old@example.com"].map(|mail| actual(one, mail)));
    for actual in seen.chain([Actual::default()]) {
        for heal in [Suspending::Allowed, Suspending::Off, Suspending::TooMany { accounts: 2, most: 1 }] {
            for goal in Goal::ALL {
                let declared = Declared::new(declared().account, goal);
                let left_alone = match (goal, actual.status()) {
                    (Goal::Removed, shown) => shown.is_some_and(|status| *status != Status::Deleted),
                    (Goal::Monitored, shown) => shown == Some(&Status::Resigned),
                    (Goal::Suspended, shown) => shown == Some(&Status::Enabled) && heal != Suspending::Allowed,
                };
                let case = format!("{goal:?}, {actual:?}, {heal:?}");
                assert_eq!(withheld(&declared, &actual, Some(heal)).is_some(), left_alone, "{case}");
                let actions = if left_alone { Vec::new() } else { forecast(&declared, &actual) };
                let may = |action: &Action| match action {
                    Action::StopMonitoring => goal == Goal::Suspended,
                    Action::DisassociateMember | Action::DeleteMember | Action::DeleteDetector => false,
                    Action::DeleteUnverified => actual.status() == Some(&Status::EmailVerificationFailed),
                    Action::EnableDetector
                    | Action::AcceptInvitation
                    | Action::CreateMember
                    | Action::InviteMember
                    | Action::StartMonitoring
                    | Action::SetPlans => goal == Goal::Monitored,
                };
                assert!(actions.iter().all(may), "{case}: {actions:?}");
            }
        }
    }
}

proptest! {
    /// A forecast ends, repeats nothing, and its last action leads to the goal.
    #[test]
    fn a_forecast_reaches_the_goal_and_repeats_nothing(declared in any_declared(), actual in any_actual()) {
        let actions = forecast(&declared, &actual);
        let mut different = actions.clone();
        different.dedup();
        prop_assert!(different.len() == actions.len() && actions.len() <= Action::COUNT);
        let last = actions.iter().filter_map(|action| action.leads_to()).next_back();
        match (preview(&declared, &actual), declared.goal) {
            (Outcome::Planned(_), Goal::Monitored) if actual.joined => {}
            (Outcome::Planned(_), Goal::Monitored) if actual.status() == Some(&Status::Enabled) => {
                prop_assert!(actions == [Action::SetPlans] || actual.plans == PlansSeen::NotYet);
            }
            (Outcome::Planned(_), Goal::Monitored) => prop_assert_eq!(last, Some(Status::Enabled)),
            (Outcome::Planned(_), Goal::Suspended) => prop_assert_eq!(last, Some(Status::Disabled)),
            (Outcome::Planned(_), Goal::Removed) => prop_assert_eq!(last, Some(Status::Deleted)),
            (Outcome::Settled(goal, _), _) => prop_assert!(goal == declared.goal && last.is_none()),
            (_, _) => prop_assert_eq!(actions, vec![]),
        }
    }

    /// Whatever GuardDuty shows and answers: what went through is not written again, only looks and waits remain when
    /// all has been tried, and nothing lets an account go but the goal that declares it.
    #[test]
    fn no_action_that_went_through_is_done_again(
        declared in any_declared(),
        seen in proptest::collection::vec((any_actual(), any_answer()), 1..40),
    ) {
        let mut done = Done::default();
        let mut through = Vec::new();
        for (actual, answer) in seen {
            let mut step = next(&declared, &actual, &done);
            while let Step::Do(action) = step {
                prop_assert!(!through.contains(&action), "{:?} again after {:?}", action, through);
                prop_assert!(may(&declared, action), "{:?} for {:?}", action, declared.goal);
                if answer.is_ok() {
                    through.push(action);
                }
                match after(action, answer.as_ref().copied(), &mut done) {
                    Some(follows) => step = follows,
                    None => break,
                }
            }
        }
    }
}
