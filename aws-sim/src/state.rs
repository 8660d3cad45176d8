//! Everything that a world holds.

pub(crate) mod account;
pub(crate) mod bucket;
pub(crate) mod detector;
pub(crate) mod features;
pub(crate) mod ledger;
pub(crate) mod organization;
pub(crate) mod queue;
pub(crate) mod region;
pub(crate) mod relationship;
pub(crate) mod sessions;
pub(crate) mod status;
pub(crate) mod tally;
pub(crate) mod topic;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;
use std::time::SystemTime;

use crate::iam::action::Action;
use crate::iam::policy::Policy;
use crate::iam::roles::Roles;
use crate::state::account::Settings;
use crate::state::bucket::Bucket;
use crate::state::detector::Detector;
use crate::state::ledger::Call;
use crate::state::organization::{ORGANIZATION, Organization};
use crate::state::queue::{Queue, QueueKey};
use crate::state::region::Region;
use crate::state::sessions::Sessions;
use crate::state::tally::Tally;
use crate::state::topic::Topic;
use crate::trouble::fault::Fault;
use crate::trouble::knobs::Knobs;
use crate::trouble::storm::StormState;
use crate::wire::ids::Ids;

/// The state behind a `World`.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub knobs: Knobs,
    pub faults: Vec<Fault>,
    pub storm: Option<StormState>,
    pub ledger: Vec<Call>,
    pub tally: Tally,
    pub ids: Ids,
    pub settings: HashMap<String, Settings>,
    /// By operation and account: the text in `unprocessedAccounts` with which a batch leaves the account out.
    pub refused: HashMap<(String, String), String>,
    /// Operations, and the accounts that make a whole batch of each fail.
    pub poisoned: HashSet<(String, String)>,
    pub guardduty: HashMap<String, Region>,
    pub roles: Roles,
    pub sessions: Sessions,
    pub buckets: BTreeMap<String, Bucket>,
    pub queues: HashMap<QueueKey, Queue>,
    /// By their ARNs.
    pub topics: HashMap<String, Topic>,
    pub organization: Organization,
}

impl State {
    /// The settings of an account, created if missing.
    pub(crate) fn settings_mut(&mut self, account: &str) -> &mut Settings {
        self.settings.entry(account.into()).or_default()
    }

    /// The id of the account's organization, as policies see it.
    pub(crate) fn organization_of(&self, account: &str) -> Option<&str> {
        let own = self.settings.get(account).and_then(|own| own.organization.as_deref());
        own.or(self.organization.lists(account).then_some(ORGANIZATION))
    }

    /// An action of S3 with the owner of its bucket. A missing bucket counts as the caller's, so that the call is
    /// allowed and S3 can report that the bucket is missing.
    pub(crate) fn with_owner(&self, action: Action, caller: &str) -> Action {
        let Some(bucket) = bucket_of(&action) else { return action };
        let owner = self.buckets.get(bucket).map_or(caller, |bucket| &bucket.owner).to_owned();
        action.with("aws:resourceaccount", owner)
    }

    /// The policy of the bucket that an action is about.
    pub(crate) fn bucket_policy(&self, action: &Action) -> Option<&Policy> {
        self.buckets.get(bucket_of(action)?)?.policy.as_ref()
    }

    /// The id of the account's detector, which is created and switched on if missing.
    pub(crate) fn ensure_detector(&mut self, account: &str, region: &str, now: SystemTime) -> String {
        let id = self.ids.hex32();
        self.settings_mut(account).service_linked_role = true;
        let region = self.region_mut(region);
        if let Some(own) = region.detectors.get(account) {
            return own.id.clone();
        }
        region.insert_detector(account, Detector::new(id.clone(), true, now));
        id
    }

    /// GuardDuty in a Region. A Region that no call has changed yet is empty.
    pub(crate) fn region(&self, name: &str) -> &Region {
        static NOTHING: LazyLock<Region> = LazyLock::new(Region::default);
        self.guardduty.get(name).unwrap_or(&NOTHING)
    }

    /// GuardDuty in a Region, created if missing.
    pub(crate) fn region_mut(&mut self, name: &str) -> &mut Region {
        self.guardduty.entry(name.into()).or_default()
    }
}

fn bucket_of(action: &Action) -> Option<&str> {
    let (_, place) = action.resource.split_once(":s3:::")?;
    place.split('/').next()
}
