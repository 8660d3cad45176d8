//! The accounts of a stormy world: which lists name them, how they begin, and how they must end.

use std::ops::RangeInclusive;

use aws_sim::{Call, Knobs, Member};

use crate::world::*;

pub const REGIONS: [&str; 3] = [VIRGINIA, IRELAND, "ap-southeast-2"];
/// Each is named by a list under `accounts/` alone.
pub const JOINING: RangeInclusive<usize> = 1..=120;
/// Each is a member that a list under `accounts/` names, too.
const SUSPENDED_LATER: RangeInclusive<usize> = 121..=130;
const REMOVED_LATER: RangeInclusive<usize> = 131..=140;
const SUSPENDED: RangeInclusive<usize> = 141..=170;
const REMOVED: RangeInclusive<usize> = 171..=200;
/// GuardDuty lets none of them go, since its organization enables all accounts. The first half is to be suspended, the
/// second half removed.
const HELD: RangeInclusive<usize> = 201..=206;
/// On no list.
const BYSTANDERS: RangeInclusive<usize> = 211..=220;

/// How those that leave begin, in turn. `None`: not a member.
const BEGINNINGS: [Option<&str>; 9] = [
    Some("Enabled"),
    Some("Disabled"),
    Some("Created"),
    Some("Enabled"),
    Some("Invited"),
    Some("EmailVerificationFailed"),
    Some("Removed"),
    Some("Resigned"),
    None,
];

/// GuardDuty's defaults are the other way round.
pub const PLANS: &str =
    "S3_DATA_EVENTS=DISABLED,RUNTIME_MONITORING=ENABLED,RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT=ENABLED";

/// Whoever joins has the declared protection plans.
pub fn has_plans(sim: &aws_sim::World) {
    for (number, region) in JOINING.flat_map(|number| REGIONS.map(|region| (number, region))) {
        let features = sim.features(&id(number), region);
        let has = |name: &str| features.get(name).copied().unwrap_or_default();
        assert!(!has("S3_DATA_EVENTS") && has("RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT"), "{number} in {region}");
    }
}

pub fn id(number: usize) -> String {
    format!("0000000{number:05}")
}

fn number(account: &str) -> usize {
    account.parse().expect("a number")
}

fn beginning(number: usize) -> Option<&'static str> {
    BEGINNINGS[number % BEGINNINGS.len()]
}

/// In one Region each, a few were invited before, with an address that has been corrected since.
fn is_corrected(number: usize, region: &str) -> bool {
    [7, 77, 107].into_iter().zip(REGIONS).any(|one| one == (number, region))
}

/// The function created every other detector in an account that is removed.
fn has_our_detector(number: usize) -> bool {
    number.is_multiple_of(2)
}

/// The numbers on a list.
pub fn on(prefix: &str) -> Vec<usize> {
    let (held_back, held_here) = (HELD.take(3), HELD.skip(3));
    match prefix {
        "accounts" => JOINING.chain(SUSPENDED_LATER).chain(REMOVED_LATER).collect(),
        "suspend" => SUSPENDED_LATER.chain(SUSPENDED).chain(held_back).collect(),
        _ => REMOVED_LATER.chain(REMOVED).chain(held_here).collect(),
    }
}

/// The list's text. Who leaves needs no e-mail.
pub fn list(prefix: &str) -> String {
    let row = |number: usize| match prefix {
        "accounts" => format!("{},account-{number}@example.com\n", id(number)),
        _ => format!("{}\n", id(number)),
    };
    let header = if prefix == "accounts" { "Account ID,Email\n" } else { "Account ID\n" };
    format!("{header}{}", on(prefix).into_iter().map(row).collect::<String>())
}

pub fn settle(sim: &aws_sim::World) {
    sim.auto_enable_organization_members("ALL");
    for region in REGIONS {
        let member = |number: usize, status| {
            sim.put_member(region, &id(number), &format!("account-{number}@example.com"), status);
        };
        for number in JOINING.filter(|number| is_corrected(*number, region)) {
            sim.put_member(region, &id(number), "old@example.com", "EmailVerificationFailed");
        }
        SUSPENDED_LATER.chain(REMOVED_LATER).for_each(|number| member(number, "Enabled"));
        for number in SUSPENDED.chain(REMOVED).chain(BYSTANDERS) {
            if let Some(status) = beginning(number) {
                member(number, status);
            }
        }
        HELD.for_each(|number| sim.put_organization_member(region, &id(number)));
        for number in REMOVED_LATER.chain(REMOVED).chain(BYSTANDERS).filter(|number| has_our_detector(*number)) {
            sim.tag_detector(&id(number), region, "guardduty-onboarding", ADMINISTRATOR);
        }
    }
}

/// Whoever is on no list, as they are now.
pub fn bystanders(sim: &aws_sim::World) -> Vec<(Option<Member>, Option<String>)> {
    let everywhere = BYSTANDERS.flat_map(|number| REGIONS.map(|region| (number, region)));
    let seen = everywhere.map(|(number, region)| {
        let detector = sim.detector(&id(number), region);
        (sim.member(region, &id(number)), detector.map(|detector| format!("{detector:?}")))
    });
    seen.collect()
}

/// Members in a Region that no list names.
pub fn unlisted(sim: &aws_sim::World, region: &str) -> Vec<Member> {
    BYSTANDERS.filter_map(|number| sim.member(region, &id(number))).collect()
}

/// How a list's report may say that an account ends.
pub fn outcomes(prefix: &str, account: &str) -> &'static [&'static str] {
    let number = number(account);
    match (prefix, number) {
        ("accounts", number) if JOINING.contains(&number) => &["enabled"],
        // The first delivery may have been the only one.
        ("accounts", _) => &["enabled", "skipped"],
        (_, number) if HELD.contains(&number) => &["failed"],
        ("suspend", number) if SUSPENDED.contains(&number) => match beginning(number) {
            Some("Enabled" | "Disabled") => &["suspended"],
            _ => &["skipped"],
        },
        ("suspend", _) => &["suspended"],
        _ => &["removed"],
    }
}

/// How the fleet report must say that a declared account ends, with its status, once all lists are carried out.
pub fn reconciled(sim: &aws_sim::World, account: &str, region: &str) -> (&'static str, Option<String>) {
    let number = number(account);
    let outcome = match number {
        number if JOINING.contains(&number) => "enabled",
        number if is_contradicted(number) || HELD.contains(&number) => "failed",
        number if SUSPENDED.contains(&number) => outcomes("suspend", account)[0],
        _ => "removed",
    };
    (outcome, sim.member(region, account).map(|member| member.status))
}

/// Its lists contradict each other.
fn is_contradicted(number: usize) -> bool {
    SUSPENDED_LATER.contains(&number) || REMOVED_LATER.contains(&number)
}

/// Somebody suspends a few members by hand that are to be monitored. How many.
pub fn drift(sim: &aws_sim::World) -> usize {
    let some = || JOINING.step_by(7).zip(REGIONS.into_iter().cycle());
    for (number, region) in some() {
        sim.put_member(region, &id(number), &format!("account-{number}@example.com"), "Disabled");
    }
    some().count()
}

/// Every declared account is what its list says. With `delete_detectors`, ours are gone where the account was removed.
pub fn has_ended_right(sim: &aws_sim::World, delete_detectors: bool) {
    for region in REGIONS {
        let status = |number: usize| sim.member(region, &id(number)).map(|member| member.status);
        let detector = |number: usize| sim.detector(&id(number), region);
        let watched = |number: usize| detector(number).is_some_and(|detector| detector.enabled);
        for number in JOINING.chain(HELD) {
            assert_eq!(status(number).as_deref(), Some("Enabled"), "{number} in {region}");
            assert!(watched(number), "{number} in {region}");
        }
        for number in SUSPENDED_LATER.chain(SUSPENDED) {
            let began = if SUSPENDED.contains(&number) { beginning(number) } else { Some("Enabled") };
            let ends = if began == Some("Enabled") { Some("Disabled") } else { began };
            assert_eq!(status(number).as_deref(), ends, "{number} in {region}");
            assert!(ends != Some("Disabled") || !watched(number), "{number} in {region}");
        }
        for number in REMOVED_LATER.chain(REMOVED) {
            assert_eq!(status(number), None, "{number} in {region}");
            let had_one = REMOVED_LATER.contains(&number)
                || matches!(beginning(number), Some("Enabled" | "Disabled" | "Invited"));
            let stays = had_one && !(delete_detectors && has_our_detector(number));
            assert_eq!(detector(number).is_some(), stays, "the detector of {number} in {region}");
        }
    }
}

/// No account is in a call that no list of its own asks for.
pub fn only_declared_accounts_are_touched(calls: &[Call]) {
    for call in calls.iter().filter(|call| ["guardduty", "sts"].contains(&call.service.as_str())) {
        let own = (call.caller != ADMINISTRATOR).then_some(&call.caller);
        // A member's write that names an account is about its administrator.
        let named = if own.is_some() { &[] } else { call.accounts.as_slice() };
        for account in named.iter().chain(own) {
            let (number, region) = (number(account), call.region.as_str());
            let joins = JOINING.contains(&number);
            let removed = on("remove").contains(&number);
            let allowed = match call.operation.as_str() {
                "StopMonitoringMembers" => on("suspend").contains(&number),
                "UpdateMemberDetectors" => on("accounts").contains(&number),
                "DisassociateMembers" => removed,
                "DeleteMembers" => removed || is_corrected(number, region),
                "DeleteDetector" => removed && has_our_detector(number),
                _ if call.write && call.service == "guardduty" => joins,
                "AssumeRole" => joins || removed,
                _ => joins || number < *BYSTANDERS.start(),
            };
            assert!(allowed, "{} for {account} in {region}", call.operation);
        }
    }
}

/// A heal names accounts that are to be monitored, or suspended by a current list, in the calls that this needs, and no
/// others: nobody is removed, and a contradicted account is not even looked at.
pub fn is_only_healed(calls: &[Call], lists: &[&str]) {
    for call in calls.iter().filter(|call| ["guardduty", "sts"].contains(&call.service.as_str())) {
        let own = (call.caller != ADMINISTRATOR).then_some(&call.caller);
        let named = if own.is_some() { &[] } else { call.accounts.as_slice() };
        assert!(!["DisassociateMembers", "DeleteDetector"].contains(&call.operation.as_str()), "{}", call.operation);
        for account in named.iter().chain(own) {
            let (number, region) = (number(account), call.region.as_str());
            let joins = lists.contains(&"accounts") && JOINING.contains(&number);
            let is_suspended = on("suspend").contains(&number) && !is_contradicted(number);
            let suspended = lists.contains(&"suspend") && is_suspended;
            let allowed = match call.operation.as_str() {
                "StopMonitoringMembers" => suspended,
                // As long as no other list names it, it is to be monitored.
                "GetMemberDetectors" | "UpdateMemberDetectors" => {
                    joins || lists == ["accounts"] && on("accounts").contains(&number)
                }
                // An address is corrected.
                "DeleteMembers" => joins && is_corrected(number, region),
                "GetMembers" => joins || suspended,
                _ => joins,
            };
            assert!(allowed, "a heal: {} for {account} in {region}", call.operation);
        }
    }
}

/// The longest time until a reader sees a status.
pub fn lag(knobs: &Knobs) -> std::time::Duration {
    let most = knobs.disassociation_visible_after.max(knobs.deletion_visible_after).max(knobs.monitoring_visible_after);
    knobs.status_lag + most.max(knobs.member_visible_after)
}
