//! Everything there is in a world.

pub(crate) mod account;
pub(crate) mod bucket;
pub(crate) mod detector;
pub(crate) mod features;
pub(crate) mod ledger;
pub(crate) mod queue;
pub(crate) mod region;
pub(crate) mod relationship;
pub(crate) mod status;
pub(crate) mod tally;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::iam::roles::Roles;
use crate::services::organizations::OrganizationAccount;
use crate::services::sts;
use crate::state::account::Settings;
use crate::state::bucket::Bucket;
use crate::state::ledger::Call;
use crate::state::queue::Queue;
use crate::state::region::Region;
use crate::state::tally::Tally;
use crate::trouble::fault::Fault;
use crate::trouble::knobs::Knobs;
use crate::trouble::storm::Raging;
use crate::wire::ids::Ids;

/// The state behind a [`World`](crate::World).
#[derive(Debug, Default)]
pub(crate) struct State {
    pub knobs: Knobs,
    pub faults: Vec<Fault>,
    pub storm: Option<Raging>,
    pub ledger: Vec<Call>,
    pub tally: Tally,
    pub ids: Ids,
    pub settings: HashMap<String, Settings>,
    /// What becomes of an account in a batch, by operation and account: the text in `unprocessedAccounts`.
    pub refused: HashMap<(String, String), String>,
    /// The accounts that make a whole batch fail, by operation and account.
    pub poisoned: HashSet<(String, String)>,
    pub guardduty: HashMap<String, Region>,
    pub roles: Roles,
    pub sts: sts::State,
    pub buckets: BTreeMap<String, Bucket>,
    /// By Region, account and name.
    pub queues: HashMap<(String, String, String), Queue>,
    /// The accounts that a story spoke of; any other is found, too, when it is asked for.
    pub organization: BTreeMap<String, OrganizationAccount>,
    pub outside_organization: HashSet<String>,
    /// The management account, where a story has named it; else the administrator is, and anyone may ask anything.
    pub management: Option<String>,
}

impl State {
    /// The settings of an account, made where there are none yet.
    pub(crate) fn settings_mut(&mut self, account: &str) -> &mut Settings {
        self.settings.entry(account.into()).or_default()
    }

    /// GuardDuty in a Region.
    pub(crate) fn region_mut(&mut self, region: &str) -> &mut Region {
        self.guardduty.entry(region.into()).or_default()
    }
}
