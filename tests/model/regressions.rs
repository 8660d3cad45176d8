//! The smallest sequences that found a bug. Most bugs were planted once, to see that the model finds them.

use crate::harness::live_through;
use crate::operations::{Address, Change, Fate, Key, Operation, Row, Sequence};
use crate::plans::Plan;

const ONE_ACCOUNT: &[Row] = &[Row::Good(0, Address::Right)];

fn upload(crowd: bool, rows: &[Row]) -> Operation {
    Operation::Upload { key: Key::Team, crowd, rows: Some(rows.to_vec()), fate: Fate::Calm }
}

/// A list that lets the account go.
fn lets_go(key: Key, fate: Fate) -> Operation {
    Operation::Upload { key, crowd: false, rows: Some(ONE_ACCOUNT.to_vec()), fate }
}

fn no_list(key: Key) -> Operation {
    Operation::Upload { key, crowd: false, rows: None, fate: Fate::Calm }
}

fn reconcile(heal: bool) -> Operation {
    Operation::Reconcile { heal, fate: Fate::Calm }
}

fn switched_on(plan: Plan) -> Operation {
    Operation::Change(Change::Switch(plan, true), 0, 0)
}

fn redelivered(upload: usize) -> Operation {
    Operation::Redeliver { upload, fate: Fate::Calm }
}

fn holds(operations: &[Operation]) {
    for plans in [false, true] {
        let sequence = Sequence { slow: false, lag: false, plans, operations: operations.to_vec() };
        live_through(&sequence).unwrap_or_else(|why| panic!("plans: {plans}, {why}"));
    }
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
    holds(&[upload(true, &[]), redelivered(0)]);
}

/// Found a look at whether the list still counts that nothing bounded.
#[test]
fn a_list_that_lets_nobody_go_ends_in_time() {
    holds(&[lets_go(Key::Suspend, Fate::Short { ms: 300 })]);
}

/// Found a removal that began with DeleteMembers for an account that was still associated.
#[test]
fn a_monitored_account_is_disassociated_before_it_is_removed() {
    holds(&[upload(false, ONE_ACCOUNT), lets_go(Key::Remove, Fate::Calm)]);
}

/// Found a list that was carried out although another version had taken its place.
#[test]
fn an_older_list_lets_nobody_go_whatever_the_newer_one_is_worth() {
    let late = lets_go(Key::Remove, Fate::Late);
    holds(&[upload(false, ONE_ACCOUNT), late, no_list(Key::Remove), redelivered(1)]);
}

/// Found the same where the older list had nobody to let go.
#[test]
fn an_older_list_that_lets_nobody_go_has_no_report() {
    holds(&[no_list(Key::Remove), no_list(Key::Remove), redelivered(0)]);
}

/// Found a redelivered list that resumed whom another list had suspended.
#[test]
fn a_redelivered_list_leaves_a_suspended_account_alone() {
    holds(&[upload(false, ONE_ACCOUNT), lets_go(Key::Suspend, Fate::Calm), redelivered(0)]);
}

/// Found the same where it is not known whom the other list suspends.
#[test]
fn a_redelivered_list_waits_for_a_list_that_cannot_be_read() {
    holds(&[upload(false, ONE_ACCOUNT), no_list(Key::Suspend), redelivered(0)]);
}

/// Found a report where time ran out while S3 was asked whether the list still counts.
#[test]
fn an_older_list_that_runs_out_of_time_has_no_report() {
    let older = [upload(false, ONE_ACCOUNT), lets_go(Key::Remove, Fate::Late), no_list(Key::Remove)];
    for ms in (300..3_000).step_by(100) {
        let soon = Operation::Redeliver { upload: 1, fate: Fate::Short { ms } };
        holds(&[&older[..], &[soon]].concat());
    }
}

/// Found a report that the model missed, although the one of the first delivery was kept.
#[test]
fn a_refused_list_keeps_the_report_that_is_there_if_its_version_is_not_known() {
    let throttled = Fate::Throttled { operation: "HeadObject", times: 5 };
    holds(&[no_list(Key::Suspend), Operation::Redeliver { upload: 0, fate: throttled }]);
}

/// Found a heal that invited an account again that had left by itself.
#[test]
fn a_heal_does_not_take_back_an_account_that_left() {
    holds(&[upload(false, ONE_ACCOUNT), Operation::Change(Change::Resign, 0, 0), reconcile(true)]);
}

/// Found a heal that changed members although a list could not be read.
#[test]
fn a_heal_only_reports_while_a_list_cannot_be_read() {
    holds(&[upload(false, ONE_ACCOUNT), Operation::Change(Change::Stop, 0, 0), no_list(Key::Others), reconcile(true)]);
}

/// Found a member that was called unlisted although a rejected row names it.
#[test]
fn an_account_on_rejected_rows_is_on_a_list() {
    let by_hand = Operation::Change(Change::InviteByHand(Address::Right), 1, 0);
    holds(&[by_hand, upload(false, &[Row::Good(1, Address::Right), Row::Good(1, Address::Old)]), reconcile(false)]);
}

/// Found a heal that suspended more accounts than a list may.
#[test]
fn a_heal_suspends_nobody_where_it_would_be_too_many() {
    let some = [upload(true, ONE_ACCOUNT), Operation::DeleteList(Key::Team)];
    let too_many =
        Operation::Upload { key: Key::Suspend, crowd: true, rows: Some(ONE_ACCOUNT.to_vec()), fate: Fate::Calm };
    holds(&[&some[..], &[too_many, reconcile(false), reconcile(true)]].concat());
}

/// Found a heal that resumed an account that another list suspends.
#[test]
fn a_heal_leaves_an_account_alone_that_lists_contradict_each_other_about() {
    holds(&[upload(false, ONE_ACCOUNT), lets_go(Key::Suspend, Fate::Calm), reconcile(true)]);
}

/// Found a heal that removed an account.
#[test]
fn a_heal_removes_nobody() {
    let joins = [upload(false, ONE_ACCOUNT), lets_go(Key::Remove, Fate::Late), Operation::DeleteList(Key::Team)];
    holds(&[&joins[..], &[reconcile(true)]].concat());
}

/// Found an account that accepted with the protection plans that it had.
#[test]
fn a_detector_that_is_there_gets_the_declared_plans_before_its_account_joins() {
    holds(&[Operation::Change(Change::CreateDetector, 0, 0), upload(false, ONE_ACCOUNT)]);
}

/// Found a heal that did not look at protection plans.
#[test]
fn a_heal_sets_plans_back_that_somebody_switched() {
    let switched = switched_on(Plan::S3DataEvents);
    holds(&[upload(false, ONE_ACCOUNT), switched, reconcile(false), reconcile(true)]);
}

/// Found an UpdateMemberDetectors that set nothing.
#[test]
fn nothing_is_sent_for_a_member_whose_malware_protection_alone_differs() {
    let switched = switched_on(Plan::MalwareProtection);
    holds(&[upload(false, ONE_ACCOUNT), switched, redelivered(0), reconcile(false), reconcile(true)]);
}

/// Found an UpdateMemberDetectors that named malware protection, too, which GuardDuty refuses.
#[test]
fn what_can_be_set_is_set_although_malware_protection_cannot() {
    let switched = [switched_on(Plan::MalwareProtection), switched_on(Plan::S3DataEvents)];
    holds(&[&[upload(false, ONE_ACCOUNT)], &switched[..], &[reconcile(false), redelivered(0)]].concat());
}

/// Found a suspended member that was to set its protection plans itself, which GuardDuty refuses.
#[test]
fn a_suspended_member_gets_its_plans_from_the_administrator() {
    let stopped = Operation::Change(Change::Stop, 0, 0);
    holds(&[upload(false, ONE_ACCOUNT), stopped, switched_on(Plan::S3DataEvents), reconcile(true)]);
}
