//! The table of next steps, row by row.

use super::*;
use crate::account::{AccountId, Email};

fn account() -> Account {
    Account {
        id: AccountId::parse("111122223333").expect("twelve digits"),
        email: Email::parse("user@example.com").expect("a good address"),
        line: Some(7),
    }
}

fn member(status: &str, email: &str) -> Member {
    Member { id: account().id, status: Status::parse(status), email: Some(MemberEmail(email.into())), invited_at: None }
}

fn step(status: &str, done: &Progress) -> Step {
    next(&account(), Some(&member(status, "USER@example.com")), done)
}

#[test]
fn every_status_has_its_first_step() {
    let first = |status| step(status, &Progress::default());
    assert_eq!(next(&account(), None, &Progress::default()), Step::Create);
    assert_eq!(first("Deleted"), Step::Create);
    assert_eq!(first("Created"), Step::Invite);
    assert_eq!(first("Removed"), Step::Invite);
    assert_eq!(first("Resigned"), Step::Invite);
    assert_eq!(first("EmailVerificationInProgress"), Step::Wait(Wait::Verification));
    assert_eq!(first("Invited"), Step::Accept);
    assert_eq!(first("Enabled"), Step::Done(Outcome::Enabled));
    assert_eq!(first("Disabled"), Step::Resume);
    assert_eq!(first("EmailVerificationFailed"), Step::Done(Outcome::Failed(Reason::WrongEmail)));
    assert_eq!(first("RegionDisabled"), Step::Done(Outcome::Skipped(Reason::MemberRegion)));
    assert_eq!(first("AccountSuspended"), Step::Done(Outcome::Failed(Reason::Suspended)));
    let cannot = "CannotCreateDetectorInOrganizationMasterAccount";
    assert_eq!(first(cannot), Step::Done(Outcome::Failed(Reason::CannotCreateDetector)));
    let unknown = Reason::UnknownStatus(Status::Other("Paused".into()));
    assert_eq!(first("Paused"), Step::Done(Outcome::Failed(unknown)));
}

#[test]
fn the_status_that_led_to_a_write_means_wait() {
    let all =
        Progress { created: true, invited: true, accepted: true, resumed: true, deleted: true, email_missing: false };
    for status in ["Deleted", "Created", "Removed", "Resigned", "Invited", "Disabled", "EmailVerificationInProgress"] {
        assert!(matches!(step(status, &all), Step::Wait(_)), "{status}");
    }
    assert!(matches!(next(&account(), None, &all), Step::Wait(_)));
}

#[test]
fn an_invitation_refused_for_want_of_an_email_creates_the_member_once() {
    let missing = Progress { email_missing: true, ..Progress::default() };
    assert_eq!(step("Removed", &missing), Step::Create);
    assert!(matches!(step("Removed", &Progress { created: true, ..missing }), Step::Wait(_)));
}

#[test]
fn a_failed_email_is_replaced_once_when_the_list_has_another() {
    let failed = member("EmailVerificationFailed", "old@example.com");
    let next = |done: Progress| next(&account(), Some(&failed), &done);
    assert_eq!(next(Progress::default()), Step::Replace);
    assert!(matches!(
        next(Progress { deleted: true, created: true, invited: true, ..Progress::default() }),
        Step::Wait(_)
    ));
    assert_eq!(
        next(Progress { invited: true, ..Progress::default() }),
        Step::Done(Outcome::Pending(Wait::Replacement))
    );
}

#[test]
fn a_dry_run_says_the_step_in_future_tense() {
    let mut invited = member("Invited", "user@example.com");
    invited.invited_at = Some("2026-03-01T12:00:00.000Z".into());
    for (actual, said) in [
        (None, "create: new; would"),
        (Some(member("Created", "user@example.com")), "invite: created, not yet invited; would"),
        (Some(invited), "accept: invited on 2026-03-01; would"),
        (Some(member("Disabled", "user@example.com")), "resume: a member, not monitored; would"),
    ] {
        let Outcome::Planned(detail) = next(&account(), actual.as_ref(), &Progress::default()).planned(actual.as_ref())
        else {
            panic!("a planned step expected")
        };
        assert!(detail.starts_with(said), "{detail}");
    }
}
