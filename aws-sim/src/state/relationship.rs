//! One administrator's view of one account: its past, present and future status.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use super::status;

/// A member as `World::member` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its account id.
    pub account: String,
    /// As given to CreateMembers. Empty if it is a member through its organization.
    pub email: String,
    /// The status of the relationship, such as `Enabled`.
    pub status: String,
    /// When it was last invited.
    pub invited_at: Option<SystemTime>,
    /// The text of that invitation.
    pub message: Option<String>,
    /// How many e-mails AWS sent to the root user: one per invitation, unless the request disabled it.
    pub emails_sent: u32,
    /// When the status last changed.
    pub updated_at: SystemTime,
}

/// The administrator's side of a relationship.
#[derive(Debug, Clone)]
pub(crate) struct Relationship {
    /// Empty if the account is a member through its organization.
    pub email: String,
    pub invited_at: Option<SystemTime>,
    pub message: Option<String>,
    pub emails_sent: u32,
    /// StopMonitoringMembers switched the member's detector off, and StartMonitoringMembers may switch it on again.
    pub stopped: bool,
    /// GetMembers, ListMembers and InviteMembers do not see it earlier.
    pub visible_at: SystemTime,
    /// DeleteMembers still takes a member that has left for an associated one until then.
    pub deletable_at: SystemTime,
    /// GetMemberDetectors and UpdateMemberDetectors take a member that has joined for none until then.
    pub plans_at: SystemTime,
    /// Earliest first, never empty. An entry in the future is the outcome of a verification.
    history: Vec<Change>,
}

/// A status, and since when it is true.
#[derive(Debug, Clone)]
struct Change {
    at: SystemTime,
    /// GetMembers and ListMembers do not show it earlier.
    shown_at: SystemTime,
    status: Cow<'static, str>,
}

/// How many statuses are kept for readers that lag behind.
const REMEMBERED: usize = 8;

impl Relationship {
    pub(crate) fn new(email: &str, status: impl Into<Cow<'static, str>>, now: SystemTime) -> Self {
        Self {
            email: email.into(),
            invited_at: None,
            message: None,
            emails_sent: 0,
            stopped: false,
            visible_at: now,
            deletable_at: now,
            plans_at: now,
            history: vec![Change::new(status, now)],
        }
    }

    /// Whether the account is a member through its organization, and not by invitation.
    pub(crate) fn by_organization(&self) -> bool {
        self.email.is_empty()
    }

    /// The status at this time.
    pub(crate) fn status(&self, now: SystemTime) -> &str {
        self.at(now).1
    }

    /// The status that a reader with this lag sees, and its time.
    pub(crate) fn shown(&self, now: SystemTime, lag: Duration) -> (SystemTime, &str) {
        let moment = now.checked_sub(lag).unwrap_or(now);
        self.last(|change| change.shown_at <= moment)
    }

    /// The relationship with this account as a story sees it.
    pub(crate) fn member(&self, account: &str, now: SystemTime) -> Member {
        let (updated_at, status) = self.at(now);
        let (account, email, status) = (account.into(), self.email.clone(), status.into());
        let (invited_at, message, emails_sent) = (self.invited_at, self.message.clone(), self.emails_sent);
        Member { account, email, status, invited_at, message, emails_sent, updated_at }
    }

    /// Changes the status now. This ends a verification without an outcome, and forgets a stop: once the member has
    /// left, only the account itself can switch its detector on.
    pub(crate) fn change(&mut self, status: impl Into<Cow<'static, str>>, now: SystemTime) {
        self.stopped = false;
        self.history.retain(|change| change.at <= now);
        self.history.push(Change::new(status, now));
        let surplus = self.history.len().saturating_sub(REMEMBERED);
        self.history.drain(..surplus);
    }

    /// Starts a verification that ends in this status.
    pub(crate) fn verify(&mut self, outcome: &'static str, now: SystemTime, until: SystemTime) {
        self.change(status::VERIFYING, now);
        self.history.push(Change::new(outcome, until));
        self.invited_at = Some(now);
    }

    /// GetMembers and ListMembers do not show the last change before this time.
    pub(crate) fn show_from(&mut self, moment: SystemTime) {
        if let Some(last) = self.history.last_mut() {
            last.shown_at = moment;
        }
    }

    fn at(&self, moment: SystemTime) -> (SystemTime, &str) {
        self.last(|change| change.at <= moment)
    }

    fn last(&self, past: impl Fn(&Change) -> bool) -> (SystemTime, &str) {
        let change = self.history.iter().rev().find(|change| past(change)).unwrap_or(&self.history[0]);
        (change.at, &change.status)
    }
}

impl Change {
    fn new(status: impl Into<Cow<'static, str>>, at: SystemTime) -> Self {
        Self { at, shown_at: at, status: status.into() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::Relationship;
    use crate::state::status;

    #[test]
    fn a_verification_ends_by_itself_and_a_lagging_reader_sees_it_later() {
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(1000 + seconds);
        let mut relationship = Relationship::new("root@example.com", status::CREATED, at(0));
        relationship.verify(status::INVITED, at(10), at(20));

        assert_eq!(relationship.status(at(5)), status::CREATED);
        assert_eq!(relationship.status(at(19)), status::VERIFYING);
        assert_eq!(relationship.status(at(20)), status::INVITED);
        assert_eq!(relationship.shown(at(12), Duration::from_secs(5)).1, status::CREATED);
        assert_eq!(relationship.shown(at(24), Duration::from_secs(5)).1, status::VERIFYING);
        assert_eq!(relationship.member("111122223333", at(25)).updated_at, at(20));
    }

    #[test]
    fn a_change_may_be_shown_later_than_it_is_made() {
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(1000 + seconds);
        let mut relationship = Relationship::new("root@example.com", status::ENABLED, at(0));
        relationship.change(status::REMOVED, at(10));
        relationship.show_from(at(13));
        assert_eq!(relationship.status(at(10)), status::REMOVED);
        assert_eq!(relationship.shown(at(12), Duration::ZERO).1, status::ENABLED);
        assert_eq!(relationship.shown(at(13), Duration::ZERO), (at(10), status::REMOVED));
        assert_eq!(relationship.shown(at(14), Duration::from_secs(2)).1, status::ENABLED, "both lags count");
    }

    #[test]
    fn a_change_ends_a_verification() {
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(1000 + seconds);
        let mut relationship = Relationship::new("root@example.com", status::CREATED, at(0));
        relationship.verify(status::VERIFICATION_FAILED, at(1), at(9));
        relationship.change(status::REMOVED, at(5));
        assert_eq!(relationship.status(at(10)), status::REMOVED);
    }
}
