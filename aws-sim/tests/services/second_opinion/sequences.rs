//! Sequences that nobody would write by hand, with paths that random calls would rarely find.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;

use super::calls::{Account, Call, MALWARE, PLANS, Plans};

/// 30 to 60 calls.
pub fn sequence() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec(step(), 30..=40).prop_map(|steps| steps.into_iter().flatten().take(60).collect())
}

/// Mostly the first account, which is everybody's administrator; rarely another one.
fn administrator() -> impl Strategy<Value = Account> {
    prop_oneof![12 => Just(0), 3 => Just(1), 1 => Just(2)]
}

fn member() -> impl Strategy<Value = Account> {
    prop_oneof![1 => 0..2_usize, 8 => Just(2), 4 => Just(3)]
}

fn members() -> impl Strategy<Value = BTreeSet<Account>> {
    prop::collection::btree_set(member(), 1..=2)
}

fn plans() -> impl Strategy<Value = Plans> {
    let named = |plans: usize| {
        let named = prop::collection::btree_map(0..plans, any::<bool>(), 1..=2);
        // Malware protection is refused for members, and would hide the other plans.
        (named, prop::bool::weighted(0.3)).prop_map(|(mut named, malware): (BTreeMap<_, _>, _)| {
            if !malware && named.len() > 1 {
                named.remove(&MALWARE);
            }
            named
        })
    };
    prop_oneof![
        4 => named(PLANS.len()).prop_map(Plans::Features),
        4 => named(3).prop_map(Plans::Sources),
        1 => select(vec![Plans::Unnamed, Plans::Both, Plans::Analyst, Plans::Strange]),
    ]
}

fn step() -> impl Strategy<Value = Vec<Call>> {
    let rarely_wrong = || prop::bool::weighted(0.9);
    let update = (member(), prop::option::of(prop::bool::weighted(0.6)), prop::bool::weighted(0.2), plans());
    let update = update.prop_flat_map(|(account, enable, frequency, plans)| {
        // Half of them without plans, since plans alone would have the call refused.
        select(vec![plans, Plans::Unnamed]).prop_map(move |plans| Call::UpdateDetector {
            account,
            enable,
            frequency,
            plans,
        })
    });
    let one = prop_oneof![
        2 => (member(), rarely_wrong(), plans()).prop_map(|(account, on, plans)| Call::CreateDetector(account, on, plans)),
        6 => update,
        1 => (0..4_usize).prop_map(Call::DeleteDetector),
        2 => (administrator(), members(), rarely_wrong()).prop_map(|(administrator, members, right_email)| {
            Call::CreateMembers { administrator, members, right_email }
        }),
        3 => (administrator(), members()).prop_map(|(by, members)| Call::InviteMembers(by, members)),
        4 => (member(), administrator(), rarely_wrong()).prop_map(|(member, administrator, right_invitation)| {
            Call::Accept { member, administrator, right_invitation }
        }),
        3 => (administrator(), members()).prop_map(|(by, members)| Call::DisassociateMembers(by, members)),
        2 => (administrator(), members()).prop_map(|(by, members)| Call::DeleteMembers(by, members)),
        4 => (administrator(), members()).prop_map(|(by, members)| Call::StopMonitoringMembers(by, members)),
        4 => (administrator(), members()).prop_map(|(by, members)| Call::StartMonitoringMembers(by, members)),
        5 => (administrator(), members(), plans()).prop_map(|(by, of, plans)| Call::UpdateMemberDetectors(by, of, plans)),
        1 => member().prop_map(Call::Resign),
        2 => (member(), prop::collection::btree_set(administrator(), 1..=2))
            .prop_map(|(member, from)| Call::DeclineInvitations(member, from)),
        1 => (member(), prop::collection::btree_set(administrator(), 1..=2))
            .prop_map(|(member, from)| Call::DeleteInvitations(member, from)),
    ];
    let path = select(vec![join as fn(Account, Account) -> Vec<Call>, join, join_asleep, come_back]);
    prop_oneof![
        10 => one.prop_map(|call| vec![call]),
        1 => (path, administrator(), member()).prop_map(|(path, administrator, member)| path(administrator, member)),
    ]
}

/// All calls that make an account a member.
fn join(administrator: Account, member: Account) -> Vec<Call> {
    vec![
        Call::CreateDetector(administrator, true, Plans::Unnamed),
        Call::CreateDetector(member, true, Plans::Unnamed),
        Call::CreateMembers { administrator, members: [member].into(), right_email: true },
        Call::InviteMembers(administrator, [member].into()),
        Call::Accept { member, administrator, right_invitation: true },
    ]
}

/// The account switches its detector off between invitation and acceptance; its administrator starts monitoring.
fn join_asleep(administrator: Account, member: Account) -> Vec<Call> {
    let mut calls = join(administrator, member);
    let off = Call::UpdateDetector { account: member, enable: Some(false), frequency: false, plans: Plans::Unnamed };
    calls.insert(calls.len() - 1, off);
    calls.push(Call::StartMonitoringMembers(administrator, [member].into()));
    calls
}

/// An account is stopped, removed and joins again; its administrator starts monitoring.
fn come_back(administrator: Account, member: Account) -> Vec<Call> {
    vec![
        Call::StopMonitoringMembers(administrator, [member].into()),
        Call::DisassociateMembers(administrator, [member].into()),
        Call::InviteMembers(administrator, [member].into()),
        Call::Accept { member, administrator, right_invitation: true },
        Call::StartMonitoringMembers(administrator, [member].into()),
    ]
}
