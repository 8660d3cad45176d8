//! Protection plans: which of them are declared, and where a detector differs from that.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::quote;

/// The one plan that GuardDuty lets nobody set for an account that is a member (AWS P2, P4).
const MALWARE_PROTECTION: &str = "EBS_MALWARE_PROTECTION";

/// The most plans and parts of plans that may be declared.
const MOST: usize = 32;

/// A plan and its additional configuration by the API's names, and whether each is on: as declared, or as a detector shows
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub name: String,
    pub on: bool,
    pub configuration: Vec<(String, bool)>,
}

/// All plans that are declared, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plans(Arc<[Plan]>);

/// Some of the declared plans and parts of plans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subset(u32);

impl Subset {
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    fn has(self, index: usize) -> bool {
        self.0 & 1 << index != 0
    }
}

/// A plan, or one part of its additional configuration.
struct Entry<'a> {
    plan: &'a str,
    part: Option<&'a str>,
    on: bool,
}

impl Entry<'_> {
    /// As the setting names it.
    fn name(&self) -> String {
        match self.part {
            Some(part) => format!("{}/{part}", self.plan),
            None => self.plan.into(),
        }
    }

    /// Whether a detector shows it as on. What it does not show is off.
    fn is_on(&self, shown: &[Plan]) -> bool {
        let Some(plan) = shown.iter().find(|plan| plan.name == self.plan) else { return false };
        match self.part {
            Some(part) => plan.configuration.iter().any(|(name, on)| name == part && *on),
            None => plan.on,
        }
    }
}

impl Plans {
    /// Reads `S3_DATA_EVENTS=ENABLED,RUNTIME_MONITORING=ENABLED,RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT=DISABLED`. The error
    /// says everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (entries, mut mistakes) = (text.split(',').map(str::trim).filter(|entry| !entry.is_empty()), Vec::new());
        let mut known = BTreeSet::new();
        let mut plans: Vec<Plan> = Vec::new();
        let mut parts = Vec::new();
        for entry in entries {
            let Some((plan, part, on)) = read(entry) else {
                let expected = "expected NAME=ENABLED or NAME=DISABLED such as S3_DATA_EVENTS=ENABLED";
                mistakes.push(format!("has {:?}, {expected}", quote::name(entry)));
                continue;
            };
            if let Some(why) = why_not(plan) {
                mistakes.push(format!("names {plan}, {why}"));
            }
            if !known.insert((plan, part)) {
                mistakes.push(format!("names {} twice; keep one", Entry { plan, part, on }.name()));
            }
            match part {
                Some(part) => parts.push((plan, part, on)),
                None => plans.push(Plan { name: plan.into(), on, configuration: Vec::new() }),
            }
        }
        for (plan, part, on) in parts {
            match plans.iter_mut().find(|known| known.name == plan) {
                None => mistakes.push(format!("names {plan}/{part} but not {plan}; name that, too")),
                Some(known) if on && !known.on => {
                    mistakes.push(format!("has {plan}/{part}=ENABLED under {plan}=DISABLED; enable both or neither"));
                }
                Some(known) => known.configuration.push((part.into(), on)),
            }
        }
        if known.len() > MOST {
            mistakes.push(format!("has more than {MOST} entries; remove some"));
        }
        if known.is_empty() && mistakes.is_empty() {
            mistakes.push(format!("is {:?}, expected at least one NAME=ENABLED or NAME=DISABLED", quote::name(text)));
        }
        mistakes.dedup();
        if mistakes.is_empty() { Ok(Self(plans.into())) } else { Err(mistakes.join("; ")) }
    }

    /// Every plan and part that is declared. Their positions are the bits of a [`Subset`].
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.0.iter().flat_map(|plan| {
            let parts = plan.configuration.iter();
            let parts = parts.map(|(part, on)| Entry { plan: &plan.name, part: Some(part.as_str()), on: *on });
            std::iter::once(Entry { plan: &plan.name, part: None, on: plan.on }).chain(parts)
        })
    }

    fn subset(&self, belongs: impl Fn(&Entry<'_>) -> bool) -> Subset {
        let bits = self.entries().enumerate().filter(|(_, entry)| belongs(entry)).map(|(index, _)| 1 << index);
        Subset(bits.fold(0, |bits: u32, bit: u32| bits | bit))
    }

    /// What a detector does not have at all: the Region lacks it (AWS P13, P14).
    #[must_use]
    pub fn missing(&self, shown: &[Plan]) -> Subset {
        self.subset(|entry| {
            let Some(plan) = shown.iter().find(|plan| plan.name == entry.plan) else { return true };
            let parts = &plan.configuration;
            entry.part.is_some_and(|part| !parts.is_empty() && !parts.iter().any(|(name, _)| name == part))
        })
    }

    /// Where a detector differs from what is declared.
    #[must_use]
    pub fn differences(&self, shown: &[Plan]) -> Subset {
        self.subset(|entry| entry.is_on(shown) != entry.on)
    }

    /// Those that can be set only while the account is no member.
    #[must_use]
    pub fn only_before_joining(&self) -> Subset {
        self.subset(|entry| entry.plan == MALWARE_PROTECTION)
    }

    /// Whether enabling malware protection is declared. It has a service-linked role of its own.
    #[must_use]
    pub fn enable_malware_protection(&self) -> bool {
        self.0.iter().any(|plan| plan.name == MALWARE_PROTECTION && plan.on)
    }

    /// All of them but those.
    #[must_use]
    pub fn without(&self, others: Subset) -> Subset {
        self.subset(|_| true).without(others)
    }

    /// What a call has to name to set these.
    #[must_use]
    pub fn to_set(&self, these: Subset) -> Vec<Plan> {
        let mut to_set: Vec<Plan> = Vec::new();
        for (_, Entry { plan, part, on }) in self.entries().enumerate().filter(|(index, _)| these.has(*index)) {
            if to_set.last().is_none_or(|last| last.name != plan) {
                let on = self.0.iter().any(|declared| declared.name == plan && declared.on);
                to_set.push(Plan { name: plan.into(), on, configuration: Vec::new() });
            }
            if let (Some(part), Some(last)) = (part, to_set.last_mut()) {
                last.configuration.push((part.into(), on));
            }
        }
        to_set
    }

    /// `RDS_LOGIN_EVENTS and S3_DATA_EVENTS`.
    #[must_use]
    pub fn names(&self, these: Subset) -> String {
        self.listed(these, |entry| entry.name())
    }

    /// How a detector that differs there has them: `RDS_LOGIN_EVENTS is still ENABLED`, with `still` between.
    #[must_use]
    pub fn as_they_are(&self, these: Subset, still: &str) -> String {
        self.listed(these, |entry| {
            format!("{} is {still}{}", entry.name(), if entry.on { "DISABLED" } else { "ENABLED" })
        })
    }

    fn listed(&self, these: Subset, say: impl Fn(Entry<'_>) -> String) -> String {
        let entries = self.entries().enumerate().filter(|(index, _)| these.has(*index));
        let said: Vec<String> = entries.map(|(_, entry)| say(entry)).collect();
        match said.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    }
}

/// `PLAN=ENABLED` or `PLAN/PART=DISABLED`.
fn read(entry: &str) -> Option<(&str, Option<&str>, bool)> {
    let (name, status) = entry.split_once('=')?;
    let on = match status.trim() {
        "ENABLED" => true,
        "DISABLED" => false,
        _ => return None,
    };
    let name = name.trim();
    let (plan, part) = name.split_once('/').map_or((name, None), |(plan, part)| (plan, Some(part)));
    (is_name(plan) && part.is_none_or(is_name)).then_some((plan, part, on))
}

fn is_name(text: &str) -> bool {
    let follows = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(follows)
}

/// Why a plan is not to be set for members, and the cure.
fn why_not(plan: &str) -> Option<&'static str> {
    Some(match plan {
        "EKS_RUNTIME_MONITORING" => "which RUNTIME_MONITORING supersedes; name that instead",
        "AI_ANALYST" => "which members do not have; remove it",
        "CLOUD_TRAIL" | "DNS_LOGS" | "FLOW_LOGS" => "which is always on and cannot be set; remove it",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
