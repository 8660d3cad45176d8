//! The record of calls: who called what, and with which permissions.

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
    /// The session policy of AssumeRole, if the simulator's STS issued the session and there was one.
    pub session_policy: Option<Arc<str>>,
    /// The ARN of the session, or of the user.
    pub session_arn: String,
    /// The service's signing name: `guardduty`, `sts`, `s3`, `account`, `sqs`, `sns` or
    /// `organizations`.
    pub service: String,
    /// AWS's name of the operation, or the method and path of an unknown one.
    pub operation: String,
    /// The Region it was signed for.
    pub region: String,
    /// The accounts it names: those of a batch, or the account of an assumed role.
    pub accounts: Vec<String>,
    /// The HTTP status; 0 if the connection broke.
    pub status: u16,
    /// The code of the error, if there is one.
    pub code: Option<String>,
    /// Whether the operation is a write, even if it changed nothing.
    pub write: bool,
    /// The IAM actions it needs, including implied ones.
    pub actions: Vec<String>,
    /// Whether the operation was performed and not refused, even if the answer was late or lost.
    pub done: bool,
    /// How long the answer took; `None` if the connection broke before one came.
    pub answer_after: Option<Duration>,
    /// The accounts in `unprocessedAccounts` of the answer, even if that was lost.
    pub left_out: Vec<String>,
}
