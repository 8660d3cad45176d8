//! A look at accounts: what GuardDuty shows of each, and its next step.

use super::super::ground::Ground;
use super::candidate::Candidate;
use crate::outcome::Outcome;
use crate::plan::{self, Step};

/// Looks at up to 50 candidates: the next step of each, in their order.
pub(in super::super) async fn look(ground: &Ground, candidates: Vec<&mut Candidate>) -> Vec<Step> {
    let asked: Vec<_> = candidates.iter().map(|candidate| &candidate.account).collect();
    let (mut members, refusals) = ground.administrator.members(&ground.detector, &asked).await;
    let next = |candidate: &mut Candidate| {
        let id = candidate.account.id;
        if let Some(trouble) = refusals.get(id) {
            return Step::Done(Outcome::from_administrator_call(trouble.clone()));
        }
        let actual = members.remove(&id);
        let step = plan::next(&candidate.account, actual.as_ref(), &candidate.progress);
        candidate.status = actual.map(|member| member.status);
        step
    };
    candidates.into_iter().map(next).collect()
}
