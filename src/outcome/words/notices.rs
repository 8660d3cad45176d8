//! The sentences of notices, and of lists that are refused whole.

use std::fmt;

use crate::account::{AccountId, Region};
use crate::declared::Brake;
use crate::outcome::{Blocked, Notice, Refused};

/// How many inviters one sentence names.
const INVITERS: usize = 3;

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::List(notice) => notice.fmt(f),
            Self::GoesOn { version, why } => {
                write!(f, "a newer version of this list ({version}) is refused, so this version is carried out: {why}")
            }
            Self::DetectorCreated(region) => {
                write!(f, "GuardDuty was off in the administrator account in {region}; it was switched on")
            }
            Self::DetectorEnabled(region) => {
                write!(f, "GuardDuty was suspended in the administrator account in {region}; it was switched on")
            }
            Self::DetectorMissing(region) => {
                write!(f, "GuardDuty is off in the administrator account in {region}; it would be switched on")
            }
            Self::DetectorSuspended(region) => {
                write!(f, "GuardDuty is suspended in the administrator account in {region}; it would be switched on")
            }
            Self::Blocked { region, why } => write!(f, "the administrator account cannot act in {region}: {why}"),
            Self::Strangers { region, account, inviters } => strangers(f, region, *account, inviters),
            Self::ManyStrangers { region, accounts, named } => write!(
                f,
                "in {region}, {accounts} accounts have invitations that are not this administrator's, of which {named} \
                 are named here; they were left alone"
            ),
            Self::Brake(brake) => write!(f, "a real run would be refused: {brake}"),
            Self::NotTagged => f.write_str(
                "the member role lacks guardduty:TagResource in one account or more, so the detectors created there lack the \
                 tag by which DELETE_DETECTORS knows them; deploy templates/member-role.yaml again",
            ),
            Self::ByOrganization { region, accounts } => {
                let some = accounts.map_or_else(|| "some".into(), |accounts| accounts.to_string());
                write!(
                    f,
                    "in {region}, {some} members joined through an organization: accounts of that organization join without \
                     an invitation and need no row in a list"
                )
            }
            Self::NearQuota { region, members, quota } => write!(
                f,
                "in {region} the administrator has {members} members of the {quota} that GuardDuty allows by invitation; \
                 remove members that are no longer needed"
            ),
            Self::AdministratorIsMember { region, administrator } => {
                let whom = administrator.map_or_else(|| "another administrator".into(), |id| format!("administrator {id}"));
                write!(
                    f,
                    "the administrator account is itself a member of {whom} in {region}, so it can have no members there; it \
                     must leave that administrator first"
                )
            }
            Self::PlansMissing { region, plans } => write!(
                f,
                "GuardDuty shows no {plans} in {region}, so it is set for nobody there; take it out of PROTECTION_PLANS if \
                 no Region has it"
            ),
            Self::OwnPlans { region, changes, planned } => {
                let set = if *planned { "would be set" } else { "were set" };
                write!(f, "on the administrator's own detector in {region} these {set} as declared: {changes}")
            }
            Self::OwnPlansRefused { region, changes, quoted } => write!(
                f,
                "on the administrator's own detector in {region} these could not be set: {changes} ({quoted}); set them in \
                 GuardDuty, or change PROTECTION_PLANS, PLANS_ADMINISTRATOR or FINDING_PUBLISHING_FREQUENCY"
            ),
            Self::ListNotUsed { key, why } => write!(f, "the list {key} is not used: {why}"),
            Self::NotHealed => f.write_str(
                "what is declared is not known whole, so nothing was changed; mend the lists that could not be used",
            ),
            Self::NameCut => f.write_str(
                "the report's name would be longer than S3 allows, so it is cut and ends in a hash of the whole name",
            ),
            Self::NotWritten(why) => f.write_str(why),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(error) => error.fmt(f),
            Self::Gone => f.write_str("the list is gone: there is no such object; upload it again"),
            // S3 seldom says why, and without `s3:ListBucket` it says the same about an object that is gone (AWS O5).
            Self::Unreadable(quoted) => write!(
                f,
                "not allowed to read the list (AWS says: {quoted}): check that its bucket belongs to the administrator \
                 account; allow the function s3:GetObject and s3:GetObjectVersion on it, in its role and in the bucket's \
                 policy, and kms:Decrypt on the key if it is encrypted with SSE-KMS; or upload the list again if it is gone"
            ),
            Self::NotGiven(quoted) => write!(
                f,
                "S3 rejects the request for the list (AWS says: {quoted}); check its bucket and key, and upload it again"
            ),
            Self::Prefix => f.write_str(
                "the list's key begins with none of accounts/, suspend/, remove/ and plan/, so it declares nothing; \
                 upload it under the prefix that says what its accounts should be",
            ),
            Self::Brake(brake) => brake.fmt(f),
        }
    }
}

impl fmt::Display for Brake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SuspendingIsOff => f.write_str(
                "suspending is off: ALLOW_SUSPEND is not true; deploy the stack with AllowSuspend=true to allow it",
            ),
            Self::RemovingIsOff => f.write_str(
                "removing is off: ALLOW_REMOVE is not true; deploy the stack with AllowRemove=true to allow it",
            ),
            Self::TooMany { goal, accounts, most } => write!(
                f,
                "the list has {accounts} accounts to be {goal}, more than MAX_LEAVING allows ({most}); check that it is \
                 the right list, then split it or raise that limit (the stack's parameter MaxLeaving, gdo's --max-leaving)"
            ),
        }
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RegionOff => f.write_str("the Region is not enabled there; enable it or remove it from REGIONS"),
            Self::NoEndpoint => f.write_str("GuardDuty has no endpoint there; check the Region's code in REGIONS"),
            Self::Organization(denial) => write!(
                f,
                "an organization's policy denies it; change the policy or remove the Region from REGIONS (AWS says: {})",
                denial.quoted
            ),
            Self::Denied(denial) => write!(
                f,
                "the function's role lacks a permission; allow those of docs/reference.md, Permissions (AWS says: {})",
                denial.quoted
            ),
            Self::Call(error) => error.fmt(f),
        }
    }
}

fn strangers(f: &mut fmt::Formatter<'_>, region: &Region, account: AccountId, inviters: &[AccountId]) -> fmt::Result {
    if let [stranger] = inviters {
        return write!(
            f,
            "account {account} also has an invitation from {stranger} in {region}, which is not this administrator; \
             it was left alone"
        );
    }
    let mut named: Vec<String> = inviters.iter().take(INVITERS).map(ToString::to_string).collect();
    if inviters.len() > named.len() {
        named.push(format!("{} others", inviters.len() - named.len()));
    }
    let last = named.pop().unwrap_or_default();
    write!(
        f,
        "account {account} also has invitations from {} and {last} in {region}, none of which is this administrator; \
         they were left alone",
        named.join(", ")
    )
}
