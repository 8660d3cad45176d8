//! The model: what GuardDuty, the calls and the report have to be after each operation.
//!
//! It knows no requests, no batches and no time: only which states a membership goes through, and which writes lead
//! there.

use std::collections::{BTreeMap, BTreeSet};

use crate::lists::List;
use crate::operations::{Account, Address, Change, Key, Place};
use crate::plans::Plans;

/// A member's status; its name is GuardDuty's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Created,
    EmailVerificationInProgress,
    EmailVerificationFailed,
    Invited,
    Enabled,
    Disabled,
    Removed,
    Resigned,
}

use Status::*;

pub const STATUSES: [Status; 8] =
    [Created, EmailVerificationInProgress, EmailVerificationFailed, Invited, Enabled, Disabled, Removed, Resigned];

/// A member as the administrator has it, or `None`.
pub type Member = Option<(Status, Address)>;

/// What is visible of one account in one Region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    pub member: Member,
    /// Whether its detector is on. `None` if it has no detector.
    pub detector: Option<bool>,
    /// Its detector's protection plans. GuardDuty's defaults if it has no detector.
    pub plans: Plans,
}

/// One account in one Region.
#[derive(Debug, Clone, Copy, Default)]
pub struct Membership {
    pub seen: Seen,
    /// Whether it is a stranger's member.
    strangers: bool,
    /// How the verification under way will end.
    passes: bool,
}

/// How far a run gets with a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nobody asks the account for anything.
    Looked,
    /// Its role cannot be assumed.
    Asked,
    /// A session is opened in the account, which is left as it is.
    Entered,
    Changed,
}

/// What a run does to one membership.
#[derive(Debug)]
pub struct Course {
    pub reach: Reach,
    /// Each at most once.
    pub writes: Vec<&'static str>,
    /// From now to the end of a run that has enough time. A run that is stopped may leave any of them.
    pub states: Vec<Seen>,
    /// Whether the administrator looks at the account's protection plans.
    pub plans_are_read: bool,
    /// The report's word for the last state.
    pub outcome: &'static str,
}

#[derive(Debug, Default)]
pub struct Model {
    pub slow: bool,
    /// Whether protection plans are declared.
    pub plans: bool,
    pub memberships: BTreeMap<Place, Membership>,
    pub roles_missing: BTreeSet<Account>,
    pub not_invited: BTreeSet<Account>,
    /// Every upload so far.
    pub uploads: Vec<List>,
    /// The uploads that are the current versions of their lists.
    pub current: BTreeMap<Key, usize>,
}

impl Course {
    /// How a run with enough time leaves it.
    pub fn end(&self) -> Seen {
        self.states[self.states.len() - 1]
    }

    /// Whether a run may leave it so, at the end or before.
    pub fn may_leave(&self, now: Seen) -> bool {
        self.states.contains(&now)
    }

    /// What a run says that only reports.
    pub fn previewed(mut self) -> Self {
        if !self.writes.is_empty() {
            self.writes.clear();
            self.states.truncate(1);
            self.outcome = "planned";
        }
        self
    }

    fn becomes(&mut self, member: Member) {
        self.states.push(Seen { member, ..self.end() });
    }
}

impl Model {
    /// What a run does to a membership that it leaves as it is.
    pub fn stays(&self, at: Place, reach: Reach, outcome: &'static str) -> Course {
        let writes = if reach == Reach::Entered { vec!["CreateDetector"] } else { Vec::new() };
        Course { reach, writes, states: vec![self.membership(at).seen], plans_are_read: false, outcome }
    }

    /// What a run does that is to suspend it.
    pub fn is_suspended(&self, at: Place) -> Course {
        let seen = self.membership(at).seen;
        match seen.member {
            Some((Enabled, address)) => {
                let mut course = self.stays(at, Reach::Looked, "suspended");
                course.writes.push("StopMonitoringMembers");
                course.states.push(Seen { member: Some((Disabled, address)), detector: Some(false), ..seen });
                course
            }
            Some((Disabled, _)) => self.stays(at, Reach::Looked, "suspended"),
            _ => self.stays(at, Reach::Looked, "skipped"),
        }
    }

    /// What a run does that is to remove it.
    pub fn is_removed(&self, at: Place) -> Course {
        let mut course = self.stays(at, Reach::Looked, "removed");
        let Some((status, address)) = self.membership(at).seen.member else { return course };
        if matches!(status, Enabled | Disabled) {
            course.writes.push("DisassociateMembers");
            course.becomes(Some((Removed, address)));
        }
        course.writes.push("DeleteMembers");
        course.becomes(None);
        course
    }

    /// What a run does that is to have it monitored.
    pub fn joins(&self, at: Place, declared: Address) -> Course {
        self.with_plans(self.becomes_monitored(at, declared))
    }

    fn becomes_monitored(&self, at: Place, declared: Address) -> Course {
        let Membership { seen, strangers, .. } = self.membership(at);
        let stays = |reach, outcome| self.stays(at, reach, outcome);
        match seen.member {
            Some((Enabled, _)) => return stays(Reach::Looked, "enabled"),
            Some((EmailVerificationInProgress, _)) => return stays(Reach::Looked, "pending"),
            Some((EmailVerificationFailed, known)) if known == declared => return stays(Reach::Looked, "failed"),
            _ if self.roles_missing.contains(&at.0) => return stays(Reach::Asked, "pending"),
            _ if strangers => return stays(Reach::Entered, "failed"),
            _ => {}
        }
        let mut course = Course { reach: Reach::Changed, ..stays(Reach::Entered, "enabled") };
        if let Some((Disabled, address)) = seen.member {
            // A suspended member that switches its detector on is monitored again.
            course.writes.extend(["UpdateDetector", "StartMonitoringMembers"]);
            course.states.push(Seen { member: Some((Enabled, address)), detector: Some(true), ..seen });
            return course;
        }
        let ready = Seen { detector: Some(true), plans: self.before_joining(seen.plans), ..seen };
        if seen.detector.is_some() && seen != ready {
            course.writes.push("UpdateDetector");
        }
        course.states.push(ready);
        if let Some((Invited, address)) = seen.member {
            course.writes.push("AcceptAdministratorInvitation");
            course.becomes(Some((Enabled, address)));
            return course;
        }
        if seen.member.is_some_and(|(status, _)| status == EmailVerificationFailed) {
            course.writes.push("DeleteMembers");
            course.becomes(None);
        }
        // An existing member keeps the address that GuardDuty has.
        let kept = course.end().member.map(|(_, address)| address);
        let address = kept.unwrap_or_else(|| {
            course.writes.push("CreateMembers");
            course.becomes(Some((Created, declared)));
            declared
        });
        course.writes.push("InviteMembers");
        if self.not_invited.contains(&at.0) {
            return Course { outcome: "failed", ..course };
        }
        course.becomes(Some((EmailVerificationInProgress, address)));
        course.outcome = match (self.slow, address) {
            (true, _) => "pending",
            (false, Address::Right) => {
                course.writes.push("AcceptAdministratorInvitation");
                course.becomes(Some((Invited, address)));
                course.becomes(Some((Enabled, address)));
                "enabled"
            }
            (false, wrong) => {
                course.becomes(Some((EmailVerificationFailed, wrong)));
                // Another address is for the next run.
                if wrong == declared { "failed" } else { "pending" }
            }
        };
        course
    }

    pub fn membership(&self, at: Place) -> Membership {
        self.memberships.get(&at).copied().unwrap_or_default()
    }

    /// A run has left the membership so.
    pub fn left(&mut self, at: Place, now: Seen) {
        let membership = self.memberships.entry(at).or_default();
        if membership.seen.member != now.member {
            membership.passes = matches!(now.member, Some((_, Address::Right)));
        }
        membership.seen = now;
    }

    /// A change by somebody else. GuardDuty refuses what is not here.
    pub fn change(&mut self, change: Change, at: Place) {
        let invited = !self.not_invited.contains(&at.0);
        let membership = self.memberships.entry(at).or_default();
        let associated = matches!(membership.seen.member, Some((Enabled | Disabled, _)));
        match (change, membership.seen.member) {
            (Change::Disassociate, Some((Invited | EmailVerificationInProgress | Enabled | Disabled, address))) => {
                membership.seen.member = Some((Removed, address));
            }
            (Change::Resign, _) if membership.strangers => membership.strangers = false,
            (Change::Resign, Some((Enabled | Disabled, address))) => membership.seen.member = Some((Resigned, address)),
            (Change::Delete, _) if !associated => membership.seen.member = None,
            (Change::Stop, Some((Enabled | Disabled, address))) => {
                (membership.seen.member, membership.seen.detector) = (Some((Disabled, address)), Some(false));
            }
            (Change::CreateDetector, _) if membership.seen.detector.is_none() => membership.seen.detector = Some(true),
            (Change::SwitchOff, _) if !associated && !membership.strangers => {
                membership.seen.detector = membership.seen.detector.map(|_| false);
            }
            (Change::Switch(plan, on), _) if membership.seen.detector.is_some() => {
                membership.seen.plans.switch(plan, on);
            }
            (Change::JoinsStranger, _) if !associated => {
                (membership.strangers, membership.seen.detector) = (true, Some(true));
            }
            (Change::InviteByHand(address), None | Some((Created | Removed | Resigned, _))) => {
                let (status, address) = membership.seen.member.unwrap_or((Created, address));
                membership.passes = address == Address::Right && membership.seen.detector != Some(false);
                membership.seen.member = Some((if invited { EmailVerificationInProgress } else { status }, address));
                if !self.slow {
                    self.time_passes();
                }
            }
            _ => {}
        }
    }

    /// Every verification is over.
    pub fn time_passes(&mut self) {
        for membership in self.memberships.values_mut() {
            if let Some((EmailVerificationInProgress, address)) = membership.seen.member {
                let status = if membership.passes { Invited } else { EmailVerificationFailed };
                membership.seen.member = Some((status, address));
            }
        }
    }
}
