//! What the documents say of the plan is what the plan does: the table of next steps is made from it.

use std::path::Path;

use guardduty_onboarding::account::{Account, AccountId, Email};
use guardduty_onboarding::declared::{Declared, Goal};
use guardduty_onboarding::membership::{Actual, Member, MemberEmail, PlansSeen, Status};
use guardduty_onboarding::outcome::{Outcome, Wait};
use guardduty_onboarding::plan::{Done, Step, forecast, next};
use guardduty_onboarding::protection::Plans;

const DOCUMENT: &str = "docs/semantics.md";
const HEAD: &str =
    "| GuardDuty shows | declared `monitored` | declared `suspended` | declared `removed` |\n|---|---|---|---|\n";

/// What GuardDuty may show, in the order of a membership's life; a word that is new today comes last.
const SHOWN: [&str; 13] = [
    "Created",
    "EmailVerificationInProgress",
    "EmailVerificationFailed",
    "Invited",
    "Enabled",
    "Disabled",
    "Removed",
    "Resigned",
    "Deleted",
    "RegionDisabled",
    "AccountSuspended",
    "CannotCreateDetectorInOrganizationMasterAccount",
    "Something new",
];

fn plans() -> Plans {
    Plans::parse("S3_DATA_EVENTS=ENABLED,EBS_MALWARE_PROTECTION=ENABLED").expect("plans")
}

fn declared(goal: Goal) -> Declared {
    let id = AccountId::parse("111122223333").expect("twelve digits");
    let email = Email::parse("user@example.com").expect("an address");
    let plans = (goal == Goal::Monitored).then(plans);
    Declared { plans, ..Declared::new(Account { id, email: Some(email), line: Some(2), list: None }, goal) }
}

fn shown(status: &str, email: &str) -> Actual {
    let member = Member {
        id: declared(Goal::Monitored).account.id,
        status: Status::parse(status),
        email: Some(MemberEmail(email.into())),
        invited_at: None,
    };
    Actual { member: Some(member), ..Actual::default() }
}

/// The actions and how they end, all going well.
fn steps(goal: Goal, actual: &Actual) -> String {
    let declared = declared(goal);
    let outcome = match next(&declared, actual, &Done::default()) {
        Step::Done(outcome @ Outcome::Settled(..)) => return format!("**{}**", outcome.word()),
        Step::Done(Outcome::Failed(reason)) => return format!("failed, {}", reason.name()),
        Step::Done(Outcome::Skipped(reason)) => return format!("skipped, {}", reason.name()),
        Step::Done(other) => return other.word().into(),
        Step::Wait(Wait::Verification) => "wait, then ",
        Step::Wait(other) => panic!("a new membership waits for {other:?}"),
        Step::Do(_) => "",
    };
    let actions: Vec<&str> = forecast(&declared, actual).iter().map(|action| action.api_name()).collect();
    format!("{outcome}{}: **{}**", actions.join(", "), Outcome::Settled(goal, None).word())
}

fn table() -> String {
    let mut rows = vec![("no entry".to_owned(), Actual::default())];
    for status in SHOWN {
        if status == "EmailVerificationFailed" {
            rows.push((format!("{status}, the list has that e-mail"), shown(status, "user@example.com")));
            rows.push((format!("{status}, the list has another"), shown(status, "old@example.com")));
        } else {
            rows.push((status.to_owned(), shown(status, "user@example.com")));
        }
        if status == "Enabled" {
            let plans = plans();
            let too_late = plans.only_before_joining();
            let enabled =
                |differing| Actual { plans: PlansSeen::Differ(differing), ..shown(status, "user@example.com") };
            rows.push((format!("{status}, protection plans differ"), enabled(plans.without(too_late))));
            rows.push((format!("{status}, {} differs", plans.names(too_late)), enabled(too_late)));
        }
    }
    let cells = |actual: &Actual| Goal::ALL.map(|goal| steps(goal, actual)).join(" | ");
    let rows = rows.iter().map(|(shown, actual)| format!("| {shown} | {} |\n", cells(actual)));
    HEAD.to_owned() + &rows.collect::<String>()
}

#[test]
fn the_table_of_next_steps_is_the_plans() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let text = std::fs::read_to_string(&path).expect("the document");
    let table = table();
    assert!(text.contains(&table), "{DOCUMENT} has another table of next steps than the plan, which is:\n\n{table}");
}
