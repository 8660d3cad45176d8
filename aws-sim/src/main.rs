//! The simulator as a server on this machine.

use std::fs::File;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sim::{Call, World};
use clap::Parser;
use serde_json::json;
use tokio::net::TcpListener;

/// The longest time between an answer and its line in the ledger.
const LEDGER_EVERY: Duration = Duration::from_millis(100);

/// Serves GuardDuty, STS, S3, SQS, SNS, Organizations and Account to any AWS client with AWS_ENDPOINT_URL set.
#[derive(Parser)]
struct Flags {
    /// Port on the loopback interface; 0 takes any free one.
    #[arg(long, default_value_t = 4566)]
    port: u16,
    /// How long every answer takes.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// How long the verification of an invited member's e-mail address takes.
    #[arg(long, default_value_t = 0)]
    verification_ms: u64,
    /// A new file to which every call is written as a line of JSON.
    #[arg(long)]
    ledger: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "aws-sim: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(flags: &Flags) -> std::io::Result<()> {
    let world = World::new(SystemTime::now);
    world.set(|knobs| {
        knobs.latency = Duration::from_millis(flags.latency_ms);
        knobs.verification = Duration::from_millis(flags.verification_ms);
        // Without a file nobody takes the calls, and the ledger would only grow.
        knobs.ledger = flags.ledger.is_some();
    });
    let ledger = flags.ledger.as_ref().map(File::create_new).transpose()?;
    // The loopback interface only: anyone who reaches the port may do anything.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, flags.port)).await?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    match ledger {
        None => aws_sim::serve(world, listener).await,
        Some(file) => tokio::select! {
            ended = aws_sim::serve(world.clone(), listener) => ended,
            ended = keep_ledger(&world, file) => ended,
        },
    }
}

/// Writes the calls to the file until that fails.
async fn keep_ledger(world: &World, mut file: File) -> std::io::Result<()> {
    loop {
        tokio::time::sleep(LEDGER_EVERY).await;
        let mut lines = Vec::new();
        for call in world.take_ledger() {
            writeln!(lines, "{}", line(&call))?;
        }
        file.write_all(&lines)?;
    }
}

fn line(call: &Call) -> serde_json::Value {
    let at = call.at.duration_since(UNIX_EPOCH).unwrap_or_default();
    json!({
        "at_ms": u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
        "caller": call.caller,
        "service": call.service,
        "operation": call.operation,
        "region": call.region,
        "accounts": call.accounts,
        "status": call.status,
        "code": call.code,
    })
}
