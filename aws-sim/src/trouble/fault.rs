//! Faults: which calls they hit, how often, and what happens to those calls.

use std::time::Duration;

use serde_json::Value;

/// A fault that hits some calls. A field that is `None` matches everything.
///
/// ```
/// use aws_sim::{Fault, Kind};
///
/// let fault = Fault { operation: Some("InviteMembers"), kind: Kind::Throttle, ..Fault::default() };
/// assert_eq!(fault.times, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The service's signing name: `guardduty`, `sts`, `s3`, `account`, `sqs`, `sns` or
    /// `organizations`.
    pub service: Option<&'static str>,
    /// AWS's name of the operation.
    pub operation: Option<&'static str>,
    /// The account whose credentials make the call.
    pub account: Option<String>,
    /// The Region the call is signed for.
    pub region: Option<String>,
    /// How many calls it hits; `u32::MAX` means all.
    pub times: u32,
    /// How many matching calls it lets pass first.
    pub skip: u32,
    /// What happens.
    pub kind: Kind,
}

/// What happens to a call. It changes nothing in the world, except with `Slow` and `LostAnswer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The call is throttled, in the service's own way: 429 TooManyRequestsException from GuardDuty.
    Throttle,
    /// The service's internal error, status 500.
    Internal,
    /// The connection breaks before the service sees the request.
    Broken,
    /// The service performs the operation, and its answer takes this much longer.
    Slow(Duration),
    /// The service performs the operation, and the connection breaks before the answer.
    LostAnswer,
    /// The service does nothing and answers 200 with this body, to test a client against unexpected content.
    Answer(Value),
    /// The caller's credentials are treated as expired.
    ExpiredToken,
    /// Any other refusal, in the service's envelope.
    Reply {
        /// The HTTP status.
        status: u16,
        /// The error's code.
        code: String,
        /// The error's message.
        message: String,
    },
}

impl Default for Fault {
    fn default() -> Self {
        Self { service: None, operation: None, account: None, region: None, times: 1, skip: 0, kind: Kind::Throttle }
    }
}

/// The call that a fault or a storm may hit.
pub(crate) struct Target<'a> {
    pub service: &'static str,
    pub operation: &'a str,
    pub account: &'a str,
    pub region: &'a str,
}

impl Fault {
    fn hits(&self, target: &Target) -> bool {
        self.times > 0
            && self.service.is_none_or(|service| service == target.service)
            && self.operation.is_none_or(|operation| operation == target.operation)
            && self.account.as_ref().is_none_or(|account| account == target.account)
            && self.region.as_ref().is_none_or(|region| region == target.region)
    }
}

/// What the first fault that hits the call does to it. Counts the hit.
pub(crate) fn hit(faults: &mut [Fault], target: &Target) -> Option<Kind> {
    for fault in faults.iter_mut().filter(|fault| fault.hits(target)) {
        if fault.skip > 0 {
            fault.skip -= 1;
            continue;
        }
        if fault.times != u32::MAX {
            fault.times -= 1;
        }
        return Some(fault.kind.clone());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Fault, Kind, Target, hit};

    const TARGET: Target =
        Target { service: "guardduty", operation: "GetMembers", account: "111122223333", region: "eu-west-1" };

    #[test]
    fn a_fault_lets_some_calls_pass_and_then_hits_a_number_of_them() {
        let mut faults = [Fault { skip: 1, times: 2, ..Fault::default() }];
        let hits: Vec<bool> = (0..4).map(|_| hit(&mut faults, &TARGET).is_some()).collect();
        assert_eq!(hits, [false, true, true, false]);
    }

    #[test]
    fn a_fault_hits_only_what_it_names() {
        for other in [
            Fault { service: Some("sts"), ..Fault::default() },
            Fault { operation: Some("InviteMembers"), ..Fault::default() },
            Fault { account: Some("444455556666".into()), ..Fault::default() },
            Fault { region: Some("us-east-1".into()), ..Fault::default() },
        ] {
            assert_eq!(hit(&mut [other], &TARGET), None);
        }
        let named = Fault {
            service: Some("guardduty"),
            operation: Some("GetMembers"),
            account: Some("111122223333".into()),
            region: Some("eu-west-1".into()),
            times: u32::MAX,
            skip: 0,
            kind: Kind::Broken,
        };
        let mut faults = [named];
        assert!((0..3).all(|_| hit(&mut faults, &TARGET) == Some(Kind::Broken)));
    }
}
