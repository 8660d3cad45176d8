//! The smallest sequences that found a bug, each of them planted once to see that the model finds it.

use crate::harness::live_through;
use crate::operations::{Address, Change, Fate, Key, Operation, Row, Sequence};

const ONE_ACCOUNT: &[Row] = &[Row::Good(0, Address::Right)];

fn upload(crowd: bool, rows: &[Row]) -> Operation {
    Operation::Upload { key: Key::Team, crowd, rows: Some(rows.to_vec()), fate: Fate::Calm }
}

/// A list that lets the account go.
fn lets_go(key: Key, fate: Fate) -> Operation {
    Operation::Upload { key, crowd: false, rows: Some(ONE_ACCOUNT.to_vec()), fate }
}

fn holds(operations: &[Operation]) {
    let sequence = Sequence { slow: false, lag: false, operations: operations.to_vec() };
    live_through(&sequence).unwrap_or_else(|why| panic!("{why}"));
}

/// Found a second InviteMembers for accounts that the first one left unprocessed.
#[test]
fn an_account_that_guardduty_refuses_to_invite_is_invited_once() {
    holds(&[Operation::Refuses(0), upload(false, ONE_ACCOUNT)]);
}

/// Found an acceptance of the newest invitation, no matter who sent it, and one of the first invitation in the list.
#[test]
fn a_strangers_invitation_that_came_after_ours_is_not_accepted() {
    let by_hand = Operation::Change(Change::InviteByHand(Address::Right), 0, 0);
    let by_a_stranger = Operation::Change(Change::StrangerInvites, 0, 0);
    holds(&[by_hand, by_a_stranger, upload(false, ONE_ACCOUNT)]);
}

/// Found chunks of 51 accounts.
#[test]
fn fifty_one_accounts_take_two_batches() {
    holds(&[upload(true, &[])]);
}

/// Found an InviteMembers that also named the account with the next number.
#[test]
fn an_account_that_is_on_no_list_is_not_written_to() {
    holds(&[upload(false, ONE_ACCOUNT)]);
}

/// Found a redelivery that left out the accounts after the last full chunk.
#[test]
fn another_delivery_reaches_the_last_chunk() {
    holds(&[upload(true, &[]), Operation::Redeliver { upload: 0, fate: Fate::Calm }]);
}

/// Found a look at whether the list still counts that nothing bounded.
#[test]
fn a_list_that_lets_nobody_go_ends_in_time() {
    holds(&[lets_go(Key::Suspend, Fate::Short { ms: 300 })]);
}
