//! GuardDuty in one Region: all detectors, members and invitations, and how both sides of a relationship change
//! together.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::SystemTime;

use super::detector::Detector;
use super::relationship::{Member, Relationship};
use super::status;

#[derive(Debug, Default)]
pub(crate) struct Region {
    /// By account, which has at most one (AWS D1).
    pub detectors: HashMap<String, Detector>,
    /// By administrator and member.
    pub members: HashMap<String, BTreeMap<String, Relationship>>,
    /// By administrator and member: deleted members that readers still see.
    gone: HashMap<String, BTreeMap<String, Gone>>,
    /// The plans that the Region does not have.
    lacking: BTreeSet<String>,
    /// By member and administrator. Accepted invitations stay.
    pub invitations: HashMap<String, BTreeMap<String, Invitation>>,
}

/// A deleted member, and until when GetMembers and ListMembers show it.
#[derive(Debug)]
struct Gone {
    relationship: Relationship,
    until: SystemTime,
}

/// The member's side of a relationship.
#[derive(Debug, Clone)]
pub(crate) struct Invitation {
    /// Empty if the account is a member through its organization: it was never invited.
    pub id: String,
    pub status: Cow<'static, str>,
    pub invited_at: SystemTime,
    /// The member does not see it earlier.
    pub visible_at: SystemTime,
    /// The status that GetAdministratorAccount still shows after the association has ended, and until when.
    pub former: Option<(String, SystemTime)>,
}

impl Invitation {
    /// Whether it can be accepted now.
    pub(crate) fn pending(&self, now: SystemTime) -> bool {
        self.status == status::INVITED && self.visible_at <= now
    }
}

impl Region {
    /// Gives an account a detector, with the plans that the Region has.
    pub(crate) fn insert_detector(&mut self, account: &str, mut detector: Detector) {
        for plan in &self.lacking {
            detector.lose_plan(plan);
        }
        self.detectors.insert(account.into(), detector);
    }

    /// The Region does not have this plan from now on, and no detector in it.
    pub(crate) fn lose_plan(&mut self, plan: &str) {
        self.lacking.insert(plan.into());
        for detector in self.detectors.values_mut() {
            detector.lose_plan(plan);
        }
    }

    /// Whether the Region does not have this plan.
    pub(crate) fn lacks(&self, plan: &str) -> bool {
        self.lacking.contains(plan)
    }

    pub(crate) fn relationship(&self, administrator: &str, member: &str) -> Option<&Relationship> {
        self.members.get(administrator)?.get(member)
    }

    /// An administrator's members as GetMembers and ListMembers find them, by account.
    pub(crate) fn found<'a>(
        &'a self,
        administrator: &str,
        now: SystemTime,
    ) -> Box<dyn Iterator<Item = (&'a str, &'a Relationship)> + 'a> {
        let members = self.members.get(administrator).into_iter().flatten();
        let members = members.filter(move |(_, member)| member.visible_at <= now);
        let members = members.map(|(id, member)| (id.as_str(), member));
        let Some(gone) = self.gone.get(administrator) else { return Box::new(members) };
        let gone = gone.iter().filter(|(_, gone)| now < gone.until);
        let mut all: BTreeMap<_, _> = gone.map(|(id, gone)| (id.as_str(), &gone.relationship)).collect();
        all.extend(members);
        Box::new(all.into_iter())
    }

    /// One of [`Region::found`].
    pub(crate) fn find(&self, administrator: &str, member: &str, now: SystemTime) -> Option<&Relationship> {
        let gone = || self.gone.get(administrator)?.get(member).filter(|gone| now < gone.until);
        let found = self.relationship(administrator, member).filter(|found| found.visible_at <= now);
        found.or_else(|| gone().map(|gone| &gone.relationship))
    }

    /// Deletes an administrator's member, which readers see until the given time, and its pending invitation.
    pub(crate) fn delete(&mut self, administrator: &str, member: &str, now: SystemTime, until: SystemTime) {
        let deleted = self.members.get_mut(administrator).and_then(|members| members.remove(member));
        if let Some(relationship) = deleted.filter(|_| now < until) {
            let gone = self.gone.entry(administrator.into()).or_default();
            gone.insert(member.into(), Gone { relationship, until });
        }
        if let Some(received) = self.invitations.get_mut(member)
            && received.get(administrator).is_some_and(|invitation| invitation.status == status::INVITED)
        {
            received.remove(administrator);
        }
    }

    pub(crate) fn relationship_mut(&mut self, administrator: &str, member: &str) -> Option<&mut Relationship> {
        self.members.get_mut(administrator)?.get_mut(member)
    }

    /// The administrator that the account is a member of, and the invitation that made it one.
    pub(crate) fn administrator_of(&self, account: &str) -> Option<(&str, &Invitation)> {
        let mut invitations = self.invitations.get(account)?.iter();
        let accepted = invitations.find(|(_, invitation)| status::associated(&invitation.status));
        accepted.map(|(administrator, invitation)| (administrator.as_str(), invitation))
    }

    /// How often the account's detector publishes findings: as its administrator's does, if it has one (AWS D12).
    pub(crate) fn publishing_frequency(&self, account: &str) -> Option<&str> {
        let administrator = self.administrator_of(account).map(|(administrator, _)| administrator);
        let deciding = administrator.filter(|administrator| self.detectors.contains_key(*administrator));
        let detector = self.detectors.get(deciding.unwrap_or(account))?;
        Some(&detector.finding_publishing_frequency)
    }

    /// Whether the account is a member of an administrator.
    pub(crate) fn is_member(&self, account: &str) -> bool {
        self.administrator_of(account).is_some()
    }

    /// The status of an administrator's member, whatever lag readers have.
    pub(crate) fn status_of(&self, administrator: &str, member: &str, now: SystemTime) -> Option<&str> {
        Some(self.relationship(administrator, member)?.status(now))
    }

    /// Whether an administrator has a member whose current status counts.
    pub(crate) fn has_members(&self, administrator: &str, now: SystemTime, counts: impl Fn(&str) -> bool) -> bool {
        let members = self.members.get(administrator);
        members.is_some_and(|members| members.values().any(|member| counts(member.status(now))))
    }

    /// Sets the status of a relationship on both sides.
    pub(crate) fn relate(&mut self, administrator: &str, member: &str, status: &'static str, now: SystemTime) {
        if let Some(relationship) = self.relationship_mut(administrator, member) {
            relationship.change(status, now);
        }
        if let Some(invitation) = self.invitations.get_mut(member).and_then(|sent| sent.get_mut(administrator)) {
            invitation.status = status.into();
        }
    }

    /// Switches a member's detector off on behalf of its administrator. One that was off already does not count as
    /// stopped.
    pub(crate) fn stop(&mut self, administrator: &str, member: &str, now: SystemTime) {
        let on = self.detectors.get_mut(member).filter(|detector| detector.enabled);
        let stopped = on.map(|detector| detector.switch(false, now)).is_some();
        let Some(relationship) = self.relationship_mut(administrator, member) else { return };
        let stopped = stopped || relationship.stopped;
        if relationship.status(now) != status::DISABLED {
            self.relate(administrator, member, status::DISABLED, now);
        }
        if let Some(relationship) = self.relationship_mut(administrator, member) {
            relationship.stopped = stopped;
        }
    }

    /// Resumes monitoring of a member whose detector is on, or was switched off by [`Region::stop`].
    pub(crate) fn start(&mut self, administrator: &str, member: &str, now: SystemTime) {
        let Some(relationship) = self.relationship(administrator, member) else { return };
        let (stopped, disabled) = (relationship.stopped, relationship.status(now) == status::DISABLED);
        let Some(detector) = self.detectors.get_mut(member) else { return };
        if stopped {
            detector.switch(true, now);
        }
        if detector.enabled && disabled {
            self.relate(administrator, member, status::ENABLED, now);
        }
    }

    /// AWS suspends the account, or a Region is switched off in it: every administrator that has invited it sees this
    /// status.
    pub(crate) fn put_out_of_reach(&mut self, account: &str, status: &'static str, now: SystemTime) {
        let inviters = self.members.iter().filter(|(_, members)| {
            members.get(account).is_some_and(|member| status::invited_or_associated(member.status(now)))
        });
        let inviters: Vec<String> = inviters.map(|(administrator, _)| administrator.clone()).collect();
        for administrator in inviters {
            self.relate(&administrator, account, status, now);
        }
    }

    /// Sets an account's detector for a story, as if no administrator had stopped it.
    pub(crate) fn put_detector(&mut self, account: &str, enabled: bool) {
        if let Some(detector) = self.detectors.get_mut(account) {
            detector.enabled = enabled;
        }
        for relationship in self.members.values_mut().filter_map(|members| members.get_mut(account)) {
            relationship.stopped = false;
        }
    }

    /// Sets a relationship for a story, with an invitation of this id if the member has one.
    pub(crate) fn put(
        &mut self,
        administrator: &str,
        member: &str,
        email: &str,
        status: &str,
        invitation: Option<String>,
        now: SystemTime,
    ) {
        let mut relationship = Relationship::new(email, status.to_owned(), now);
        relationship.invited_at = (status != status::CREATED).then_some(now);
        self.members.entry(administrator.into()).or_default().insert(member.into(), relationship);
        let received = self.invitations.entry(member.into()).or_default();
        received.remove(administrator);
        if let Some(id) = invitation {
            let status = status.to_owned().into();
            let invitation = Invitation { id, status, invited_at: now, visible_at: now, former: None };
            received.insert(administrator.into(), invitation);
        }
    }

    /// Makes an account that has a detector a member through its organization.
    pub(crate) fn associate(&mut self, administrator: &str, member: &str, now: SystemTime) {
        self.put_detector(member, true);
        self.put(administrator, member, "", status::ENABLED, Some(String::new()), now);
        if let Some(relationship) = self.relationship_mut(administrator, member) {
            relationship.invited_at = None;
        }
    }

    /// An administrator's members, whatever lag readers have.
    pub(crate) fn members_of(&self, administrator: &str, now: SystemTime) -> Vec<Member> {
        let members = self.members.get(administrator).into_iter().flatten();
        members.map(|(account, relationship)| relationship.member(account, now)).collect()
    }
}
