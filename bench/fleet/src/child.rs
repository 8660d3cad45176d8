//! A process of this program that it starts itself, and the lines that are exchanged with it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::talk::{self, Failure};

/// Descriptors that Lambda allows a function.
const LAMBDAS_DESCRIPTORS: u32 = 1024;
/// How long a process may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running process. It ends with this value.
pub struct Child {
    name: &'static str,
    process: std::process::Child,
    heard: Receiver<String>,
}

impl Child {
    /// The simulator, with all the descriptors that it may have.
    pub fn simulator() -> Result<Self, Failure> {
        Self::start("simulator", "ulimit -n $(ulimit -H -n); exec \"$0\" simulator")
    }

    /// The function, with Lambda's descriptors.
    pub fn function() -> Result<Self, Failure> {
        Self::start("function", &format!("ulimit -n {LAMBDAS_DESCRIPTORS}; exec \"$0\" function"))
    }

    fn start(name: &'static str, script: &str) -> Result<Self, Failure> {
        let mut command = Command::new("sh");
        command.args(["-c", script]).arg(std::env::current_exe()?);
        // An AWS client must not ask the machine's metadata service for credentials.
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn()?;
        let from = BufReader::new(process.stderr.take().ok_or("no standard error")?);
        let (sender, heard) = channel();
        std::thread::spawn(move || {
            for line in from.lines().map_while(Result::ok) {
                if !line.starts_with(['{', '"']) && line.parse::<u64>().is_err() {
                    // A panic, for example.
                    eprintln!("{name}: {line}");
                } else if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { name, process, heard })
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn say(&mut self, what: &impl Serialize) -> Result<(), Failure> {
        talk::say(self.process.stdin.as_mut().ok_or("no standard input")?, what)
    }

    /// Waits for the next message.
    pub fn hear<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let line = self.heard.recv().map_err(|_| format!("the {} has stopped", self.name))?;
        Ok(serde_json::from_str(&line)?)
    }

    /// The same, with a time limit.
    pub fn hear_within<T: DeserializeOwned>(&self, time: Duration) -> Result<Option<T>, Failure> {
        match self.heard.recv_timeout(time) {
            Ok(line) => Ok(Some(serde_json::from_str(&line)?)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(format!("the {} has stopped", self.name).into()),
        }
    }

    /// Sends a message and waits for the answer.
    pub fn ask<T: DeserializeOwned>(&mut self, what: &impl Serialize) -> Result<T, Failure> {
        self.say(what)?;
        self.hear()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // A process whose input has ended ends by itself. One that hangs is stopped.
        drop(self.process.stdin.take());
        let began = Instant::now();
        while began.elapsed() < PATIENCE && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
