//! Why a membership failed or was skipped.

use super::about::{About, caller};
use super::role::{Role, cure};
use crate::account::{AccountId, Region};
use crate::membership::{Denial, DeniedBy, Refusal};
use crate::outcome::{Contradiction, DetectorLeft, Mention, PlansLeft, Reason, Retry, WhyLeft};
use crate::quote;

pub(super) fn because(reason: &Reason, about: &About<'_>, retry: Retry) -> String {
    let About { account: id, line, region, .. } = *about;
    let again = again(line, retry);
    match reason {
        Reason::WrongEmail => wrong_email(id, line, again),
        Reason::MemberRegion => {
            format!("Region {region} is not enabled in account {id}; enable it there, or leave it off")
        }
        Reason::AdministratorRegion => {
            format!("the administrator account cannot act in Region {region}; see the notices")
        }
        Reason::Suspended => {
            format!("AWS suspended account {id}; remove it from the list, or have AWS reactivate it and {again}")
        }
        Reason::CannotCreateDetector => format!(
            "account {id} is an organization's management account without GuardDuty's service-linked role; \
             switch GuardDuty on there by hand in {region}, then {again}"
        ),
        Reason::UnknownStatus(status) => {
            format!(
                "GuardDuty says \"{status}\", which this version does not know; account {id} was left alone in {region}"
            )
        }
        Reason::OtherAdministrator(other) => format!(
            "account {id} is a member of another administrator, {other}, in {region}; \
             it must leave that administrator first, then {again}"
        ),
        Reason::Denied(denial) => denied(&format!("the role in account {id}"), denial, region, again),
        Reason::AdministratorDenied(denial) => denied(&format!("{}'s own role", caller(retry)), denial, region, again),
        Reason::Stuck => format!(
            "GuardDuty has member {id} in {region} without an e-mail and accepts none; \
             delete the member in GuardDuty and {again}"
        ),
        Reason::NotActive(state) => {
            format!("Organizations says that account {id} is {state}; it was left alone; {again} once it is active")
        }
        Reason::NotInOrganization => format!(
            "Organizations does not find account {id}; \
             set ORGANIZATION_ROLE_ARN to a role in the account's own organization, or {again}"
        ),
        Reason::Email(problem) => format!(
            "{problem}: GuardDuty would refuse the e-mail that Organizations has for account {id}; \
             change the root user's e-mail, then {again}"
        ),
        Reason::OwnRole(refusal) => format!(
            "{}'s own role may not assume the role in account {id} (AWS says: {}): {}; then {again}",
            caller(retry),
            refusal.quoted,
            cure(refusal, Role::Member)
        ),
        Reason::TooManyInvitations => format!(
            "account {id} has more invitations in {region} than the function reads; \
             decline the unwanted ones there, then {again}"
        ),
        Reason::Refused(refusal) => refused(refusal, id, again, region),
        Reason::NotMonitored => {
            format!("account {id} is not an active member in {region}, so there is nothing to suspend")
        }
        Reason::DetectorLeft(left) => detector_left(left, id, again, region),
        Reason::PlansDiffer(left) => plans_left(left, id, again, region),
        Reason::Contradiction(contradicting) => contradiction(contradicting, id),
        Reason::StillMember => format!(
            "account {id} is declared removed but still a member in {region}; upload its list under remove/ again, since a \
             reconcile removes nobody"
        ),
        Reason::LeftByItself => format!(
            "account {id} left this administrator by itself in {region}, so a reconcile does not take it back; {again} to \
             invite it again, or remove its row"
        ),
        Reason::SuspendingIsOff => format!(
            "account {id} is declared suspended but monitored in {region}, and suspending is off: ALLOW_SUSPEND is not true"
        ),
        Reason::TooManyLeaving { accounts, most } => format!(
            "{accounts} accounts would be suspended at once, more than MAX_LEAVING allows ({most}), so account {id} was left \
             alone in {region}; check the lists under suspend/, then upload them again"
        ),
        Reason::Leaving(leaving) => {
            let Mention { goal, key, line } = &**leaving;
            format!(
                "the list {} declares account {id} {goal} on line {line}, so it was left alone; remove that row, or the \
                 list, then {again}",
                quote::key(key)
            )
        }
    }
}

fn denied(role: &str, denial: &Denial, region: &Region, again: &str) -> String {
    let cure = match denial.by {
        DeniedBy::NoIdentityPolicy | DeniedBy::Unsaid => "allow it and",
        DeniedBy::Organization => "change that policy of the organization and",
        DeniedBy::Other => "change the policy that AWS names and",
    };
    let quoted = &denial.quoted;
    format!("{role} may not do what is needed in {region}; {cure} {again} (AWS says: {quoted})")
}

fn contradiction(Contradiction { one, other }: &Contradiction, id: AccountId) -> String {
    let place = |row: &Mention| format!("line {} of {}", row.line, quote::key(&row.key));
    let (here, there) = (place(one), place(other));
    let what = if one.goal == other.goal {
        format!("account {id} has one e-mail on {here} and another on {there}")
    } else {
        format!("account {id} is declared {} on {here} and {} on {there}", one.goal, other.goal)
    };
    format!("{what}, so it was left alone; keep the right row and remove the other")
}

fn detector_left(left: &DetectorLeft, id: AccountId, again: &str, region: &Region) -> String {
    let (why, cure) = match left {
        DetectorLeft::Role(refusal) => (&*refusal.quoted, format!("{}; then {again}", cure(refusal, Role::Member))),
        DetectorLeft::Refused(quoted) => (
            quoted.as_str(),
            format!(
                "allow it (templates/member-role.yaml with AllowDeleteDetector) and {again}, or delete it there by hand"
            ),
        ),
    };
    format!("account {id} is no longer a member in {region}, but its detector is still there: {cure} (AWS says: {why})")
}

fn plans_left(PlansLeft { plans, differing, why }: &PlansLeft, id: AccountId, again: &str, region: &Region) -> String {
    let still = plans.as_they_are(*differing, "still ");
    let why = match why {
        WhyLeft::OnlyBeforeJoining => {
            "GuardDuty lets that be set only while the account is no member; remove it with a list under remove/, then \
             upload it under accounts/ again"
                .into()
        }
        WhyLeft::Refused(quoted) => {
            format!(
                "GuardDuty refused to set it (AWS says: {quoted}); set it in GuardDuty, or take it out of PROTECTION_PLANS"
            )
        }
        WhyLeft::NotShown => format!("GuardDuty took the change but does not show it; {again}"),
    };
    format!("account {id} is monitored in {region}, but {still}: {why}")
}

fn wrong_email(id: AccountId, line: Option<usize>, again: &str) -> String {
    let place = match line {
        Some(line) => {
            format!("the e-mail on line {line} is not the root user's of {id}; correct column Email and {again}")
        }
        None => format!(
            "the e-mail that Organizations has for {id} did not pass GuardDuty's verification; upload a list with the right one"
        ),
    };
    format!("{place}; if it is right, delete the member in GuardDuty and {again}")
}

/// How to try again. An event cannot be uploaded, only a list.
fn again(line: Option<usize>, retry: Retry) -> &'static str {
    match retry {
        Retry::ByHand => "apply again",
        Retry::OnRequest => "send the request again",
        _ if line.is_some() => "upload again",
        _ => "upload a list with the account",
    }
}

fn refused(refusal: &Refusal, id: AccountId, again: &str, region: &Region) -> String {
    match refusal {
        Refusal::Quota => {
            format!(
                "GuardDuty's quota of members is reached in {region}; remove members that are no longer needed and {again}"
            )
        }
        Refusal::HasMembers => format!(
            "account {id} is an administrator with members of its own in {region}; \
             disassociate and delete them there, then {again}"
        ),
        Refusal::ServiceRole => format!(
            "GuardDuty cannot assume its service-linked role in account {id}; \
             create AWSServiceRoleForAmazonGuardDuty there and {again}"
        ),
        Refusal::NoInvitation | Refusal::MemberAlready => format!(
            "account {id} cannot accept in {region}: the invitation is gone or it has another administrator; \
             check its GuardDuty console, then {again}"
        ),
        Refusal::Itself => {
            format!("account {id} is the administrator itself, which cannot be its own member; remove the row")
        }
        Refusal::Unknown(quoted) | Refusal::Internal(quoted) => {
            format!("GuardDuty refused account {id} in {region}, in its words: {quoted}")
        }
        Refusal::AlreadyMember
        | Refusal::AlreadyInvited
        | Refusal::EmailMissing
        | Refusal::NotAssociated
        | Refusal::StillAssociated
        | Refusal::AdministratorIsMember
        | Refusal::DetectorExists
        | Refusal::Busy
        | Refusal::MemberMayNot
        | Refusal::DetectorGone => format!("GuardDuty refused account {id} in {region}: {refusal}; {again}"),
    }
}
