//! Operations on a world of a few accounts, and sequences of them that proptest makes up.

use proptest::prelude::*;
use proptest::sample::select;

use crate::plans::Plan;

/// An account, by its number. Those below [`FEW`] are changed by other people, too; the others are a crowd.
pub type Account = usize;
/// A Region, by its index in [`REGIONS`].
pub type Region = usize;

/// Where an account is a member or is not.
pub type Place = (Account, Region);

pub const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];
const FEW: usize = 3;
/// One more than a batch takes.
pub const CROWD: std::ops::Range<Account> = 100..151;

#[derive(Debug, Clone)]
pub struct Sequence {
    /// A verification lasts until time passes, instead of a second.
    pub slow: bool,
    /// GuardDuty shows statuses and invitations late.
    pub lag: bool,
    /// Protection plans are declared.
    pub plans: bool,
    pub operations: Vec<Operation>,
}

#[derive(Debug, Clone)]
pub enum Operation {
    /// A new version of a list, and its first delivery.
    Upload {
        key: Key,
        crowd: bool,
        /// `None` for a file that is no list at all.
        rows: Option<Vec<Row>>,
        fate: Fate,
    },
    /// Somebody deletes the list.
    DeleteList(Key),
    /// The next delivery of one of the uploads so far. The number wraps around.
    Redeliver {
        upload: usize,
        fate: Fate,
    },
    /// All lists together are compared with all members, and, to heal, these are made so.
    Reconcile {
        heal: bool,
        fate: Fate,
    },
    /// Somebody else changes something in GuardDuty.
    Change(Change, Account, Region),
    RoleGoes(Account),
    RoleComes(Account),
    /// GuardDuty refuses to invite the account, for an unknown reason.
    Refuses(Account),
    Relents(Account),
    /// Enough time for every verification.
    TimePasses,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Team,
    Others,
    Suspend,
    Remove,
}

/// What a list declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    Monitored,
    Suspended,
    Removed,
}

impl Key {
    pub fn goal(self) -> Goal {
        match self {
            Self::Team | Self::Others => Goal::Monitored,
            Self::Suspend => Goal::Suspended,
            Self::Remove => Goal::Removed,
        }
    }
}

/// A row of a list. All but the first kind are rejected by themselves, except that who lets accounts go needs no e-mail.
#[derive(Debug, Clone, Copy)]
pub enum Row {
    Good(Account, Address),
    ShortId(Account),
    NoEmail(Account),
    Administrator,
}

/// An e-mail address, as it is written for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// The root user's.
    Right,
    Old,
    Typo,
}

/// How a delivery goes.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    Calm,
    /// The first calls of that operation are throttled.
    Throttled {
        operation: &'static str,
        times: u32,
    },
    /// Lambda gives it this little time.
    Short {
        ms: u64,
    },
    /// It is dropped in the middle.
    Dropped {
        ms: u64,
    },
    /// It is late: nothing happens yet.
    Late,
}

#[derive(Debug, Clone, Copy)]
pub enum Change {
    Disassociate,
    /// The account leaves its administrator, ours or not.
    Resign,
    Delete,
    /// The administrator suspends it.
    Stop,
    /// The account creates a detector, with GuardDuty's defaults.
    CreateDetector,
    /// The account switches its own detector off.
    SwitchOff,
    StrangerInvites,
    /// The account becomes a stranger's member.
    JoinsStranger,
    InviteByHand(Address),
    /// Somebody switches a protection plan of the account's detector on or off.
    Switch(Plan, bool),
}

/// The SDK's retries outlast this many throttled calls, even if all of them are attempts of one call.
pub const FEW_THROTTLED: u32 = 4;

const THROTTLED: [&str; 17] = [
    "AcceptAdministratorInvitation",
    "AssumeRole",
    "CreateDetector",
    "CreateMembers",
    "DeleteMembers",
    "DisassociateMembers",
    "GetMemberDetectors",
    "GetMembers",
    "HeadObject",
    "InviteMembers",
    "ListInvitations",
    "ListMembers",
    "ListObjectsV2",
    "StartMonitoringMembers",
    "StopMonitoringMembers",
    "UpdateDetector",
    "UpdateMemberDetectors",
];

/// What may happen between two deliveries. The more often it is listed, the more likely it is.
const BETWEEN: [fn(Account, Region) -> Operation; 33] = [
    |account, region| Operation::Change(Change::StrangerInvites, account, region),
    |account, region| Operation::Change(Change::StrangerInvites, account, region),
    |account, region| Operation::Change(Change::StrangerInvites, account, region),
    |account, region| Operation::Change(Change::JoinsStranger, account, region),
    |account, region| Operation::Change(Change::Disassociate, account, region),
    |account, region| Operation::Change(Change::Disassociate, account, region),
    |account, region| Operation::Change(Change::Resign, account, region),
    |account, region| Operation::Change(Change::Resign, account, region),
    |account, region| Operation::Change(Change::Stop, account, region),
    |account, region| Operation::Change(Change::Stop, account, region),
    |account, region| Operation::Change(Change::CreateDetector, account, region),
    |account, region| Operation::Change(Change::CreateDetector, account, region),
    |account, region| Operation::Change(Change::SwitchOff, account, region),
    |account, region| Operation::Change(Change::Delete, account, region),
    |account, region| Operation::Change(Change::InviteByHand(Address::Right), account, region),
    |account, region| Operation::Change(Change::InviteByHand(Address::Right), account, region),
    |account, region| Operation::Change(Change::InviteByHand(Address::Old), account, region),
    |account, region| Operation::Change(Change::Switch(Plan::S3DataEvents, true), account, region),
    |account, region| Operation::Change(Change::Switch(Plan::S3DataEvents, true), account, region),
    |account, region| Operation::Change(Change::Switch(Plan::RuntimeMonitoring, false), account, region),
    |account, region| Operation::Change(Change::Switch(Plan::MalwareProtection, true), account, region),
    |account, region| Operation::Change(Change::Switch(Plan::MalwareProtection, false), account, region),
    |account, region| Operation::Change(Change::Switch(Plan::LambdaNetworkLogs, false), account, region),
    |account, _| Operation::RoleGoes(account),
    |account, _| Operation::RoleComes(account),
    |account, _| Operation::Refuses(account),
    |account, _| Operation::Relents(account),
    |_, _| Operation::DeleteList(Key::Team),
    |_, _| Operation::DeleteList(Key::Suspend),
    |_, _| Operation::DeleteList(Key::Remove),
    |_, _| Operation::TimePasses,
    |_, _| Operation::TimePasses,
    |_, _| Operation::TimePasses,
];

pub fn any_sequence() -> impl Strategy<Value = Sequence> {
    let steps = prop::collection::vec(step(), 1..8).prop_map(|steps| steps.concat());
    let operations = (prop::option::of(Just(all_join())), steps);
    let operations = operations.prop_map(|(first, steps)| first.into_iter().flatten().chain(steps).collect());
    let (slow, lag, plans) = (prop::bool::weighted(0.4), prop::bool::weighted(0.3), prop::bool::weighted(0.5));
    (slow, lag, plans, operations).prop_map(|(slow, lag, plans, operations)| Sequence { slow, lag, plans, operations })
}

/// The few are members everywhere, so what happens next happens to members.
fn all_join() -> [Operation; 3] {
    let rows = (0..FEW).map(|account| Row::Good(account, Address::Right)).collect();
    [
        Operation::Upload { key: Key::Team, crowd: false, rows: Some(rows), fate: Fate::Calm },
        Operation::TimePasses,
        Operation::Redeliver { upload: 0, fate: Fate::Calm },
    ]
}

/// A few changes to one account, mostly in one Region, then a delivery that meets them.
fn step() -> impl Strategy<Value = Vec<Operation>> {
    let between = prop::collection::vec((select(BETWEEN.to_vec()), prop::bool::weighted(0.1)), 0..4);
    let delivery = prop::option::weighted(0.9, delivery());
    let step = (account(), 0..REGIONS.len(), between, delivery, prop::bool::ANY);
    step.prop_map(|(account, region, between, mut delivery, named)| {
        if let Some(Operation::Upload { rows: Some(rows), .. }) = delivery.as_mut().filter(|_| named) {
            rows.push(Row::Good(account, Address::Right));
        }
        let region = |elsewhere| if elsewhere { REGIONS.len() - 1 - region } else { region };
        let between = between.into_iter().map(|(operation, elsewhere)| operation(account, region(elsewhere)));
        between.chain(delivery).collect()
    })
}

fn delivery() -> impl Strategy<Value = Operation> {
    let key = prop_oneof![
        4 => Just(Key::Team),
        1 => Just(Key::Others),
        2 => Just(Key::Suspend),
        2 => Just(Key::Remove),
    ];
    let rows = prop::option::weighted(0.95, prop::collection::vec(row(), 0..6));
    let late = prop::bool::weighted(0.1);
    let upload = (key, prop::bool::weighted(0.08), rows, fate(), late);
    prop_oneof![
        3 => upload.prop_map(|(key, crowd, rows, fate, late)| {
            // What older lists report that count at their first delivery is not modelled.
            let fate = if late && key.goal() != Goal::Monitored { Fate::Late } else { fate };
            Operation::Upload { key, crowd, rows, fate }
        }),
        2 => (0..4_usize, fate()).prop_map(|(upload, fate)| Operation::Redeliver { upload, fate }),
        2 => (prop::bool::weighted(0.7), fate()).prop_map(|(heal, fate)| Operation::Reconcile { heal, fate }),
    ]
}

fn account() -> impl Strategy<Value = Account> {
    0..FEW
}

fn address() -> impl Strategy<Value = Address> {
    prop_oneof![8 => Just(Address::Right), 1 => Just(Address::Old), 1 => Just(Address::Typo)]
}

fn row() -> impl Strategy<Value = Row> {
    prop_oneof![
        15 => (account(), address()).prop_map(|(account, address)| Row::Good(account, address)),
        1 => account().prop_map(Row::ShortId),
        1 => account().prop_map(Row::NoEmail),
        1 => Just(Row::Administrator),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    let times = prop_oneof![1..=FEW_THROTTLED, FEW_THROTTLED + 1..40];
    let throttled = (select(THROTTLED.to_vec()), times);
    prop_oneof![
        8 => Just(Fate::Calm),
        2 => throttled.prop_map(|(operation, times)| Fate::Throttled { operation, times }),
        1 => (300..4_000_u64).prop_map(|ms| Fate::Short { ms }),
        1 => (0..4_000_u64).prop_map(|ms| Fate::Dropped { ms }),
    ]
}
