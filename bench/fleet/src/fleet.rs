//! A fleet of accounts: how many, where, how slow AWS is for them, and which of them drift.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

/// The Regions that every account has, the function's own first.
const REGIONS: [&str; 17] = [
    "us-east-1",
    "eu-west-1",
    "us-west-2",
    "eu-central-1",
    "us-east-2",
    "us-west-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "sa-east-1",
];

/// Where the list is.
pub const BUCKET: &str = "amzn-s3-demo-bucket";
pub const KEY: &str = "accounts/fleet.csv";
/// The same accounts, to be removed.
pub const REMOVAL_KEY: &str = "remove/fleet.csv";
/// The most accounts that one list may let go.
pub const MOST_LEAVING: u32 = 5000;

/// What is onboarded, and how AWS behaves.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fleet {
    /// Accounts; GuardDuty's quota is 5,000 in a Region, a list may have 10,000.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=10000))]
    pub accounts: u32,
    /// Regions.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=17))]
    pub regions: u32,
    /// How long each answer of AWS takes.
    #[arg(long, default_value_t = 50)]
    pub latency_ms: u64,
    /// How long GuardDuty takes to verify an e-mail.
    #[arg(long, default_value_t = 2000)]
    pub verification_ms: u64,
    /// MAX_CONCURRENCY: calls in flight to member accounts.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=512))]
    pub concurrency: u32,
    /// How many of a hundred calls are throttled, fail, break or are late.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub faults: u8,
    /// What is denied to everybody, in a text of 400 characters.
    #[arg(long, value_enum)]
    pub denied: Option<Denied>,
    /// How many of a hundred accounts drift before the third run, in every Region.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub drift_percent: u32,
}

/// A call that is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Denied {
    /// AssumeRole: the role is missing in every account.
    Role,
    /// ListInvitations, in every account and Region: each has a text of its own to keep.
    Invitations,
}

impl Denied {
    pub fn operation(self) -> &'static str {
        match self {
            Self::Role => "AssumeRole",
            Self::Invitations => "ListInvitations",
        }
    }
}

/// An account whose memberships are not what they were, in any Region.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Drifted {
    /// The 1-based place in the list.
    pub place: u32,
    pub account: String,
    pub email: String,
    pub change: Change,
}

/// What has happened to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Somebody disassociated it: it must be invited again.
    Removed,
    /// Somebody stopped monitoring it.
    Disabled,
}

impl Fleet {
    /// Whether every call is answered as it should be.
    pub fn goes_well(&self) -> bool {
        self.faults == 0 && self.denied.is_none()
    }

    pub fn memberships(&self) -> u64 {
        u64::from(self.accounts) * u64::from(self.regions)
    }

    /// The Regions, the function's own first.
    pub fn region_codes(&self) -> impl Iterator<Item = &'static str> {
        REGIONS.into_iter().take(self.regions as usize)
    }

    /// The Region that the function runs in.
    pub fn home() -> &'static str {
        REGIONS[0]
    }

    /// Every host that the function talks to, by its real name.
    pub fn hosts(&self) -> Vec<String> {
        let guardduty = self.region_codes().map(|region| format!("guardduty.{region}.amazonaws.com"));
        let home = Self::home();
        guardduty.chain([format!("sts.{home}.amazonaws.com"), format!("{BUCKET}.s3.{home}.amazonaws.com")]).collect()
    }

    /// The list, as it is uploaded.
    pub fn list(&self) -> String {
        let rows = (1..=self.accounts).map(|place| format!("{},{}\n", account(place), email(place)));
        std::iter::once("Account ID,Email\n".to_owned()).chain(rows).collect()
    }

    /// Those that drift: spread evenly over the list, removed and disabled in turn.
    pub fn drifting(&self) -> Vec<Drifted> {
        let passed = |place: u32| u64::from(place) * u64::from(self.drift_percent) / 100;
        let places = (1..=self.accounts).filter(|place| passed(*place) > passed(place - 1));
        // A small fleet drifts, too.
        let places: Vec<u32> = if passed(self.accounts) == 0 { vec![1] } else { places.collect() };
        let drifted = places.into_iter().zip([Change::Removed, Change::Disabled].into_iter().cycle());
        drifted.map(|(place, change)| Drifted { place, account: account(place), email: email(place), change }).collect()
    }
}

fn account(place: u32) -> String {
    format!("{place:012}")
}

fn email(place: u32) -> String {
    format!("account-{place}@example.com")
}
