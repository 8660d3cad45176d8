//! What is known of one account beside its resources.

use std::collections::{BTreeMap, HashSet};
use std::time::SystemTime;

/// The Regions that every account has (AWS account guide).
pub(crate) const DEFAULT_REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// The Regions that an account must ask for (AWS account guide).
pub(crate) const OPT_IN_REGIONS: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// One account's peculiarities. The default has none.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The root user's e-mail address; unset, whatever is given is right.
    pub email: Option<String>,
    /// Whether the member role can be assumed.
    pub role: Role,
    /// What the role's trust policy asks for.
    pub external_id: Option<String>,
    /// The organization that it belongs to, where a story has said so.
    pub organization: Option<String>,
    /// Where the account's tokens are not accepted.
    pub regions_off: HashSet<String>,
    /// What the account has chosen for some Regions.
    pub opt_in: BTreeMap<String, String>,
    /// Actions that something beyond the role denies, and how the error goes on.
    pub denied: Vec<(String, String)>,
    /// GuardDuty's service-linked role is there.
    pub service_linked_role: bool,
    /// Nobody in the account may make it.
    pub service_linked_role_denied: bool,
    /// GuardDuty cannot use it, for whatever reason.
    pub handshake_role_broken: bool,
    /// AWS has suspended the account.
    pub suspended: bool,
}

/// The role that is assumed in an account.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) enum Role {
    #[default]
    Ready,
    /// New accounts get theirs some time later.
    ReadyAt(SystemTime),
    Missing,
}

impl Role {
    pub(crate) fn ready(self, now: SystemTime) -> bool {
        match self {
            Self::Ready => true,
            Self::ReadyAt(at) => now >= at,
            Self::Missing => false,
        }
    }
}

impl Settings {
    /// The opt-in status of a Region, as ListRegions tells it.
    pub(crate) fn region_status(&self, region: &str) -> &str {
        if self.regions_off.contains(region) {
            return "DISABLED";
        }
        let unset = if DEFAULT_REGIONS.contains(&region) { "ENABLED_BY_DEFAULT" } else { "DISABLED" };
        self.opt_in.get(region).map_or(unset, String::as_str)
    }
}
