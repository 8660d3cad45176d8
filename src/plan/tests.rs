//! The table of next steps, row by row, and properties of all rows.

use proptest::prelude::*;
use strum::VariantArray as _;

use super::*;
use crate::account::{Account, AccountId, Email};
use crate::membership::{CallError, NotDone, Refusal};
use crate::outcome::Forecast;

fn declared() -> Declared {
    let account = Account {
        id: AccountId::parse("111122223333").expect("twelve digits"),
        email: Email::parse("user@example.com").expect("a good address"),
        line: Some(7),
    };
    Declared { account, goal: Goal::Monitored }
}

fn actual(status: &str, email: &str) -> Actual {
    let member = Member {
        id: declared().account.id,
        status: Status::parse(status),
        email: Some(MemberEmail(email.into())),
        invited_at: None,
    };
    Actual { member: Some(member), joined: false }
}

/// What this run has done.
fn done(actions: &[Action]) -> Done {
    let mut done = Done::default();
    for action in actions {
        done.insert(*action);
    }
    done
}

/// The next step of a member whose detector is on, if nothing else was done.
fn first(status: &str) -> Step {
    next(&declared(), &actual(status, "USER@example.com"), &done(&[Action::EnableDetector]))
}

#[test]
fn every_status_has_its_first_step() {
    let failed = |reason| Step::Done(Outcome::Failed(reason));
    let new = next(&declared(), &Actual::default(), &done(&[Action::EnableDetector]));
    assert_eq!(new, Step::Do(Action::CreateMember));
    assert_eq!(first("Deleted"), Step::Do(Action::CreateMember));
    assert_eq!(first("Created"), Step::Do(Action::InviteMember));
    assert_eq!(first("Removed"), Step::Do(Action::InviteMember));
    assert_eq!(first("Resigned"), Step::Do(Action::InviteMember));
    assert_eq!(first("EmailVerificationInProgress"), Step::Wait(Wait::Verification));
    assert_eq!(first("Invited"), Step::Do(Action::AcceptInvitation));
    assert_eq!(first("Enabled"), Step::Done(Outcome::Settled(Goal::Monitored)));
    assert_eq!(first("Disabled"), Step::Do(Action::StartMonitoring));
    assert_eq!(first("EmailVerificationFailed"), failed(Reason::WrongEmail));
    assert_eq!(first("RegionDisabled"), Step::Done(Outcome::Skipped(Reason::MemberRegion)));
    assert_eq!(first("AccountSuspended"), failed(Reason::Suspended));
    assert_eq!(first("CannotCreateDetectorInOrganizationMasterAccount"), failed(Reason::CannotCreateDetector));
    assert_eq!(first("Paused"), failed(Reason::UnknownStatus(Status::Other("Paused".into()))));
}

#[test]
fn the_detector_comes_before_every_other_action() {
    for status in ["Deleted", "Created", "Removed", "Resigned", "Invited", "Disabled"] {
        let step = next(&declared(), &actual(status, "user@example.com"), &Done::default());
        assert_eq!(step, Step::Do(Action::EnableDetector), "{status}");
    }
    let another = actual("EmailVerificationFailed", "old@example.com");
    assert_eq!(next(&declared(), &another, &Done::default()), Step::Do(Action::EnableDetector));
}

#[test]
fn after_a_write_the_old_status_means_wait() {
    let all = done(Action::VARIANTS);
    for status in ["Deleted", "Created", "Removed", "Resigned", "Invited", "Disabled", "EmailVerificationInProgress"] {
        let step = next(&declared(), &actual(status, "user@example.com"), &all);
        assert!(matches!(step, Step::Wait(_)), "{status}: {step:?}");
    }
    assert!(matches!(next(&declared(), &Actual::default(), &all), Step::Wait(_)));
}

#[test]
fn a_member_that_joined_on_its_own_side_is_only_waited_for() {
    let joined = Actual { joined: true, ..actual("Invited", "user@example.com") };
    let step = next(&declared(), &joined, &done(&[Action::EnableDetector]));
    assert_eq!(step, Step::Wait(Wait::Write(Action::AcceptInvitation)));
}

fn refused(refusal: Refusal) -> NotDone {
    NotDone::Call(CallError::Refused(refusal))
}

#[test]
fn an_invitation_refused_for_lack_of_an_email_creates_the_member_once() {
    let mut done = done(&[Action::EnableDetector]);
    assert_eq!(after(Action::InviteMember, Err(&refused(Refusal::EmailMissing)), &mut done), None);
    let removed = actual("Removed", "user@example.com");
    assert_eq!(next(&declared(), &removed, &done), Step::Do(Action::CreateMember));
    assert_eq!(after(Action::CreateMember, Ok(()), &mut done), Some(Step::Do(Action::InviteMember)));
    let lags = after(Action::InviteMember, Err(&refused(Refusal::EmailMissing)), &mut done);
    assert_eq!(lags, Some(Step::Wait(Wait::Write(Action::CreateMember))));
}

#[test]
fn a_member_that_can_be_neither_invited_nor_created_is_stuck() {
    let mut done = Done { email_missing: true, ..Done::default() };
    let stuck = after(Action::CreateMember, Err(&refused(Refusal::AlreadyMember)), &mut done);
    assert_eq!(stuck, Some(Step::Done(Outcome::Failed(Reason::Stuck))));
}

#[test]
fn a_failed_email_is_replaced_once_when_the_list_has_another() {
    let failed = actual("EmailVerificationFailed", "old@example.com");
    let next = |actions: &[Action]| next(&declared(), &failed, &done(actions));
    let on = Action::EnableDetector;
    assert_eq!(next(&[on]), Step::Do(Action::DeleteMember));
    let again = [on, Action::DeleteMember, Action::CreateMember, Action::InviteMember];
    assert_eq!(next(&again), Step::Wait(Wait::Write(Action::DeleteMember)));
    assert_eq!(next(&[on, Action::InviteMember]), Step::Done(Outcome::Pending(Wait::Replacement)));
}

#[test]
fn a_dry_run_foresees_the_actions() {
    let on = Action::EnableDetector;
    let planned = |actions: &[Action]| Outcome::Planned(Forecast { actions: actions.to_vec(), invited_at: None });
    let new = [on, Action::CreateMember, Action::InviteMember, Action::AcceptInvitation];
    assert_eq!(preview(&declared(), &Actual::default()), planned(&new));
    let previewed = |status, email| preview(&declared(), &actual(status, email));
    let accept = [on, Action::AcceptInvitation];
    assert_eq!(previewed("EmailVerificationInProgress", "user@example.com"), planned(&accept));
    let [create, invite, accept] = [Action::CreateMember, Action::InviteMember, Action::AcceptInvitation];
    let replace = [on, Action::DeleteMember, create, invite, accept];
    assert_eq!(previewed("EmailVerificationFailed", "old@example.com"), planned(&replace));
    assert_eq!(previewed("Enabled", "user@example.com"), Outcome::Settled(Goal::Monitored));
}

const STATUSES: [&str; 13] = [
    "Created",
    "Invited",
    "Enabled",
    "Disabled",
    "Removed",
    "Resigned",
    "Deleted",
    "EmailVerificationInProgress",
    "EmailVerificationFailed",
    "RegionDisabled",
    "AccountSuspended",
    "CannotCreateDetectorInOrganizationMasterAccount",
    "Paused",
];

fn any_actual() -> impl Strategy<Value = Actual> {
    let shown = (proptest::sample::select(STATUSES.to_vec()), any::<bool>(), any::<bool>());
    let shown = shown.prop_map(|(status, same, joined)| Actual {
        joined,
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
        Refusal::Unknown("new".into()),
    ];
    prop_oneof![
        4 => Just(Ok(())),
        4 => proptest::sample::select(refusals.to_vec()).prop_map(|refusal| Err(refused(refusal))),
        1 => Just(Err(NotDone::InvitationNotVisible)),
        1 => Just(Err(NotDone::Call(CallError::Transient("busy".into())))),
        1 => Just(Err(NotDone::Call(CallError::Expired))),
    ]
}

proptest! {
    /// A forecast ends, repeats nothing, and its last action leads to the goal.
    #[test]
    fn a_forecast_reaches_the_goal_and_repeats_nothing(actual in any_actual()) {
        let actions = forecast(&declared(), &actual);
        let mut different = actions.clone();
        different.dedup();
        prop_assert!(different.len() == actions.len() && actions.len() <= Action::COUNT);
        match preview(&declared(), &actual) {
            Outcome::Planned(_) if actual.joined => {}
            Outcome::Planned(_) => prop_assert_eq!(actions.last().and_then(|one| one.leads_to()), Some(Status::Enabled)),
            _ => prop_assert_eq!(actions, vec![]),
        }
    }

    /// Whatever GuardDuty shows and answers: what went through is not written again, and only looks and waits remain
    /// when all has been tried.
    #[test]
    fn no_action_that_went_through_is_done_again(
        seen in proptest::collection::vec((any_actual(), any_answer()), 1..40),
    ) {
        let mut done = Done::default();
        let mut through = Vec::new();
        for (actual, answer) in seen {
            let mut step = next(&declared(), &actual, &done);
            while let Step::Do(action) = step {
                prop_assert!(!through.contains(&action), "{:?} again after {:?}", action, through);
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
