//! Reconciles in a stormy world: when they come, what they may do, and what the last one must find.

use std::collections::BTreeMap;

use aws_sdk_sqs::types::Message;
use aws_sim::{Call, Storm};
use serde_json::{Value, json};

use super::{PREFIXES, fleet};
use crate::fleet::{HEAL, REPORT};
use crate::queue::Queue;
use crate::world::*;

/// How many come while the lists are carried out.
const MANY: usize = 4;

pub struct Reconciles {
    left: usize,
    /// Two deliveries at a time, once all lists are there.
    pub overlap: bool,
}

impl Reconciles {
    pub fn of(storm: Storm) -> Self {
        Self { left: MANY, overlap: storm.seed % 4 == 3 }
    }

    /// At every other moment, one is sent.
    pub async fn may_come(&mut self, queue: &Queue<'_>) {
        if self.left > 0 && fastrand::bool() {
            self.left -= 1;
            queue.send(&json!({"reconcile": if fastrand::bool() { HEAL } else { REPORT }})).await;
        }
    }
}

/// What a message asks for, if that is a reconcile.
pub fn asked(message: &Message) -> Option<String> {
    let body: Value = serde_json::from_str(message.body().expect("a body")).expect("JSON");
    body["reconcile"].as_str().map(ToOwned::to_owned)
}

/// If the message asks for a reconcile, the delivery made no call that it must not make.
pub fn are_what_they_say(message: &Message, calls: &[Call], lists: &[&str]) {
    match asked(message).as_deref() {
        Some(REPORT) => changes_nothing(calls),
        Some(HEAL) => fleet::is_only_healed(calls, lists),
        _ => {}
    }
}

fn changes_nothing(calls: &[Call]) {
    let changes = |call: &&Call| call.caller != ADMINISTRATOR || call.write && call.service == "guardduty";
    let change = calls.iter().find(changes);
    assert!(change.is_none(), "a report: {change:?}");
}

/// In calm weather: a report and a heal find every membership as it must be, and the drift. Another heal finds nothing to do.
/// Returns all calls.
pub async fn heal_what_drifted(world: &World) -> Vec<Call> {
    let drifted = fleet::drift(&world.sim);
    let report = world.reconcile(REPORT).await;
    changes_nothing(&report.calls);
    let rows = report.report["memberships"].as_array().expect("memberships");
    let detail = |row: &Value| row["detail"].as_str().unwrap_or_default().to_owned();
    assert_eq!(rows.iter().filter(|row| detail(row).starts_with("resume: ")).count(), drifted);

    let heal = world.reconcile(HEAL).await;
    fleet::is_only_healed(&heal.calls, &PREFIXES);
    let resumed = heal.calls.iter().filter(|call| call.operation == "StartMonitoringMembers");
    assert_eq!(resumed.map(|call| call.accounts.len()).sum::<usize>(), drifted);
    everything_is_reported_once(world, &heal);

    let again = world.reconcile(HEAL).await;
    super::nothing_was_changed(&again.calls);
    everything_is_reported_once(world, &again);
    [heal.calls, again.calls].concat()
}

fn everything_is_reported_once(world: &World, seen: &Seen) {
    let mut expected = BTreeMap::new();
    for region in fleet::REGIONS {
        for number in PREFIXES.into_iter().flat_map(fleet::on) {
            let account = fleet::id(number);
            let (outcome, status) = fleet::reconciled(&world.sim, &account, region);
            expected.insert((account, region.to_owned()), (outcome.to_owned(), status));
        }
        for member in fleet::unlisted(&world.sim, region) {
            expected.insert((member.account, region.to_owned()), ("unlisted".to_owned(), Some(member.status)));
        }
    }
    let mut reported = BTreeMap::new();
    for row in seen.report["memberships"].as_array().expect("memberships") {
        let text = |name: &str| row[name].as_str().map(ToOwned::to_owned);
        let place = (text("accountId").expect("an account"), text("region").expect("a Region"));
        let said = (text("outcome").expect("an outcome"), text("status"));
        assert_eq!(reported.insert(place, said), None, "twice: {row}");
    }
    assert_eq!(reported, expected);
    let unlisted = expected.values().filter(|(outcome, _)| outcome == "unlisted").count() as u64;
    assert_eq!((seen.count("unlisted"), seen.count("memberships") + unlisted), (unlisted, expected.len() as u64));
}
