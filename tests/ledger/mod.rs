//! What the ledger of a whole story must not show, however often the function was stopped in between.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use aws_sim::{ADMINISTRATOR, Call};

/// How long the function waits for one attempt. It never hears an answer that takes longer.
pub const ATTEMPT: Duration = Duration::from_secs(10);

/// What GetMembers shows the effect of. The first three let an account go, the others make it a member.
const WRITES: [&str; 6] = [
    "StopMonitoringMembers",
    "DisassociateMembers",
    "DeleteMembers",
    "CreateMembers",
    "InviteMembers",
    "StartMonitoringMembers",
];

fn lets_go(operation: &str) -> bool {
    WRITES[..3].contains(&operation)
}

/// No batch names an account whose status shows that this is done. `lag` is the longest time until a reader sees a
/// status.
pub fn no_write_is_repeated_once_it_shows(calls: &[Call], lag: Duration) {
    // By account and Region: the writes that are done, and when they show.
    let mut done: HashMap<(&str, &str), Vec<(&str, SystemTime)>> = HashMap::new();
    // The same writes, once a look has shown them.
    let mut shown: HashSet<(&str, &str, &str)> = HashSet::new();
    for call in calls.iter().filter(|call| call.service == "guardduty" && call.caller == ADMINISTRATOR) {
        let (operation, region) = (call.operation.as_str(), call.region.as_str());
        for account in call.accounts.iter().map(String::as_str) {
            let done = done.entry((account, region)).or_default();
            if operation == "GetMembers" {
                if call.done && call.answer_after.is_some_and(|after| after < ATTEMPT) {
                    let visible = done.iter().filter(|(_, shows_at)| *shows_at <= call.at);
                    shown.extend(visible.map(|(write, _)| (*write, account, region)));
                }
            } else if WRITES.contains(&operation) {
                let again = shown.contains(&(operation, account, region));
                assert!(!again, "{operation} for {account} in {region}, although its status shows that it is done");
                if call.done && !call.left_out.iter().any(|left_out| left_out == account) {
                    // A write of the other kind undoes it.
                    done.retain(|(write, _)| lets_go(write) == lets_go(operation));
                    shown.retain(|(write, one, place)| {
                        (*one, *place) != (account, region) || lets_go(write) == lets_go(operation)
                    });
                    done.push((operation, call.at + lag));
                }
            }
        }
    }
}
