//! The page about performance: text that is true of any measurement, and tables of this one.

use serde::Deserialize;

use crate::budget::budgets;
use crate::floor::float;
use crate::growth::Growth;
use crate::measure;
use crate::measured::Measured;
use crate::print;

const TEXT: &str = include_str!("page.md");

/// What the command line takes, as `bench/gdo.sh` has measured it.
const COMMAND_LINE: &str = include_str!("../../gdo.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommandLine {
    accounts: u32,
    regions: u32,
    latency_ms: u32,
    function_seconds: f64,
    gdo_seconds: f64,
    help_ms: f64,
    check_ms: f64,
}

/// How long a reader waits for a report's page, as the browser test has measured it.
const WAITS: &str = include_str!("../../page.json");

#[derive(Deserialize)]
struct Wait {
    page: String,
    bytes: u64,
    paint: f64,
    key: Option<f64>,
}

/// `performance.md`.
pub fn page(growth: &Growth) -> String {
    let large = growth.quota.iter().chain([&growth.slow]).collect::<Vec<_>>();
    let quota = &growth.quota[0].fleet;
    let slow = &growth.slow.fleet;
    TEXT.replace("{machine}", &measure::described())
        .replace("{others}", &others(growth))
        .replace("{latency}", &quota.latency_ms.to_string())
        .replace("{verification}", &quota.verification_ms.to_string())
        .replace("{concurrency}", &quota.concurrency.to_string())
        .replace("{accounts}", &quota.accounts.to_string())
        .replace("{regions}", &quota.regions.to_string())
        .replace("{drift}", &quota.drift_percent.to_string())
        .replace("{slow accounts}", &slow.accounts.to_string())
        .replace("{slow latency}", &slow.latency_ms.to_string())
        .replace("{large}", &large_runs(&large))
        .replace("{limits}", &limits(&large))
        .replace("{budgets}", &budget_table(&large))
        .replace("{page}", &waits())
        .replace("{gdo}", &command_line())
        .replace("{grid}", &grid_table(growth))
        .replace("{growth}", &growth_in_words(growth))
}

/// How quiet the machine was.
fn others(growth: &Growth) -> String {
    let all = growth.grid.iter().flatten().chain(&growth.quota).chain([&growth.slow]);
    let most = all.map(Measured::others_percent).fold(0.0, f64::max);
    let largest = growth.quota.first().map_or(0.0, Measured::others_percent);
    format!("Other programs used {largest:.0} % of its processor time during the largest run, {most:.0} % at most")
}

/// A row about a run.
type Cell = fn(&Measured) -> String;

fn named(measured: &Measured) -> String {
    let fleet = &measured.fleet;
    format!("{} × {}, {} ms: {}", fleet.accounts, fleet.regions, fleet.latency_ms, print::name(measured.run))
}

fn large_runs(runs: &[&Measured]) -> String {
    let rows: [(&str, Cell); 17] = [
        ("memberships monitored afterwards", |run| run.enabled.to_string()),
        ("calls", |run| run.calls().to_string()),
        ("calls by the formula", |run| run.formula().all().to_string()),
        ("calls per membership", |run| format!("{:.3}", run.calls_per_membership())),
        ("wall clock", |run| format!("{:.1} s", run.done.wall.as_secs_f64())),
        ("floor", |run| format!("{:.1} s", run.floor())),
        ("the floor is", |run| format!("{}: {}", run.bounds()[0].what, run.bounds()[0].how)),
        ("wall clock ÷ floor", |run| run.ratio().map_or("-".into(), |ratio| format!("{ratio:.2}"))),
        ("least possible", |run| format!("{:.1} s: {}", run.least().0.least, run.least().0.what)),
        ("wall clock ÷ least", |run| format!("{:.2}", run.least().1)),
        ("function's processor time", |run| format!("{:.1} s", run.done.processor.as_secs_f64())),
        ("per call", |run| format!("{:.0} µs", run.micros_per_call())),
        ("peak resident memory", |run| format!("{:.0} MiB", run.peak_mib())),
        ("connections made", |run| run.connections.to_string()),
        ("peak descriptors", |run| format!("{} of {}", run.descriptors, run.descriptors_allowed)),
        ("simulator's processor time", |run| format!("{:.1} s", run.simulator.as_secs_f64())),
        ("calls per second of it", |run| format!("{:.0}", run.simulators_speed())),
    ];
    let mut table = vec![
        format!("| | {} |", runs.iter().map(|run| named(run)).collect::<Vec<_>>().join(" | ")),
        format!("|---|{}", "---|".repeat(runs.len())),
    ];
    table.extend(rows.iter().map(|(name, cell)| {
        let cells: Vec<String> = runs.iter().map(|run| cell(run)).collect();
        format!("| {name} | {} |", cells.join(" | "))
    }));
    table.join("\n")
}

fn limits(runs: &[&Measured]) -> String {
    let lines: Vec<String> = runs.iter().map(|run| format!("- {}: {}.", named(run), print::limit(run))).collect();
    lines.join("\n")
}

fn budget_table(runs: &[&Measured]) -> String {
    let mut table = vec!["| run | budget | at most | measured | |".to_owned(), "|---|---|---|---|---|".into()];
    for run in runs {
        for budget in budgets(run) {
            table.push(format!(
                "| {} | {} | {:.2} {} | {:.2} | {} |",
                named(run),
                budget.what,
                budget.at_most,
                budget.unit,
                budget.measured,
                budget.margin()
            ));
        }
    }
    table.join("\n")
}

fn grid_table(growth: &Growth) -> String {
    let mut table = vec![
        "| accounts × Regions | calls | by the formula | per membership | wall clock | floor | ratio | least | ratio to it | waited for | processor per call | peak memory | of it per membership |".to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|".into(),
    ];
    for run in growth.grid.iter().flatten() {
        table.push(format!(
            "| {} × {} | {} | {} | {:.3} | {:.2} s | {:.2} s | {} | {:.2} s | {:.2} | {} | {:.0} µs | {:.1} MiB | {:.2} KiB |",
            run.fleet.accounts,
            run.fleet.regions,
            run.calls(),
            run.formula().all(),
            run.calls_per_membership(),
            run.done.wall.as_secs_f64(),
            run.floor(),
            run.ratio().map_or("-".into(), |ratio| format!("{ratio:.2}")),
            run.least().0.least,
            run.least().1,
            print::waited_for(run),
            run.micros_per_call(),
            run.peak_mib(),
            run.kib_per_membership()
        ));
    }
    table.join("\n")
}

fn command_line() -> String {
    let Ok(measured) = serde_json::from_str(COMMAND_LINE) else { return String::new() };
    let CommandLine { accounts, regions, latency_ms, function_seconds, gdo_seconds, help_ms, check_ms } = measured;
    let ratio = gdo_seconds / function_seconds;
    format!(
        "| | |\n|---|---|\n\
         | first run of {accounts} accounts in {regions} Regions, {latency_ms} ms a call: the function's invocation | {function_seconds:.2} s |\n\
         | the same: `gdo apply --yes`, from the start of its process to its end | {gdo_seconds:.2} s, {ratio:.2} times that |\n\
         | `gdo --help` | {help_ms:.1} ms |\n\
         | `gdo check` of 10,000 rows | {check_ms:.1} ms |"
    )
}

/// The pages whose names are their numbers of accounts, in all Regions.
fn waits() -> String {
    let waits: Vec<Wait> = serde_json::from_str(WAITS).unwrap_or_default();
    let sized = waits.iter().filter(|wait| wait.page.parse::<u32>().is_ok());
    let row = |Wait { page, bytes, paint, key }: &Wait| {
        let key = key.map_or("-".into(), |key| format!("{key:.1} ms"));
        format!("\n| {page} × 17 | {} kB | {paint:.0} ms | {key} |", bytes / 1000)
    };
    "| accounts × Regions | page | first paint | a key in the search |\n|---|---|---|---|".to_owned()
        + &sized.map(row).collect::<String>()
}

/// Says in numbers whether the figures that should be exact or flat are so.
fn growth_in_words(growth: &Growth) -> String {
    let all = || growth.grid.iter().flatten();
    let exact = all().filter(|run| run.calls() - run.running_reports() == run.formula().all()).count();
    // In the same Regions, so that both have as many clients and hosts.
    let largest = growth.grid.last().and_then(|row| row.first().zip(row.last()));
    let Some((few, many)) = largest else { return String::new() };
    let calls = float(many.calls().saturating_sub(few.calls()));
    let memberships = float(many.fleet.memberships().saturating_sub(few.fleet.memberships()));
    let micros = many.done.processor.saturating_sub(few.done.processor).as_secs_f64() * 1e6 / calls;
    let kib = (many.peak_mib() - few.peak_mib()) * 1024.0 / memberships;
    format!(
        "In {exact} of {} fleets the calls are those of the formula to the call, running reports left out. From {} to {} accounts in {} Regions each \
         further call adds {micros:.0} µs of processor time, and each further membership {kib:.2} KiB of memory; the rest is what \
         a process does once: clients, root certificates, first connections.",
        all().count(),
        few.fleet.accounts,
        many.fleet.accounts,
        many.fleet.regions
    )
}
