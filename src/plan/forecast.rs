//! What a run would do if all goes well: for dry runs, and for the proof that every plan ends.

use super::{Done, Step, after, next};
use crate::action::Action;
use crate::declared::Declared;
use crate::membership::{Actual, Member, PlansSeen, Status};
use crate::outcome::{Forecast, Outcome, PlansToSet, Wait};

/// The actions that lead from the actual state to the declared one.
#[must_use]
pub fn forecast(declared: &Declared, actual: &Actual) -> Vec<Action> {
    let (mut actual, mut done, mut actions) = (actual.clone(), Done::default(), Vec::new());
    let mut step = next(declared, &actual, &done);
    loop {
        match step {
            Step::Do(action) => {
                actions.push(action);
                if let Some(follows) = after(action, Ok(()), &mut done) {
                    step = follows;
                    continue;
                }
                show(declared, &mut actual, action);
            }
            Step::Wait(Wait::Verification) => become_a(Status::Invited, declared, &mut actual),
            Step::Wait(_) | Step::Done(_) => return actions,
        }
        step = next(declared, &actual, &done);
    }
}

/// Makes the next look show what the action leads to.
fn show(declared: &Declared, actual: &mut Actual, action: Action) {
    if let (Action::SetPlans, Some(plans), PlansSeen::Differ(differing)) = (action, &declared.plans, actual.plans) {
        let left = differing.without(plans.without(plans.only_before_joining()));
        actual.plans = if left.is_empty() { PlansSeen::AsDeclared } else { PlansSeen::Differ(left) };
    }
    if let Some(status) = action.leads_to() {
        become_a(status, declared, actual);
    }
}

fn become_a(status: Status, declared: &Declared, actual: &mut Actual) {
    actual.was_suspended |= actual.status() == Some(&Status::Disabled);
    if status == Status::Deleted {
        actual.member = None;
        return;
    }
    let new = Member { id: declared.account.id, status: status.clone(), email: None, invited_at: None };
    actual.member.get_or_insert(new).status = status;
}

/// How a dry run ends for this membership.
#[must_use]
pub fn preview(declared: &Declared, actual: &Actual) -> Outcome {
    match next(declared, actual, &Done::default()) {
        Step::Done(outcome) => outcome,
        // Whether its detector goes, too, is only known in the account, and a dry run assumes no role.
        Step::Do(Action::DeleteDetector) => Outcome::Settled(declared.goal, None),
        Step::Do(_) | Step::Wait(_) => Outcome::Planned(Box::new(Forecast {
            actions: forecast(declared, actual),
            invited_at: actual.member.as_ref().and_then(|member| member.invited_at.clone()),
            plans: to_set(declared, actual),
        })),
    }
}

/// The protection plans that would be set, if nothing comes before.
fn to_set(declared: &Declared, actual: &Actual) -> Option<PlansToSet> {
    match (&declared.plans, actual.plans) {
        (Some(plans), PlansSeen::Differ(differing)) => {
            let too_late = plans.only_before_joining();
            let these = differing.without(too_late);
            Some(PlansToSet { plans: plans.clone(), these, too_late: differing.without(plans.without(too_late)) })
        }
        _ => None,
    }
}
