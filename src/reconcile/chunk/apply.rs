//! The batch writes of a round, and what their refusals mean for each account.

use tokio::time::Instant;
use tracing::info;

use super::{Chunk, Stage, look};
use crate::account::Account;
use crate::aws::{Refusals, Write};
use crate::membership::{CallError, Refusal};
use crate::outcome::{Outcome, Reason, Wait};
use crate::plan::Step;

impl Chunk {
    /// Carries out the steps of all that are ready: delete, then create, then invite; and resume.
    pub(super) async fn apply(&mut self) {
        let (mut replace, mut create, mut invite, mut resume) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (index, candidate) in self.candidates.iter().enumerate() {
            match candidate.stage {
                Stage::Ready(Step::Replace) => replace.push(index),
                Stage::Ready(Step::Create) => create.push(index),
                Stage::Ready(Step::Invite) => invite.push(index),
                Stage::Ready(Step::Resume) => resume.push(index),
                _ => {}
            }
        }
        create.extend(self.delete(&replace).await);
        invite.extend(self.create(&create).await);
        self.invite(&invite).await;
        self.resume(&resume).await;
    }

    /// DeleteMembers; the accounts that are to be created anew. It looks again right before: since the last look, somebody
    /// may have given the member its right e-mail, and GuardDuty deletes one that is invited without a word.
    async fn delete(&mut self, indices: &[usize]) -> Vec<usize> {
        let indices = &self.still_to_be_replaced(indices).await;
        if indices.is_empty() {
            return Vec::new();
        }
        let refusals = self.write(&Write::Delete, indices).await;
        let mut deleted = Vec::new();
        for index in indices {
            match self.trouble(*index, &refusals) {
                // Not a member any more: deleted by a call whose answer was lost, or by somebody else.
                None | Some(CallError::Refused(Refusal::NotAssociated)) => {
                    self.candidates[*index].progress.deleted = true;
                    deleted.push(*index);
                }
                // It joined meanwhile, by another run that had its right e-mail.
                Some(CallError::Refused(Refusal::StillAssociated)) => {
                    self.candidates[*index].progress.deleted = true;
                    self.candidates[*index].stage = Stage::Look;
                }
                Some(trouble) => self.end(*index, Outcome::from_administrator_call(trouble)),
            }
        }
        deleted
    }

    /// Looks at these: those whose next step is still to be replaced. The others go on with the step that they have now.
    async fn still_to_be_replaced(&mut self, indices: &[usize]) -> Vec<usize> {
        if indices.is_empty() {
            return Vec::new();
        }
        let due = |index: &usize| indices.contains(index);
        let candidates = self.candidates.iter_mut().enumerate().filter(|(index, _)| due(index));
        let (indices, candidates): (Vec<usize>, Vec<_>) = candidates.unzip();
        let steps = look(&self.ground, candidates).await;
        let mut still = Vec::new();
        for (index, step) in indices.into_iter().zip(steps) {
            match step {
                Step::Replace => still.push(index),
                other => self.begin(index, other),
            }
        }
        still
    }

    /// CreateMembers; the accounts that are to be invited.
    async fn create(&mut self, indices: &[usize]) -> Vec<usize> {
        if indices.is_empty() {
            return Vec::new();
        }
        let refusals = self.write(&Write::Create, indices).await;
        let settle = self.shared.config.settle;
        let mut created = Vec::new();
        for index in indices {
            let trouble = self.trouble(*index, &refusals);
            let candidate = &mut self.candidates[*index];
            match trouble {
                None => {
                    candidate.gains_patience(settle);
                    candidate.progress.created = true;
                    candidate.progress.email_missing = false;
                    created.push(*index);
                }
                Some(CallError::Refused(Refusal::AlreadyMember)) if candidate.progress.email_missing => {
                    self.end(*index, Outcome::Failed(Reason::Stuck));
                }
                Some(CallError::Refused(Refusal::AlreadyMember)) => {
                    candidate.progress.created = true;
                    candidate.gains_patience(settle);
                    candidate.stage = Stage::Look;
                }
                Some(trouble) => self.end(*index, Outcome::from_administrator_call(trouble)),
            }
        }
        created
    }

    /// InviteMembers.
    async fn invite(&mut self, indices: &[usize]) {
        if indices.is_empty() {
            return;
        }
        let config = &self.shared.config;
        let (message, email_notification) = (config.invitation_message.clone(), config.email_notification);
        let settle = config.settle;
        let refusals = self.write(&Write::Invite { message, email_notification }, indices).await;
        for index in indices {
            let trouble = self.trouble(*index, &refusals);
            let candidate = &mut self.candidates[*index];
            match trouble {
                None | Some(CallError::Refused(Refusal::AlreadyInvited)) => {
                    candidate.progress.invited = true;
                    candidate.gains_patience(settle);
                }
                // Created in this run and not visible to InviteMembers yet: GuardDuty lags, so it is invited by and by.
                Some(CallError::Refused(Refusal::EmailMissing)) if candidate.progress.created => {
                    candidate.stage = Stage::Wait(Wait::Write("added"));
                    candidate.loses_patience(Instant::now());
                    continue;
                }
                Some(CallError::Refused(Refusal::EmailMissing)) => candidate.progress.email_missing = true,
                Some(trouble) => {
                    self.end(*index, Outcome::from_administrator_call(trouble));
                    continue;
                }
            }
            candidate.stage = Stage::Look;
        }
    }

    /// StartMonitoringMembers.
    async fn resume(&mut self, indices: &[usize]) {
        if indices.is_empty() {
            return;
        }
        let settle = self.shared.config.settle;
        let refusals = self.write(&Write::Resume, indices).await;
        for index in indices {
            match self.trouble(*index, &refusals) {
                None | Some(CallError::Refused(Refusal::NotAssociated)) => {
                    let candidate = &mut self.candidates[*index];
                    candidate.progress.resumed = true;
                    candidate.gains_patience(settle);
                    candidate.stage = Stage::Look;
                }
                Some(trouble) => self.end(*index, Outcome::from_administrator_call(trouble)),
            }
        }
    }

    pub(super) fn accounts(&self, indices: &[usize]) -> Vec<&Account> {
        indices.iter().map(|index| &self.candidates[*index].account).collect()
    }

    fn trouble(&self, index: usize, refusals: &Refusals) -> Option<CallError> {
        refusals.get(self.candidates[index].account.id).cloned()
    }

    fn end(&mut self, index: usize, outcome: Outcome) {
        self.candidates[index].stage = Stage::Done(outcome);
    }

    /// Carries out one batch write. Looks are frequent again from here, unless all of it was refused.
    async fn write(&mut self, write: &Write, indices: &[usize]) -> Refusals {
        let refusals = self.ground.administrator.write(&self.ground.detector, write, &self.accounts(indices)).await;
        let refused = indices.iter().filter(|index| self.trouble(**index, &refusals).is_some()).count();
        info!(region = %self.ground.region, write = write.action(), members = indices.len() - refused, refused, "batch written");
        if refused < indices.len() {
            self.changed = Instant::now();
        }
        refusals
    }
}
