//! What a sentence is about.

use crate::account::{AccountId, Region};
use crate::membership::Status;

#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub account: AccountId,
    /// Where the list names the account. `None` if an event names it.
    pub line: Option<usize>,
    pub region: &'a Region,
    pub status: Option<&'a Status>,
}
