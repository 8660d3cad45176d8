//! Cures: whatever a report may say of a membership stands in the operator's table, and nothing else does.

use std::collections::BTreeSet;
use std::iter::successors;

use guardduty_onboarding::account::{AccountId, EmailProblem, Region};
use guardduty_onboarding::action::Action;
use guardduty_onboarding::declared::Goal;
use guardduty_onboarding::membership::{Denial, DeniedBy, Refusal, RoleRefusal, Status, WhyNot, WhyStays};
use guardduty_onboarding::outcome::words::{About, LAST_TRY, detail};
use guardduty_onboarding::outcome::{
    Contradiction, DetectorLeft, Mention, Outcome, PlansLeft, Reason, Remark, Retry, Wait, WhyLeft,
};
use guardduty_onboarding::protection::{Plan, Plans};

use crate::markdown::{Document, names};

fn account() -> AccountId {
    AccountId::parse("111122223333").expect("twelve digits")
}

fn quoted() -> String {
    "AWS's words".into()
}

fn denied() -> Denial {
    Denial { by: DeniedBy::Unsaid, quoted: quoted() }
}

fn role() -> RoleRefusal {
    RoleRefusal { why: WhyNot::Trust, quoted: "AWS's words".into() }
}

fn contradiction(goal: Goal) -> Contradiction {
    Contradiction { one: leaving(), other: Mention { goal, ..leaving() } }
}

fn plans_differ(why: WhyLeft) -> Reason {
    let plans = Plans::parse("RDS_LOGIN_EVENTS=DISABLED").expect("plans");
    let differing = plans.differences(&[Plan { name: "RDS_LOGIN_EVENTS".into(), on: true, configuration: Vec::new() }]);
    Reason::PlansDiffer(Box::new(PlansLeft { plans, differing, why }))
}

fn leaving() -> Mention {
    Mention { goal: Goal::Suspended, key: "suspend/team.csv".into(), line: 3 }
}

/// The wait that comes after that one in the order of `Wait`: a new one has to be put in here.
fn next_wait(wait: &Wait) -> Option<Wait> {
    Some(match wait {
        Wait::Role(_) => Wait::Policy(quoted()),
        Wait::Policy(_) => Wait::Token(quoted()),
        Wait::Token(_) => Wait::OwnToken(quoted()),
        Wait::OwnToken(_) => Wait::Verification,
        Wait::Verification => Wait::Invitation,
        Wait::Invitation => Wait::Write(Action::CreateMember),
        Wait::Write(_) => Wait::Replacement,
        Wait::Replacement => Wait::Time,
        Wait::Time => Wait::Interrupted,
        Wait::Interrupted => Wait::Unanswered(quoted()),
        Wait::Unanswered(_) => Wait::Credentials,
        Wait::Credentials => Wait::Plans,
        Wait::Plans => Wait::Detector,
        Wait::Detector => Wait::Activation,
        Wait::Activation => return None,
    })
}

/// The same for `Reason`; what GuardDuty refused is told apart further.
fn next_reason(reason: &Reason) -> Option<Reason> {
    Some(match reason {
        Reason::WrongEmail => Reason::MemberRegion,
        Reason::MemberRegion => Reason::AdministratorRegion,
        Reason::AdministratorRegion => Reason::Suspended,
        Reason::Suspended => Reason::CannotCreateDetector,
        Reason::CannotCreateDetector => Reason::UnknownStatus(Status::parse("Something new")),
        Reason::UnknownStatus(_) => Reason::OtherAdministrator(account()),
        Reason::OtherAdministrator(_) => Reason::Denied(denied()),
        Reason::Denied(_) => Reason::AdministratorDenied(denied()),
        Reason::AdministratorDenied(_) => Reason::Stuck,
        Reason::Stuck => Reason::NotActive("SUSPENDED".into()),
        Reason::NotActive(_) => Reason::NotInOrganization,
        Reason::NotInOrganization => Reason::Email(EmailProblem::NoAt),
        Reason::Email(_) => Reason::OwnRole(role()),
        Reason::OwnRole(_) => Reason::TooManyInvitations,
        Reason::TooManyInvitations => Reason::Refused(Refusal::AlreadyMember),
        Reason::Refused(refusal) => next_refusal(refusal).map_or(Reason::NotMonitored, Reason::Refused),
        Reason::NotMonitored => Reason::DetectorLeft(DetectorLeft::Role(role())),
        Reason::DetectorLeft(DetectorLeft::Role(_)) => Reason::DetectorLeft(DetectorLeft::Refused(quoted())),
        Reason::DetectorLeft(DetectorLeft::Refused(_)) => plans_differ(WhyLeft::OnlyBeforeJoining),
        Reason::PlansDiffer(left) if left.why == WhyLeft::OnlyBeforeJoining => {
            plans_differ(WhyLeft::Refused(quoted().into()))
        }
        Reason::PlansDiffer(left) if left.why != WhyLeft::NotShown => plans_differ(WhyLeft::NotShown),
        Reason::PlansDiffer(_) => Reason::Leaving(Box::new(leaving())),
        Reason::Leaving(_) => Reason::Contradiction(Box::new(contradiction(Goal::Removed))),
        Reason::Contradiction(two) if two.other.goal == Goal::Removed => {
            Reason::Contradiction(Box::new(contradiction(Goal::Suspended)))
        }
        Reason::Contradiction(_) => Reason::StillMember,
        Reason::StillMember => Reason::LeftByItself,
        Reason::LeftByItself => Reason::SuspendingIsOff,
        Reason::SuspendingIsOff => Reason::TooManyLeaving { accounts: 60, most: 50 },
        Reason::TooManyLeaving { .. } => return None,
    })
}

fn next_refusal(refusal: &Refusal) -> Option<Refusal> {
    Some(match refusal {
        Refusal::AlreadyMember => Refusal::AlreadyInvited,
        Refusal::AlreadyInvited => Refusal::EmailMissing,
        Refusal::EmailMissing => Refusal::StillAssociated,
        Refusal::StillAssociated => Refusal::NotAssociated,
        Refusal::NotAssociated => Refusal::Quota,
        Refusal::Quota => Refusal::AdministratorIsMember,
        Refusal::AdministratorIsMember => Refusal::Itself,
        Refusal::Itself => Refusal::ServiceRole,
        Refusal::ServiceRole => Refusal::MemberAlready,
        Refusal::MemberAlready => Refusal::NoInvitation,
        Refusal::NoInvitation => Refusal::HasMembers,
        Refusal::HasMembers => Refusal::DetectorExists,
        Refusal::DetectorExists => Refusal::Busy,
        Refusal::Busy => Refusal::MemberMayNot,
        Refusal::MemberMayNot => Refusal::DetectorGone,
        Refusal::DetectorGone => Refusal::Internal(quoted()),
        Refusal::Internal(_) => Refusal::Unknown(quoted()),
        Refusal::Unknown(_) => return None,
    })
}

/// The same for `Remark`. A detector that still names us is waited for.
fn next_remark(remark: &Remark) -> Option<Remark> {
    Some(match remark {
        Remark::StaysOff => Remark::DetectorStays { why: WhyStays::NotOurs, off: false },
        Remark::DetectorStays { why: WhyStays::NotOurs, off: false } => {
            Remark::DetectorStays { why: WhyStays::NotOurs, off: true }
        }
        Remark::DetectorStays { why: WhyStays::NotOurs, off: true } => {
            Remark::DetectorStays { why: WhyStays::Administrator(account()), off: false }
        }
        Remark::DetectorStays { why: WhyStays::Administrator(_), .. } => Remark::RegionOff,
        Remark::RegionOff => return None,
    })
}

fn reasons() -> impl Iterator<Item = Reason> {
    successors(Some(Reason::WrongEmail), next_reason)
}

/// Every sentence that may stand in a report as `detail`, of a list and of an event. A dry run's are left out.
fn sentences() -> Vec<String> {
    let region = Region::parse("us-east-1").expect("a Region");
    let waits = successors(Some(Wait::Role(role())), next_wait).map(Outcome::Pending);
    let remarks = successors(Some(Remark::StaysOff), next_remark);
    let remarks = remarks.map(|remark| Outcome::Settled(Goal::Removed, Some(remark)));
    let outcomes: Vec<Outcome> = waits.chain(reasons().map(Outcome::Failed)).chain(remarks).collect();
    let lines = [Some(2), None].into_iter();
    let about = |line| About { account: account(), line, region: &region, status: None };
    lines
        .flat_map(|line| outcomes.iter().filter_map(move |outcome| detail(outcome, &about(line), Retry::ByItself)))
        .collect()
}

/// Whether the row of that cell is about the sentence; `…` in it stands for anything.
fn fits(cell: &str, sentence: &str) -> bool {
    let mut rest = sentence;
    cell.split('…').map(str::trim).all(|piece| match rest.find(piece) {
        Some(place) => {
            rest = &rest[place + piece.len()..];
            true
        }
        None => false,
    })
}

#[test]
fn whatever_a_report_says_has_a_cure_and_every_cure_is_for_what_a_report_says() {
    let table = Document::read("docs/operate.md").table(&["it says", "cure"]);
    let sentences = sentences();
    let without = sentences.iter().filter(|sentence| !table.keys().any(|cell| fits(cell, sentence)));
    let without: Vec<&String> = without.collect();
    assert!(without.is_empty(), "docs/operate.md has no row for: {without:#?}");
    let unsaid = table.keys().filter(|cell| !sentences.iter().any(|sentence| fits(cell, sentence)));
    let unsaid: Vec<_> = unsaid.collect();
    assert!(unsaid.is_empty(), "no report says what docs/operate.md has a cure for: {unsaid:#?}");
}

#[test]
fn the_last_delivery_says_what_the_page_of_semantics_quotes() {
    Document::read("docs/semantics.md").says(&format!("\"{LAST_TRY}\""));
}

#[test]
fn the_table_of_reasons_is_what_failures_are_counted_by() {
    let table = Document::read("docs/reference.md").table(&["reason", "what it means"]);
    let documented: BTreeSet<&str> = table.keys().filter_map(|cell| names(cell).next()).collect();
    // These are always skipped.
    let skips = |reason: &Reason| matches!(reason, Reason::MemberRegion | Reason::NotMonitored | Reason::Leaving(_));
    let reasons: Vec<Reason> = reasons().filter(|reason| !skips(reason)).collect();
    let known: BTreeSet<&str> = reasons.iter().map(Reason::name).collect();
    assert_eq!(documented, known, "reasons: documented, then those that there are");
    // A reconcile counts no failures, and these are its own.
    let own = |reason: &&Reason| {
        use Reason::{Contradiction, LeftByItself, StillMember, SuspendingIsOff, TooManyLeaving};
        matches!(reason, Contradiction(_) | StillMember | LeftByItself | SuspendingIsOff | TooManyLeaving { .. })
    };
    let counted: BTreeSet<&str> = reasons.iter().filter(|reason| !own(reason)).map(Reason::name).collect();
    Document::read("docs/cost.md").says(&format!("failures that occurred ({} are known)", counted.len()));
}

#[test]
fn a_cell_fits_a_sentence_that_has_its_pieces_in_that_order() {
    assert!(fits("the role in account … cannot be assumed", "the role in account 111122223333 cannot be assumed (…)"));
    assert!(!fits("cannot be assumed … the role", "the role in account 111122223333 cannot be assumed"));
}
