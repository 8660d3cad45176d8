//! Batches of at most 50 accounts, and what was refused in them.

use std::collections::HashMap;

use aws_sdk_guardduty::types::UnprocessedAccount;

use crate::account::{Account, AccountId};
use crate::membership::{CallError, Refusal};

/// The most accounts that a batch call accepts (AWS T2).
pub(crate) const BATCH: usize = 50;

/// The accounts that did not go through. All others did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub(crate) struct Refusals(HashMap<AccountId, CallError>);

impl Refusals {
    /// Every account, for one reason.
    pub(crate) fn all(accounts: &[&Account], error: &CallError) -> Self {
        Self(accounts.iter().map(|account| (account.id, error.clone())).collect())
    }

    /// Whether any account was refused because the administrator is itself a member.
    #[must_use]
    pub(crate) fn name_the_administrator(&self) -> bool {
        self.0.values().any(|error| *error == CallError::Refused(Refusal::AdministratorIsMember))
    }

    /// Why `id` did not go through; `None` if it did.
    #[must_use]
    pub(crate) fn get(&self, id: AccountId) -> Option<&CallError> {
        self.0.get(&id)
    }
}

/// The batches still to be sent. One that is refused whole (AWS W5) is halved until the culprit is alone, so that it
/// stops no other account. An error that is not about one account counts for every account of the batch.
pub(super) struct Batches<'a> {
    open: Vec<&'a [&'a Account]>,
    refusals: Refusals,
}

impl<'a> Batches<'a> {
    pub(super) fn new(accounts: &'a [&'a Account]) -> Self {
        Self { open: accounts.chunks(BATCH).rev().collect(), refusals: Refusals::default() }
    }

    pub(super) fn next(&mut self) -> Option<&'a [&'a Account]> {
        self.open.pop()
    }

    /// Records the result of a batch: the accounts that GuardDuty left unprocessed, or why it refused the whole.
    pub(super) fn record(&mut self, batch: &'a [&'a Account], result: Result<Vec<UnprocessedAccount>, CallError>) {
        match result {
            Ok(unprocessed) => self.refusals.0.extend(unprocessed.iter().filter_map(refusal)),
            Err(CallError::Refused(refusal)) if batch.len() > 1 && !is_everybodys(&refusal) => {
                let (first, second) = batch.split_at(batch.len() / 2);
                self.open.extend([second, first]);
            }
            Err(error) => self.refusals.0.extend(batch.iter().map(|account| (account.id, error.clone()))),
        }
    }

    pub(super) fn refusals(self) -> Refusals {
        self.refusals
    }
}

/// Whether the refusal is about the administrator, so that halving would only repeat it.
fn is_everybodys(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::DetectorGone | Refusal::AdministratorIsMember | Refusal::Busy)
}

fn refusal(unprocessed: &UnprocessedAccount) -> Option<(AccountId, CallError)> {
    let id = AccountId::parse(unprocessed.account_id()?)?;
    Some((id, CallError::Refused(Refusal::parse(unprocessed.result().unwrap_or("")))))
}
