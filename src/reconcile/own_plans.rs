//! The protection plans that a Region offers, and those of the administrator's own detector.

use tracing::{info, warn};

use super::context::Context;
use crate::account::Region;
use crate::aws::{AdministratorClient, OwnDetector};
use crate::declared::Mode;
use crate::membership::CallError;
use crate::outcome::Notice;
use crate::protection::{Plan, Plans, Subset};

/// The declared plans in one Region.
#[derive(Debug, Default)]
pub(super) struct RegionPlans {
    declared: Plans,
    /// Those of them that the Region lacks. They are sent for nobody.
    missing: Subset,
}

impl RegionPlans {
    /// Nothing that is declared counts there.
    pub(super) fn are_none(&self) -> bool {
        self.declared.without(self.missing).is_empty()
    }

    /// Where a detector differs.
    pub(super) fn differences(&self, shown: &[Plan]) -> Subset {
        self.declared.differences(shown).without(self.missing)
    }

    /// What a new detector needs.
    pub(super) fn to_create(&self) -> Vec<Plan> {
        self.declared.to_set(self.declared.without(self.missing))
    }

    pub(super) fn to_set(&self, these: Subset) -> Vec<Plan> {
        self.declared.to_set(these)
    }

    /// What an administrator may set for a member, of these.
    pub(super) fn once_joined(&self, these: Subset) -> Subset {
        these.without(self.declared.only_before_joining())
    }

    pub(super) fn names(&self, these: Subset) -> String {
        self.declared.names(these)
    }
}

/// Whether anything is declared of the administrator's detector besides that it is on.
pub(super) fn are_declared(context: &Context) -> bool {
    context.config.plans.is_some() || context.config.finding_publishing_frequency.is_some()
}

/// Reads from the administrator's detector what the Region offers. Makes the detector as declared, or notes what would be
/// made so. A refusal is a notice: it stops no member.
pub(super) async fn settle(
    context: &Context,
    administrator: &AdministratorClient,
    region: &Region,
    own: &OwnDetector,
    mode: Mode,
) -> RegionPlans {
    let declared = context.config.plans.clone().unwrap_or_default();
    let missing = declared.missing(&own.plans);
    let plans = RegionPlans { declared, missing };
    if !missing.is_empty() {
        context.ledger.note(Notice::PlansMissing { region: region.clone(), plans: plans.names(missing) });
    }
    let differing = if context.config.plans_administrator { plans.differences(&own.plans) } else { Subset::default() };
    let publishes = context.config.finding_publishing_frequency.as_ref();
    let publishes = publishes.filter(|often| own.publishes.as_ref() != Some(often)).map(String::as_str);
    if differing.is_empty() && publishes.is_none() {
        return plans;
    }
    let changes: Vec<String> = plans
        .to_set(differing)
        .iter()
        .flat_map(stated)
        .chain(publishes.map(|often| format!("findings {often}")))
        .collect();
    let (region, changes) = (region.clone(), changes.join(", "));
    if mode.is_plan() {
        context.ledger.note(Notice::OwnPlans { region, changes, planned: true });
        return plans;
    }
    match administrator.set_up_detector(&own.id, &plans.to_set(differing), publishes).await {
        Ok(()) => {
            context.ledger.changed_something();
            info!(%region, changes, "administrator's detector changed");
            context.ledger.note(Notice::OwnPlans { region, changes, planned: false });
        }
        // Nobody was asked, so nobody refused.
        Err(CallError::Interrupted) => {}
        Err(error) => {
            warn!(%region, changes, %error, "administrator's detector not changed");
            context.ledger.note(Notice::OwnPlansRefused { region, changes, quoted: error.to_string() });
        }
    }
    plans
}

/// `S3_DATA_EVENTS ENABLED`, and each part of it.
fn stated(plan: &Plan) -> Vec<String> {
    let word = |on: bool| if on { "ENABLED" } else { "DISABLED" };
    if plan.configuration.is_empty() {
        return vec![format!("{} {}", plan.name, word(plan.on))];
    }
    plan.configuration.iter().map(|(part, on)| format!("{}/{part} {}", plan.name, word(*on))).collect()
}
