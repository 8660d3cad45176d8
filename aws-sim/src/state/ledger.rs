//! What was called, by whom, and with which permissions.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// One call, as the simulator saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it arrived.
    pub at: SystemTime,
    /// The account whose credentials made it.
    pub caller: String,
    /// The ARN of the role or user behind them.
    pub principal: String,
    /// The session policy that was given when the role was assumed, if our STS issued the session and there was one.
    pub session_policy: Option<Arc<str>>,
    /// The ARN of the session, or of the user.
    pub session_arn: String,
    /// The service's signing name: `guardduty`, `sts`, `s3`, `account`, `sqs` or `organizations`.
    pub service: String,
    /// AWS's name of the operation; method and path where there is no such operation.
    pub operation: String,
    /// The Region it was signed for.
    pub region: String,
    /// The accounts it names: those of a batch, or the one whose role is assumed.
    pub accounts: Vec<String>,
    /// The HTTP status; 0 where the connection broke.
    pub status: u16,
    /// The error's code, where there is one.
    pub code: Option<String>,
    /// Whether the operation is one that changes something, whether or not it did.
    pub write: bool,
    /// The IAM actions it needs, implied ones included.
    pub actions: Vec<String>,
    /// Whether the world did what it was asked: the operation was performed and not refused, even if the answer was late or
    /// got lost.
    pub done: bool,
    /// How long the answer took; `None` where the connection broke, so that no answer came.
    pub answer_after: Option<Duration>,
    /// The accounts in the `unprocessedAccounts` of a batch, also of one whose answer got lost.
    pub left_out: Vec<String>,
}
