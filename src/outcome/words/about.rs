//! What a sentence is about.

use crate::account::{AccountId, Region};
use crate::membership::Status;

/// One membership.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub account: AccountId,
    /// Where the list names the account; `None` where an event does.
    pub line: Option<usize>,
    pub region: &'a Region,
    /// GuardDuty's word for it.
    pub status: Option<&'a Status>,
}
