//! The simulator as a server on this machine.

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use aws_sim::World;
use clap::Parser;
use tokio::net::TcpListener;

/// Serves GuardDuty, STS, S3, SQS, Organizations and Account to any AWS client with AWS_ENDPOINT_URL set.
#[derive(Parser)]
struct Flags {
    /// Port on the loopback interface; 0 is any free one.
    #[arg(long, default_value_t = 4566)]
    port: u16,
    /// How long every answer takes.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// How long the verification of an invited member's e-mail address takes.
    #[arg(long, default_value_t = 0)]
    verification_ms: u64,
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
        // Nobody can read it from outside, and it would grow for ever.
        knobs.ledger = false;
    });
    // The loopback interface only: whoever reaches it may do anything.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, flags.port)).await?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    aws_sim::serve(world, listener).await
}
