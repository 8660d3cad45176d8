//! What was called, by whom, and with which permissions.

use std::time::SystemTime;

/// One call, as the simulator saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it arrived.
    pub at: SystemTime,
    /// The account whose credentials made it.
    pub caller: String,
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
}
