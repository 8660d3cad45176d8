//! What the processes tell each other: one JSON document a line, to a child's standard input and from its standard
//! error. Standard output is the log's, as in Lambda.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::fleet::{Drifted, Fleet};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the simulator is asked, after it has got its fleet.
#[derive(Debug, Serialize, Deserialize)]
pub enum Ask {
    /// These accounts drift, in all Regions.
    Drift(Vec<Drifted>),
    /// The list under remove/ is uploaded. Answered with its version.
    Removal,
    /// Counting begins anew. Answered with the processor time so far.
    Begin,
    /// How many calls there were since. Answered with a number.
    Calls,
    /// All that was counted since. Answered with `Seen`.
    Report,
}

/// Where the simulator serves AWS.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Doors {
    /// By the host's real name.
    pub hosts: BTreeMap<String, SocketAddr>,
    /// The version of the list that was uploaded.
    pub version: String,
}

/// What the simulator has behind it when a run begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Begun {
    pub processor: Duration,
    pub connections: u64,
}

/// What the simulator saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seen {
    pub counts: Vec<Count>,
    /// Monitored members.
    pub enabled: u64,
    /// Connections made since the simulator was started.
    pub connections: u64,
    /// Processor time of the simulator since it was started.
    pub processor: Duration,
}

/// Calls of one kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Count {
    pub region: String,
    pub operation: String,
    pub by_administrator: bool,
    pub calls: u64,
    pub refused: u64,
    pub throttled: u64,
}

/// What the function gets: one order, then it runs.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    pub fleet: Fleet,
    pub errand: Errand,
    pub doors: Doors,
}

/// What arrives at the function.
#[derive(Debug, Serialize, Deserialize)]
pub enum Errand {
    /// S3's notification of this version of a list.
    Upload { key: String, version: String },
    /// The request of a fleet report.
    Report,
}

/// What the function says about its run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Done {
    /// Of the report.
    pub enabled: u64,
    pub pending: u64,
    pub failed: u64,
    /// Memberships that a fleet report finds not to be as declared.
    pub drift: Option<u64>,
    /// What the function would have answered Lambda with, if that is an error.
    pub error: Option<String>,
    /// The function's own count of calls.
    pub calls: u64,
    pub wall: Duration,
    /// Processor time of the invocation alone.
    pub processor: Duration,
    /// Roughly how much of that was user's and the system's.
    pub user: Duration,
    pub system: Duration,
    /// Resident memory in KiB before the invocation, and the most so far after it.
    pub memory_before: u64,
    pub memory_peak: u64,
}

/// Writes one message.
pub fn say(to: &mut impl Write, what: &impl Serialize) -> Result<(), Failure> {
    let mut line = serde_json::to_string(what)?;
    line.push('\n');
    to.write_all(line.as_bytes())?;
    Ok(to.flush()?)
}

/// Reads one message. `None` at the end.
pub fn hear<T: DeserializeOwned>(from: &mut impl BufRead) -> Result<Option<T>, Failure> {
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&line)?))
}
