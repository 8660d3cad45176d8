//! What a sentence is about.

use crate::account::{AccountId, Region};
use crate::membership::Status;
use crate::outcome::Retry;

#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub account: AccountId,
    /// Where the list names the account. `None` if an event names it.
    pub line: Option<usize>,
    pub region: &'a Region,
    pub status: Option<&'a Status>,
}

/// Who calls AWS from the administrator account.
pub(super) fn caller(retry: Retry) -> &'static str {
    if retry == Retry::ByHand { "the caller" } else { "the function" }
}
