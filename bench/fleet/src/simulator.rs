//! The simulator's process: AWS on one thread, with a loopback address for each of its hosts.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime};

use aws_sim::{Fault, Kind, Storm, World};
use tokio::net::TcpListener;

use crate::fleet::{BUCKET, Change, Denied, Fleet, KEY, REMOVAL_KEY};
use crate::measure;
use crate::talk::{Ask, Begun, Count, Doors, Failure, Seen, hear, say};

/// Serves AWS until nobody asks any more.
#[tokio::main(flavor = "current_thread")]
pub async fn run() -> Result<(), Failure> {
    let fleet: Fleet = hear(&mut std::io::stdin().lock())?.ok_or("no fleet")?;
    let world = World::new(SystemTime::now);
    world.set(|knobs| {
        knobs.latency = Duration::from_millis(fleet.latency_ms);
        knobs.verification = Duration::from_millis(fleet.verification_ms);
        // Counts will do.
        knobs.ledger = false;
    });
    let version = world.put_object(BUCKET, KEY, fleet.list());
    let hosts = open(&world, &fleet).await?;
    say(&mut std::io::stderr(), &Doors { hosts, version })?;

    let (sender, mut asked) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        while let Ok(Some(ask)) = hear::<Ask>(&mut std::io::stdin().lock()) {
            if sender.send(ask).is_err() {
                break;
            }
        }
    });
    while let Some(ask) = asked.recv().await {
        match ask {
            Ask::Drift(drifted) => {
                for (one, region) in
                    drifted.iter().flat_map(|one| fleet.region_codes().map(move |region| (one, region)))
                {
                    let status = match one.change {
                        Change::Removed => "Removed",
                        Change::Disabled => "Disabled",
                    };
                    world.put_member(region, &one.account, &one.email, status);
                }
            }
            // Before, it would contradict the other list in a fleet report.
            Ask::Removal => {
                say(&mut std::io::stderr(), &world.put_object(BUCKET, REMOVAL_KEY, fleet.list()))?;
            }
            Ask::Begin => {
                world.clear_ledger();
                // The same trouble for each run.
                world.clear_faults();
                if fleet.faults > 0 {
                    world.storm(Storm { seed: 1, percent: fleet.faults });
                }
                if let Some(denied) = fleet.denied {
                    world.fault(denial(denied));
                }
                say(
                    &mut std::io::stderr(),
                    &Begun { processor: measure::processor()?.all, connections: world.connections() },
                )?;
            }
            Ask::Calls => {
                let calls: u64 = world.counts().iter().map(|count| count.calls).sum();
                say(&mut std::io::stderr(), &calls)?;
            }
            Ask::Report => say(&mut std::io::stderr(), &seen(&world, &fleet)?)?,
        }
    }
    Ok(())
}

/// AWS's denial, as long as they get.
fn denial(denied: Denied) -> Fault {
    let operation = denied.operation();
    let message =
        format!("User: arn:aws:sts::123456789012:assumed-role/guardduty-onboarding is not allowed to {operation}");
    let message = format!("{message} because {}", "x".repeat(400 - message.len() - " because ".len()));
    let kind = Kind::Reply { status: 403, code: "AccessDenied".into(), message };
    Fault { operation: Some(operation), times: u32::MAX, kind, ..Fault::default() }
}

/// A door for each host: 127.0.1.1, 127.0.1.2, …, on any port that is free there.
async fn open(world: &World, fleet: &Fleet) -> Result<BTreeMap<String, std::net::SocketAddr>, Failure> {
    let mut hosts = BTreeMap::new();
    for (host, place) in fleet.hosts().into_iter().zip(1..) {
        let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 1, place), 0)).await?;
        hosts.insert(host, listener.local_addr()?);
        tokio::spawn(aws_sim::serve(world.clone(), listener));
    }
    Ok(hosts)
}

fn seen(world: &World, fleet: &Fleet) -> Result<Seen, Failure> {
    // Before the looking around here.
    let processor = measure::processor()?.all;
    let members = fleet.region_codes().flat_map(|region| world.members(region));
    let enabled = members.filter(|member| member.status == "Enabled").count() as u64;
    let counts = world.counts().into_iter();
    let counts = counts.map(|aws_sim::Count { region, operation, by_administrator, calls, refused, throttled }| {
        Count { region, operation, by_administrator, calls, refused, throttled }
    });
    Ok(Seen { counts: counts.collect(), enabled, connections: world.connections(), processor })
}
