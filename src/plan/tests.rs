//! The table of next steps, row by row.

use strum::VariantArray as _;

mod properties;

use super::*;
use crate::account::{Account, AccountId, Email};
use crate::membership::{CallError, NotDone, Refusal, WhyStays};
use crate::outcome::Forecast;
use crate::protection::{Plans, Subset};

fn declared() -> Declared {
    let account = Account {
        id: AccountId::parse("111122223333").expect("twelve digits"),
        email: Some(Email::parse("user@example.com").expect("a good address")),
        line: Some(7),
        list: None,
    };
    Declared::new(account, Goal::Monitored)
}

fn actual(status: &str, email: &str) -> Actual {
    let member = Member {
        id: declared().account.id,
        status: Status::parse(status),
        email: Some(MemberEmail(email.into())),
        invited_at: None,
    };
    Actual { member: Some(member), ..Actual::default() }
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
    assert_eq!(first("Enabled"), Step::Done(Outcome::Settled(Goal::Monitored, None)));
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

fn for_goal(goal: Goal, status: &str, actions: &[Action]) -> Step {
    let declared = Declared { goal, ..declared() };
    next(&declared, &actual(status, "user@example.com"), &done(actions))
}

#[test]
fn who_is_to_be_suspended_is_so_only_if_it_is_monitored() {
    let suspend = |status, actions: &[Action]| for_goal(Goal::Suspended, status, actions);
    assert_eq!(suspend("Enabled", &[]), Step::Do(Action::StopMonitoring));
    assert_eq!(suspend("Enabled", &[Action::StopMonitoring]), Step::Wait(Wait::Write(Action::StopMonitoring)));
    assert_eq!(suspend("Disabled", &[]), Step::Done(Outcome::Settled(Goal::Suspended, None)));
    let skipped = Step::Done(Outcome::Skipped(Reason::NotMonitored));
    for status in STATUSES.into_iter().filter(|status| !["Enabled", "Disabled", "Paused"].contains(status)) {
        assert_eq!(suspend(status, &[]), skipped, "{status}");
    }
    let unknown = Reason::UnknownStatus(Status::Other("Paused".into()));
    assert_eq!(suspend("Paused", &[]), Step::Done(Outcome::Failed(unknown)));
    let nobody = next(&Declared { goal: Goal::Suspended, ..declared() }, &Actual::default(), &Done::default());
    assert_eq!(nobody, skipped);
}

#[test]
fn who_is_to_be_removed_is_disassociated_first_if_it_is_active() {
    let remove = |status, actions: &[Action]| for_goal(Goal::Removed, status, actions);
    for active in ["Enabled", "Disabled"] {
        assert_eq!(remove(active, &[]), Step::Do(Action::DisassociateMember));
        let wait = Step::Wait(Wait::Write(Action::DisassociateMember));
        assert_eq!(remove(active, &[Action::DisassociateMember]), wait);
    }
    for status in STATUSES.into_iter().filter(|one| !["Enabled", "Disabled", "Deleted", "Paused"].contains(one)) {
        assert_eq!(remove(status, &[]), Step::Do(Action::DeleteMember), "{status}");
        assert_eq!(remove(status, &[Action::DeleteMember]), Step::Wait(Wait::Write(Action::DeleteMember)), "{status}");
    }
    assert_eq!(remove("Deleted", &[]), Step::Done(Outcome::Settled(Goal::Removed, None)));
    let unknown = Reason::UnknownStatus(Status::Other("Paused".into()));
    assert_eq!(remove("Paused", &[]), Step::Done(Outcome::Failed(unknown)));
}

#[test]
fn the_detector_goes_only_where_that_is_declared_and_the_membership_is_gone() {
    let declared = Declared { goal: Goal::Removed, delete_detector: true, ..declared() };
    assert_eq!(next(&declared, &Actual::default(), &Done::default()), Step::Do(Action::DeleteDetector));
    assert_eq!(next(&declared, &actual("Enabled", ""), &Done::default()), Step::Do(Action::DisassociateMember));
    let was_suspended = Actual { was_suspended: true, ..Actual::default() };
    let gone = next(&declared, &was_suspended, &done(&[Action::DeleteDetector]));
    assert_eq!(gone, Step::Done(Outcome::Settled(Goal::Removed, None)));
    let stays = Declared { delete_detector: false, ..declared };
    let off = Step::Done(Outcome::Settled(Goal::Removed, Some(Remark::StaysOff)));
    assert_eq!(next(&stays, &was_suspended, &Done::default()), off);
}

#[test]
fn a_member_that_is_still_associated_is_disassociated_whatever_its_status_was() {
    let still = refused(Refusal::StillAssociated);
    let mut progress = Done::default();
    let step = after(Action::DeleteMember, Err(&still), &mut progress);
    assert_eq!(step, Some(Step::Do(Action::DisassociateMember)));
    let again = next(&Declared { goal: Goal::Removed, ..declared() }, &actual("Invited", ""), &progress);
    assert_eq!(again, Step::Do(Action::DisassociateMember), "the look may lag");
    assert_eq!(after(Action::DisassociateMember, Ok(()), &mut progress), None);
    let lags = after(Action::DeleteMember, Err(&still), &mut progress);
    assert_eq!(lags, Some(Step::Wait(Wait::Write(Action::DisassociateMember))));
    // Somebody else was faster.
    let gone = refused(Refusal::NotAssociated);
    assert_eq!(after(Action::DeleteMember, Err(&gone), &mut progress), None);
    assert!(progress.has(Action::DeleteMember));
}

fn with_plans() -> (Declared, Plans) {
    let plans = Plans::parse("RDS_LOGIN_EVENTS=DISABLED,EBS_MALWARE_PROTECTION=ENABLED").expect("plans");
    (Declared { plans: Some(plans.clone()), ..declared() }, plans)
}

fn enabled(plans: PlansSeen) -> Actual {
    Actual { plans, ..actual("Enabled", "user@example.com") }
}

#[test]
fn a_member_gets_its_plans_once_and_what_only_a_new_one_can_get_is_said() {
    let (declared, plans) = with_plans();
    let settled = Step::Done(Outcome::Settled(Goal::Monitored, None));
    let next_of = |seen, done: &Done| next(&declared, &enabled(seen), done);
    assert_eq!(next_of(PlansSeen::AsDeclared, &Done::default()), settled);
    assert_eq!(next_of(PlansSeen::NotYet, &Done::default()), Step::Wait(Wait::Plans));
    let both = PlansSeen::Differ(plans.without(Subset::default()));
    let only_new = plans.only_before_joining();
    assert_eq!(next_of(both, &Done::default()), Step::Do(Action::SetPlans));
    let set = done(&[Action::SetPlans]);
    assert_eq!(next_of(both, &set), Step::Wait(Wait::Write(Action::SetPlans)));
    let left = |differing, why| {
        Outcome::Failed(Reason::PlansDiffer(Box::new(PlansLeft { plans: plans.clone(), differing, why })))
    };
    let too_late = left(only_new, WhyLeft::OnlyBeforeJoining);
    for done in [&Done::default(), &set] {
        assert_eq!(next_of(PlansSeen::Differ(only_new), done), Step::Done(too_late.clone()));
    }
    let not_shown = overdue(&Wait::Write(Action::SetPlans), &declared, &enabled(both));
    assert_eq!(not_shown, left(plans.without(only_new), WhyLeft::NotShown), "the other one was never sent");
    assert_eq!(overdue(&Wait::Plans, &declared, &enabled(both)), Outcome::Pending(Wait::Plans));
    assert_eq!(forecast(&declared, &enabled(both)), [Action::SetPlans]);
    assert_eq!(forecast(&declared, &enabled(PlansSeen::Differ(only_new))), []);
}

#[test]
fn plans_that_are_refused_are_failed_unless_that_passes() {
    let (declared, plans) = with_plans();
    let both = enabled(PlansSeen::Differ(plans.without(Subset::default())));
    for passes in [Refusal::NotAssociated, Refusal::Busy] {
        let mut done = Done::default();
        assert_eq!(after(Action::SetPlans, Err(&refused(passes)), &mut done), Some(Step::Wait(Wait::Plans)));
        assert_eq!(next(&declared, &both, &done), Step::Do(Action::SetPlans), "and again");
    }
    let mut done = Done::default();
    assert_eq!(after(Action::SetPlans, Err(&refused(Refusal::Unknown("no".into()))), &mut done), None);
    let Step::Done(Outcome::Failed(Reason::PlansDiffer(left))) = next(&declared, &both, &done) else {
        panic!("not failed")
    };
    assert_eq!(left.why, WhyLeft::Refused("no".into()));
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
    assert_eq!(next(&[on]), Step::Do(Action::DeleteUnverified));
    let again = [on, Action::DeleteUnverified, Action::CreateMember, Action::InviteMember];
    assert_eq!(next(&again), Step::Wait(Wait::Write(Action::DeleteUnverified)));
    assert_eq!(next(&[on, Action::InviteMember]), Step::Done(Outcome::Pending(Wait::Replacement)));
}

#[test]
fn a_dry_run_foresees_the_actions() {
    let on = Action::EnableDetector;
    let planned = |actions: &[Action]| {
        Outcome::Planned(Forecast { actions: actions.to_vec(), invited_at: None, plans: None }.into())
    };
    let new = [on, Action::CreateMember, Action::InviteMember, Action::AcceptInvitation];
    assert_eq!(preview(&declared(), &Actual::default()), planned(&new));
    let previewed = |status, email| preview(&declared(), &actual(status, email));
    let accept = [on, Action::AcceptInvitation];
    assert_eq!(previewed("EmailVerificationInProgress", "user@example.com"), planned(&accept));
    let [create, invite, accept] = [Action::CreateMember, Action::InviteMember, Action::AcceptInvitation];
    let replace = [on, Action::DeleteUnverified, create, invite, accept];
    assert_eq!(previewed("EmailVerificationFailed", "old@example.com"), planned(&replace));
    assert_eq!(previewed("Enabled", "user@example.com"), Outcome::Settled(Goal::Monitored, None));
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
