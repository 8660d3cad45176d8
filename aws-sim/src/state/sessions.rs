//! The sessions that the simulator's STS has issued.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::iam::call::ApiCall;
use crate::iam::caller::Session;

/// The sessions that AssumeRole has issued, and the recent calls of STS.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_key: HashMap<String, Arc<Session>>,
    /// Calls of the last second, by calling account and Region.
    recent: HashMap<(String, String), VecDeque<SystemTime>>,
}

impl Sessions {
    pub(crate) fn insert(&mut self, key: String, session: Session) {
        self.by_key.insert(key, Arc::new(session));
    }

    /// The session of an access key id, if the simulator's STS issued it.
    pub(crate) fn get(&self, key: &str) -> Option<Arc<Session>> {
        self.by_key.get(key).cloned()
    }

    /// The session policies of all sessions.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &str> {
        self.by_key.values().filter_map(|session| session.policy_text.as_deref())
    }

    /// The lifetimes of all sessions.
    pub(crate) fn lifetimes(&self) -> impl Iterator<Item = Duration> {
        self.by_key.values().map(|session| session.lifetime)
    }

    /// Whether this call exceeds the quota, which applies to each calling account and Region (AWS T4).
    pub(crate) fn crowded(&mut self, call: &ApiCall, per_second: u32) -> bool {
        let calls = self.recent.entry((call.caller.account.clone(), call.region.into())).or_default();
        while calls.front().is_some_and(|&at| at + Duration::from_secs(1) <= call.now) {
            calls.pop_front();
        }
        let crowded = calls.len() >= usize::try_from(per_second).unwrap_or(usize::MAX);
        if !crowded {
            calls.push_back(call.now);
        }
        crowded
    }
}
