//! The model of protection plans: which ones an account's detector has, and what a run does about them.

use crate::reference::{Course, Model, Seen, Status};

/// `PROTECTION_PLANS` of the function. GuardDuty's defaults are the other way round.
pub const DECLARED: &str = "S3_DATA_EVENTS=DISABLED,RUNTIME_MONITORING=ENABLED,EBS_MALWARE_PROTECTION=DISABLED";

/// A protection plan that somebody may switch by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    S3DataEvents,
    RuntimeMonitoring,
    /// Nobody can set it for an account that is a member.
    MalwareProtection,
    /// It is not declared, so the function leaves it alone.
    LambdaNetworkLogs,
}

pub const PLANS: [Plan; 4] =
    [Plan::S3DataEvents, Plan::RuntimeMonitoring, Plan::MalwareProtection, Plan::LambdaNetworkLogs];

impl Plan {
    pub fn name(self) -> &'static str {
        match self {
            Self::S3DataEvents => "S3_DATA_EVENTS",
            Self::RuntimeMonitoring => "RUNTIME_MONITORING",
            Self::MalwareProtection => "EBS_MALWARE_PROTECTION",
            Self::LambdaNetworkLogs => "LAMBDA_NETWORK_LOGS",
        }
    }
}

/// Whether each of [`PLANS`] is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plans([bool; PLANS.len()]);

impl Default for Plans {
    /// GuardDuty's defaults for a new detector.
    fn default() -> Self {
        Self(PLANS.map(|plan| plan != Plan::RuntimeMonitoring))
    }
}

impl Plans {
    pub fn seen(is_on: impl Fn(&str) -> bool) -> Self {
        Self(PLANS.map(|plan| is_on(plan.name())))
    }

    pub fn switch(&mut self, plan: Plan, on: bool) {
        self.0[plan as usize] = on;
    }

    /// With everything set that is declared.
    fn as_declared(self) -> Self {
        let mut plans = self.with_what_members_may_get();
        plans.switch(Plan::MalwareProtection, false);
        plans
    }

    /// With what an administrator can set of it.
    fn with_what_members_may_get(mut self) -> Self {
        self.switch(Plan::S3DataEvents, false);
        self.switch(Plan::RuntimeMonitoring, true);
        self
    }
}

impl Model {
    /// The plans of an account that a run has entered and that is no member.
    pub fn before_joining(&self, plans: Plans) -> Plans {
        if self.plans { plans.as_declared() } else { plans }
    }

    /// The course with what its run does about the plans, if it leaves the account monitored.
    pub fn with_plans(&self, mut course: Course) -> Course {
        let end = course.end();
        if !self.plans || !matches!(end.member, Some((Status::Enabled, _))) {
            return course;
        }
        course.plans_are_read = true;
        let plans = end.plans.with_what_members_may_get();
        if plans != end.plans {
            course.writes.push("UpdateMemberDetectors");
            course.states.push(Seen { plans, ..end });
        }
        if plans != plans.as_declared() {
            course.outcome = "failed";
        }
        course
    }
}
