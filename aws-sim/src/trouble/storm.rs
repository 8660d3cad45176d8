//! Random faults that are the same for the same seed, whatever the order of the calls.

use std::collections::HashMap;
use std::time::Duration;

use crate::trouble::fault::{Kind, Target};
use crate::trouble::knobs::Knobs;
use crate::wire::mix::Mix;

/// The calls of those who run the function or test it. They are never hit.
const SPARED: [&str; 7] = [
    "CreateQueue",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ReceiveMessage",
    "SendMessage",
    "StartMessageMoveTask",
];
/// How much longer a slow answer takes, in milliseconds. Some take longer than a client's timeout, others do not.
const FASTEST: u32 = 1_000;
const SLOWEST: u32 = 20_000;

/// Random faults for all calls. See `World::storm`.
///
/// Whether and how a call is hit depends only on the seed, the service, the operation, the caller's account, the signed
/// Region, and the number of such calls since the storm began. Calls of other kinds can come in any order. The accounts
/// that a call names do not count: two AssumeRole calls of one account are told apart by their order.
///
/// Some calls are throttled, some fail inside the service, some lose their connection before and some after they are
/// done, and some are 1 to 20 seconds late: all five are equally likely. The calls of those who run the function or
/// test it are never hit: SQS's CreateQueue, DeleteMessage, GetQueueAttributes, GetQueueUrl, ReceiveMessage,
/// SendMessage and StartMessageMoveTask.
///
/// ```
/// use aws_sim::{Storm, World};
///
/// let world = World::new(std::time::SystemTime::now);
/// let storm = Storm { seed: 7, percent: 10 };
/// world.storm(storm);
/// world.set(|knobs| storm.knobs(knobs));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Storm {
    /// Another seed is another storm.
    pub seed: u64,
    /// How many of a hundred calls are hit; 100 or more means all.
    pub percent: u8,
}

impl Storm {
    /// Sets the delays that GuardDuty leaves open, and the length of pages, by the seed:
    /// `latency` up to 200 ms, `verification` up to 20 s, `member_visible_after` and `status_lag` up to 3 s,
    /// `invitation_visible_after` up to 5 s, `invitation_before_verification` either way,
    /// `disassociation_visible_after`, `deletion_visible_after`, `monitoring_visible_after` and `plans_visible_after` up
    /// to 3 s,
    /// `disassociation_told_after`, `deletable_after` and `plans_settable_after` up to 5 s, `plans_occupied_for` up to
    /// 1 s, `auto_enable_refuses_batch` either way, `page_size`
    /// from 1 to 50. All other knobs stay as they are.
    pub fn knobs(&self, knobs: &mut Knobs) {
        let drawn = |name, most| Mix::of(self.seed, &["knobs", name], 0).up_to(most);
        let millis = |name, most| Duration::from_millis(drawn(name, most).into());
        knobs.latency = millis("latency", 200);
        knobs.verification = millis("verification", 20_000);
        knobs.member_visible_after = millis("member_visible_after", 3_000);
        knobs.status_lag = millis("status_lag", 3_000);
        knobs.invitation_visible_after = millis("invitation_visible_after", 5_000);
        knobs.invitation_before_verification = drawn("invitation_before_verification", 1) == 1;
        knobs.disassociation_visible_after = millis("disassociation_visible_after", 3_000);
        knobs.disassociation_told_after = millis("disassociation_told_after", 5_000);
        knobs.deletable_after = millis("deletable_after", 5_000);
        knobs.deletion_visible_after = millis("deletion_visible_after", 3_000);
        knobs.monitoring_visible_after = millis("monitoring_visible_after", 3_000);
        knobs.plans_settable_after = millis("plans_settable_after", 5_000);
        knobs.plans_visible_after = millis("plans_visible_after", 3_000);
        knobs.plans_occupied_for = millis("plans_occupied_for", 1_000);
        knobs.auto_enable_refuses_batch = drawn("auto_enable_refuses_batch", 1) == 1;
        knobs.page_size = 1 + usize::try_from(drawn("page_size", 49)).unwrap_or_default();
    }

    /// What happens to call `number` of its kind.
    fn fate(&self, target: &Target, number: u64) -> Option<Kind> {
        let key = ["call", target.service, target.operation, target.account, target.region];
        let mut mix = Mix::of(self.seed, &key, number);
        if mix.up_to(99) >= u32::from(self.percent) {
            return None;
        }
        Some(match mix.up_to(4) {
            0 => Kind::Throttle,
            1 => Kind::Internal,
            2 => Kind::Broken,
            3 => Kind::LostAnswer,
            _ => Kind::Slow(Duration::from_millis((FASTEST + mix.up_to(SLOWEST - FASTEST)).into())),
        })
    }
}

/// A storm that is under way.
#[derive(Debug)]
pub(crate) struct StormState {
    storm: Storm,
    /// How many calls there were, by service, operation, account and Region.
    calls: HashMap<[String; 4], u64>,
}

impl StormState {
    pub(crate) fn new(storm: Storm) -> Self {
        Self { storm, calls: HashMap::new() }
    }

    /// Counts the call, and returns what happens to it.
    pub(crate) fn hit(&mut self, target: &Target) -> Option<Kind> {
        if target.service == "sqs" && SPARED.contains(&target.operation) {
            return None;
        }
        let key = [target.service, target.operation, target.account, target.region].map(Into::into);
        let number = self.calls.entry(key).or_default();
        *number += 1;
        self.storm.fate(target, *number)
    }
}
