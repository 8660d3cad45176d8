//! GuardDuty's relationships: the simulator's rules, written a second time in another way.
//!
//! It has no requests and no time. All accounts are in one Region, verifications take no time, and a refusal is a
//! fragment of its text.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Account, Answer, Call, MALWARE, Plans};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detector {
    pub on: bool,
    pub plans: [bool; 4],
}

/// What two accounts know of each other, the first as the administrator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tie {
    /// The administrator's entry in its list of members.
    pub entry: Option<&'static str>,
    /// The member's entry in its list of invitations.
    pub invitation: Option<&'static str>,
    right_email: bool,
    stopped: bool,
}

#[derive(Debug, Default)]
pub struct Model {
    /// Whether a detector that is off fails the verification of its account; sources disagree.
    pub asleep_fails: bool,
    pub detectors: BTreeMap<Account, Detector>,
    pub ties: BTreeMap<(Account, Account), Tie>,
}

type Fate = Result<(), &'static str>;

impl Model {
    pub fn call(&mut self, call: &Call) -> Answer {
        match call {
            Call::CreateDetector(account, on, plans) => whole(self.create_detector(*account, *on, plans)),
            // Invitations need no detector; everything else does.
            Call::DeclineInvitations(member, from) => each(from, |from| self.decline(*member, from)),
            Call::DeleteInvitations(member, from) => each(from, |from| self.delete_invitation(*member, from)),
            _ if !self.detectors.contains_key(&call.caller()) => Answer::Refused("not owned by the current account"),
            Call::UpdateDetector { account, enable, frequency, plans } => {
                whole(self.update_detector(*account, *enable, *frequency, plans))
            }
            Call::DeleteDetector(account) => whole(self.delete_detector(*account)),
            Call::Accept { member, administrator, right_invitation } => {
                whole(self.accept(*member, *administrator, *right_invitation))
            }
            Call::Resign(member) => whole(self.resign(*member)),
            Call::CreateMembers { administrator, members, right_email } => {
                each(members, |member| self.create(*administrator, member, *right_email))
            }
            Call::InviteMembers(administrator, members) => each(members, |member| self.invite(*administrator, member)),
            Call::DisassociateMembers(administrator, members) => {
                each(members, |member| self.disassociate(*administrator, member))
            }
            Call::DeleteMembers(administrator, members) => each(members, |member| self.delete(*administrator, member)),
            Call::StopMonitoringMembers(administrator, members) => {
                each(members, |member| self.stop(*administrator, member))
            }
            Call::StartMonitoringMembers(administrator, members) => {
                each(members, |member| self.start(*administrator, member))
            }
            Call::UpdateMemberDetectors(_, _, Plans::Analyst) => Answer::Refused("invalid values"),
            Call::UpdateMemberDetectors(administrator, members, plans) => match plans.named() {
                Ok(named) => each(members, |member| self.switch_plans(*administrator, member, &named)),
                Err(refusal) => Answer::Refused(refusal),
            },
        }
    }

    /// The administrators that have it as a member, monitored or not.
    pub fn administrator_of(&self, member: Account) -> Option<(Account, &'static str)> {
        let joined = |(&(administrator, of), tie): (&(Account, Account), &Tie)| {
            let status = tie.invitation.filter(|status| of == member && ["Enabled", "Disabled"].contains(status))?;
            Some((administrator, status))
        };
        self.ties.iter().find_map(joined)
    }

    fn entry(&self, administrator: Account, member: Account) -> Option<&'static str> {
        self.ties.get(&(administrator, member)).and_then(|tie| tie.entry)
    }

    fn has_member(&self, administrator: Account, statuses: &[&str]) -> bool {
        let mut own = self.ties.iter().filter(|((of, _), _)| *of == administrator);
        own.any(|(_, tie)| tie.entry.is_some_and(|status| statuses.contains(&status)))
    }

    /// Both sides see the same status from now on. A stop belongs to one relationship: a later one does not know of it.
    fn set(&mut self, administrator: Account, member: Account, status: &'static str) {
        let tie = self.ties.entry((administrator, member)).or_default();
        (tie.entry, tie.invitation) = (tie.entry.and(Some(status)), tie.invitation.and(Some(status)));
        tie.stopped &= status == "Disabled";
    }

    fn create_detector(&mut self, account: Account, on: bool, plans: &Plans) -> Fate {
        let named = plans.named()?;
        if self.detectors.contains_key(&account) {
            return Err("a detector already exists");
        }
        let mut detector = Detector { on, plans: [true, true, true, false] };
        detector.set(&named);
        self.detectors.insert(account, detector);
        Ok(())
    }

    fn update_detector(&mut self, account: Account, enable: Option<bool>, frequency: bool, plans: &Plans) -> Fate {
        let named = plans.named()?;
        let administrator = self.administrator_of(account);
        let more_than_on = enable == Some(false) || frequency || !matches!(plans, Plans::Unnamed);
        if administrator.is_some() && more_than_on {
            return Err("member accounts cannot manage");
        }
        if enable == Some(false) && self.has_member(account, &["Invited", "Enabled", "Disabled"]) {
            return Err("cannot disable detector");
        }
        if let Some(detector) = self.detectors.get_mut(&account) {
            detector.set(&named);
            detector.on = enable.unwrap_or(detector.on);
        }
        match administrator {
            Some((administrator, "Disabled")) if enable == Some(true) => self.set(administrator, account, "Enabled"),
            _ => {}
        }
        Ok(())
    }

    fn delete_detector(&mut self, account: Account) -> Fate {
        if self.has_member(account, &["Invited", "Enabled", "Disabled"]) {
            return Err("while it has invited or associated members");
        }
        self.detectors.remove(&account);
        for (_, tie) in self.ties.iter_mut().filter(|((administrator, _), _)| *administrator == account) {
            tie.entry = None;
        }
        if let Some((administrator, _)) = self.administrator_of(account) {
            self.set(administrator, account, "Removed");
        }
        Ok(())
    }

    fn create(&mut self, administrator: Account, member: Account, right_email: bool) -> Fate {
        if self.administrator_of(administrator).is_some() {
            return Err("cannot create members");
        }
        if administrator == member {
            return Err("cannot become a member of itself");
        }
        let tie = self.ties.entry((administrator, member)).or_default();
        if tie.entry.is_some() {
            return Err("already a member or associated member");
        }
        (tie.entry, tie.right_email, tie.stopped) = (Some("Created"), right_email, false);
        Ok(())
    }

    fn invite(&mut self, administrator: Account, member: Account) -> Fate {
        if self.administrator_of(administrator).is_some() {
            return Err("cannot invite other accounts");
        }
        if administrator == member {
            return Err("cannot invite itself");
        }
        let suspended = self.asleep_fails && self.detectors.get(&member).is_some_and(|detector| !detector.on);
        let tie = self.ties.entry((administrator, member)).or_default();
        match tie.entry {
            None => return Err("email address is missing"),
            Some("Created" | "Removed" | "Resigned") => {}
            Some(_) => return Err("already invited or is already"),
        }
        let sent = tie.right_email && !suspended;
        tie.entry = Some(if sent { "Invited" } else { "EmailVerificationFailed" });
        tie.invitation = sent.then_some("Invited");
        Ok(())
    }

    fn accept(&mut self, member: Account, administrator: Account, right_invitation: bool) -> Fate {
        if self.administrator_of(member).is_some() {
            return Err("already an associated member of some");
        }
        if self.has_member(member, &["Created", "Invited", "Enabled", "Disabled", "EmailVerificationFailed"]) {
            return Err("still has created, invited or associated members");
        }
        if self.administrator_of(administrator).is_some() {
            return Err("the latter is an associated member");
        }
        let invitation = self.ties.get(&(administrator, member)).and_then(|tie| tie.invitation);
        if invitation != Some("Invited") || !right_invitation {
            return Err("no pending invitation");
        }
        let on = self.detectors.get(&member).is_some_and(|detector| detector.on);
        self.set(administrator, member, if on { "Enabled" } else { "Disabled" });
        Ok(())
    }

    fn resign(&mut self, member: Account) -> Fate {
        let (administrator, _) = self.administrator_of(member).ok_or("not associated to a master")?;
        self.set(administrator, member, "Resigned");
        Ok(())
    }

    fn decline(&mut self, member: Account, administrator: Account) -> Fate {
        if self.ties.get(&(administrator, member)).and_then(|tie| tie.invitation) != Some("Invited") {
            return Err("no pending invitation");
        }
        self.set(administrator, member, "Resigned");
        Ok(())
    }

    fn delete_invitation(&mut self, member: Account, administrator: Account) -> Fate {
        let tie = self.ties.entry((administrator, member)).or_default();
        match tie.invitation.take() {
            None => Err("no pending invitation"),
            in_use @ Some("Invited" | "Enabled" | "Disabled") => {
                tie.invitation = in_use;
                Err("cannot delete the invitation")
            }
            Some(_) => Ok(()),
        }
    }

    fn disassociate(&mut self, administrator: Account, member: Account) -> Fate {
        match self.entry(administrator, member) {
            Some("Invited" | "Enabled" | "Disabled") => self.set(administrator, member, "Removed"),
            _ => return Err("not yet associated"),
        }
        Ok(())
    }

    fn delete(&mut self, administrator: Account, member: Account) -> Fate {
        match self.entry(administrator, member) {
            None => return Err("not an associated member"),
            Some("Enabled" | "Disabled") => return Err("still associated"),
            Some(_) => {}
        }
        let tie = self.ties.entry((administrator, member)).or_default();
        tie.entry = None;
        // A pending invitation is deleted, too.
        tie.invitation = tie.invitation.filter(|status| *status != "Invited");
        Ok(())
    }

    fn stop(&mut self, administrator: Account, member: Account) -> Fate {
        let detector = self.joined(administrator, member)?;
        let was_on = std::mem::replace(&mut detector.on, false);
        self.set(administrator, member, "Disabled");
        self.ties.entry((administrator, member)).or_default().stopped |= was_on;
        Ok(())
    }

    fn start(&mut self, administrator: Account, member: Account) -> Fate {
        let stopped = self.ties.get(&(administrator, member)).is_some_and(|tie| tie.stopped);
        let detector = self.joined(administrator, member)?;
        detector.on |= stopped;
        if detector.on {
            self.set(administrator, member, "Enabled");
        }
        Ok(())
    }

    fn switch_plans(&mut self, administrator: Account, member: Account, named: &BTreeMap<usize, bool>) -> Fate {
        let detector = self.joined(administrator, member)?;
        if named.contains_key(&MALWARE) {
            return Err("malware protection");
        }
        detector.set(named);
        Ok(())
    }

    fn joined(&mut self, administrator: Account, member: Account) -> Result<&mut Detector, &'static str> {
        let associated = matches!(self.entry(administrator, member), Some("Enabled" | "Disabled"));
        self.detectors.get_mut(&member).filter(|_| associated).ok_or("not an associated member")
    }
}

impl Detector {
    fn set(&mut self, named: &BTreeMap<usize, bool>) {
        for (plan, on) in named {
            self.plans[*plan] = *on;
        }
    }
}

fn whole(fate: Fate) -> Answer {
    fate.map_or_else(Answer::Refused, |()| Answer::Done(BTreeMap::new()))
}

fn each(accounts: &BTreeSet<Account>, mut act: impl FnMut(Account) -> Fate) -> Answer {
    Answer::Done(accounts.iter().filter_map(|account| act(*account).err().map(|why| (*account, why))).collect())
}
