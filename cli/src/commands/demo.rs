//! `gdo demo`: a team's week on the embedded simulator. A list is planned and carried out, two accounts are suspended, three
//! removed, something drifts, and one report over all lists says so.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sim::{Storm, World};
use guardduty_onboarding::account::AccountId;
use guardduty_onboarding::aws::{Aws, Identity};
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::Config;
use guardduty_onboarding::declared::Goal;
use guardduty_onboarding::fleet::List;
use guardduty_onboarding::quote;
use guardduty_onboarding::roster::{self, Roster};
use guardduty_onboarding::run::Source;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::connection::Connection;
use crate::engine::Engine;
use crate::exit::{Exit, Failure};
use crate::flags::{Demo, Trouble};
use crate::output::{print, write_all};
use crate::tables;
use crate::terminal::Terminal;

const SAMPLE: &[u8] = include_bytes!("../../../events/sample-accounts.csv");
const REGION: &str = "us-east-1";
/// One account in so many is in trouble.
const IN_TROUBLE: usize = 10;

pub(super) async fn carry_out(demo: Demo, terminal: &Terminal) -> Result<Exit, Failure> {
    let (name, list) = list(&demo)?;
    let world = World::new(SystemTime::now);
    world.set(|knobs| {
        knobs.latency = Duration::from_millis(demo.latency_ms);
        knobs.verification = Duration::from_millis(demo.verification_ms);
        knobs.ledger = false;
    });
    let engine = Engine::new(connection(&demo, &world).await?, terminal).await?;
    let source = Source::Request { request: quote::name(&name) };
    let roster = roster::read(&list, &engine.rules(Goal::Monitored));
    make_trouble(&demo, &world, &engine, &roster);

    let week = async {
        let plan = engine.plan(&source, Goal::Monitored, roster.clone()).await;
        say("gdo plan", &tables::plan(&plan, terminal))?;
        if plan.memberships.is_empty() || demo.dry_run || engine.stop.has_come() {
            return Ok(());
        }
        let applied = engine.apply(&source, Goal::Monitored, roster.clone()).await;
        say("gdo apply", &tables::report(&applied, terminal))?;
        let page = write_all(applied, &demo.report_dir, "local")?;

        let ids: Vec<AccountId> = roster.accounts.iter().map(|account| account.id).collect();
        let mut lists = vec![list_of(Goal::Monitored, roster)];
        // The second account is suspended when it is removed.
        for (goal, ids) in [(Goal::Suspended, ids.get(..2)), (Goal::Removed, ids.get(1..4))] {
            let rows: Vec<String> = ids.into_iter().flatten().map(ToString::to_string).collect();
            if rows.is_empty() || engine.stop.has_come() {
                continue;
            }
            let roster = roster::read(rows.join("\n").as_bytes(), &engine.rules(goal));
            let source = Source::Request { request: format!("{goal}.csv") };
            let run = engine.apply(&source, goal, roster.clone()).await;
            say(&format!("gdo apply --declared {goal}"), &tables::report(&run, terminal))?;
            lists.push(list_of(goal, roster));
        }
        drift(&world, &engine, &ids);
        let fleet = engine.compare(&lists).await;
        say("gdo status", &tables::status(&fleet, terminal))?;
        let fleet = write_all(fleet, &demo.report_dir, "fleet")?;
        print(format!("The reports to look at:\n{}\n{}\n", address(&page), address(&fleet)).as_bytes())
    };
    engine.until_interrupted(week).await?;
    Ok(engine.exit(Exit::AsDeclared))
}

/// The list's name and bytes.
fn list(demo: &Demo) -> Result<(String, Vec<u8>), Failure> {
    if let Some(path) = &demo.list {
        let bytes = fs::read(path).map_err(|error| Failure::NotDone(format!("{}: {error}", path.display())))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        return Ok((name.unwrap_or_default(), bytes));
    }
    let Some(count) = demo.accounts else { return Ok(("sample-accounts.csv".into(), SAMPLE.into())) };
    let rows = (1..=count).map(|number| format!("{number:012},aws+{number}@example.com\n"));
    Ok((format!("made-up-{count}.csv"), rows.collect::<String>().into()))
}

async fn connection(demo: &Demo, world: &World) -> Result<Connection, Failure> {
    let config = Config::read(|name| match name {
        "AWS_REGION" => Some(REGION.into()),
        "MEMBER_ROLE_NAME" => Some("GuardDutyOnboarding".into()),
        "REGIONS" => Some(demo.regions.clone()),
        "ALLOW_SUSPEND" | "ALLOW_REMOVE" => Some("true".into()),
        "SETTLE_SECONDS" => Some("20".into()),
        _ => None,
    });
    let config = config.map_err(|error| Failure::Usage(error.to_string()))?;
    let aws = Aws::new(sdk(world), Clock::system()).for_invocation("gdo-demo");
    let identity: Identity = aws.caller().await.map_err(|error| Failure::NotDone(error.to_string()))?;
    Ok(Connection { aws, config, identity })
}

fn sdk(world: &World) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .http_client(world.http_client())
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "secret",
            None,
            None,
            "gdo demo",
        )))
        .build()
}

fn make_trouble(demo: &Demo, world: &World, engine: &Engine<'_>, roster: &Roster) {
    let unlucky = || roster.accounts.iter().skip(4).step_by(IN_TROUBLE).map(|account| account.id.as_str());
    for trouble in &demo.trouble {
        match trouble {
            Trouble::MissingRole => unlucky().for_each(|id| world.role_missing(id)),
            Trouble::WrongEmail => {
                roster.accounts.iter().skip(5).step_by(IN_TROUBLE).for_each(|account| {
                    world.email_is(account.id.as_str(), "somebody-else@example.com");
                });
            }
            Trouble::Throttle => world.storm(Storm { seed: 7, percent: 10 }),
            Trouble::RegionOff => {
                if let Some(region) = engine.regions.last() {
                    unlucky().for_each(|id| world.region_off(id, region.as_str()));
                }
            }
        }
    }
}

/// Somebody else suspends an account of the list in one Region, and invites one that is on no list.
fn drift(world: &World, engine: &Engine<'_>, ids: &[AccountId]) {
    if let (Some(drifted), Some(region)) = (ids.get(4), engine.regions.first()) {
        world.put_member(region.as_str(), drifted.as_str(), "drifted@example.com", "Disabled");
        world.put_member(region.as_str(), "999988887777", "unlisted@example.com", "Enabled");
    }
}

fn list_of(goal: Goal, roster: Roster) -> List {
    List { key: format!("{}local.csv", goal.prefix()).into(), version_id: None, goal, roster }
}

/// What a browser opens.
fn address(page: &Path) -> String {
    const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    format!("file://{}", percent_encode(page.as_os_str().as_encoded_bytes(), PATH))
}

/// A command as somebody would type it, and what it prints.
fn say(command: &str, result: &str) -> Result<(), Failure> {
    print(format!("$ {command}\n{result}\n").as_bytes())
}
