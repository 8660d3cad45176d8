//! GuardDuty's vocabulary of a membership: its relationship status, its invitations, and refusals.

mod actual;
mod denial;
mod refusal;
mod role;
mod status;

pub use actual::{Actual, NotDone, PlansSeen, WhyStays};
pub use denial::{Denial, DeniedBy};
pub use refusal::{CallError, Refusal};
pub use role::{NotAssumed, RoleRefusal, WhyNot};
pub use status::Status;

pub use crate::quote::sentence as quoted;

use crate::account::AccountId;

/// A member as the administrator's GetMembers shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: AccountId,
    pub status: Status,
    /// `None` if the member joined through an Organization (AWS M13).
    pub email: Option<MemberEmail>,
    /// When it was invited, as GuardDuty writes it, for example `2018-01-25T20:07:24.438Z`.
    pub invited_at: Option<String>,
}

/// An e-mail address as GuardDuty has it, which need not be a valid [`Email`](crate::account::Email). Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberEmail(pub String);

impl std::fmt::Debug for MemberEmail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemberEmail(…)")
    }
}

/// An invitation as the member's ListInvitations shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// 32 hexadecimal digits. Never empty.
    pub id: String,
    pub inviter: AccountId,
    /// Sorts by time.
    pub invited_at: String,
    /// `Invited` while it waits to be accepted. An accepted one stays in the list, as `Enabled`.
    pub status: Status,
}

/// The newest invitation from `administrator` that may still be accepted. Spent ones stay in the list.
#[must_use]
pub fn ours(invitations: &[Invitation], administrator: AccountId) -> Option<&Invitation> {
    let spent = [Status::Enabled, Status::Disabled, Status::Removed, Status::Resigned, Status::Deleted];
    let ours = invitations.iter().filter(|one| one.inviter == administrator && !spent.contains(&one.status));
    ours.max_by(|one, other| one.invited_at.cmp(&other.invited_at))
}

/// The accounts other than `administrator` whose invitations wait to be accepted.
#[must_use]
pub fn strangers(invitations: &[Invitation], administrator: AccountId) -> Vec<AccountId> {
    let waiting = invitations.iter().filter(|invitation| invitation.status == Status::Invited);
    let mut strangers: Vec<_> =
        waiting.map(|invitation| invitation.inviter).filter(|id| *id != administrator).collect();
    strangers.sort_unstable();
    strangers.dedup();
    strangers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(id: &str, inviter: &str, invited_at: &str) -> Invitation {
        let inviter = AccountId::parse(inviter).expect("twelve digits");
        Invitation { id: id.into(), inviter, invited_at: invited_at.into(), status: Status::Invited }
    }

    #[test]
    fn the_newest_of_our_own_invitations_is_ours_and_the_others_are_strangers() {
        let us = AccountId::parse("123456789012").expect("twelve digits");
        let invitations = [
            invitation("old", "123456789012", "2026-01-01T00:00:00.000Z"),
            invitation("new", "123456789012", "2026-02-01T00:00:00.000Z"),
            invitation("last", "999999999999", "2026-03-01T00:00:00.000Z"),
        ];
        assert_eq!(ours(&invitations, us).map(|invitation| invitation.id.as_str()), Some("new"));
        assert_eq!(ours(&invitations[2..], us), None);
        let resigned = invitations.clone().map(|one| Invitation { status: Status::Resigned, ..one });
        assert_eq!(ours(&resigned, us), None);
        assert_eq!(strangers(&invitations, us), [AccountId::parse("999999999999").expect("twelve digits")]);
    }
}
