//! What is known of an account apart from its resources.

use std::collections::{BTreeMap, HashSet};
use std::time::SystemTime;

/// The Regions that are enabled in every account (AWS R1).
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

/// The Regions that an account must enable first (AWS R1).
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

/// What is special about an account; by default nothing.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The root user's e-mail address. While it is unset, any address is right.
    pub email: Option<String>,
    /// Whether the member role can be assumed.
    pub role: Role,
    /// The external id that the role's trust policy requires.
    pub external_id: Option<String>,
    /// The id of its organization, if a story has set it.
    pub organization: Option<String>,
    /// The Regions where GuardDuty does not accept the account's credentials.
    pub regions_off: HashSet<String>,
    /// The account's own choice for some Regions.
    pub opt_in: BTreeMap<String, String>,
    /// Actions that something other than the role denies, and the end of the error message.
    pub denied: Vec<(String, String)>,
    /// GuardDuty's service-linked role exists.
    pub service_linked_role: bool,
    /// Nobody in the account may create that role.
    pub service_linked_role_denied: bool,
    /// GuardDuty cannot assume that role.
    pub handshake_role_broken: bool,
    /// AWS has suspended the account.
    pub suspended: bool,
}

/// The role that is assumed in an account.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) enum Role {
    #[default]
    Ready,
    /// It appears some time after the account was created.
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
