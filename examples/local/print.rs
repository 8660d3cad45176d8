//! A plan and a report as an operator would want to read them: what is not well first, what is alike together.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

/// So many accounts of one step are listed one by one.
const LISTED: usize = 5;

/// Region by Region, step by step.
pub fn plan(report: &Value) -> String {
    let mut out = String::new();
    if report["summary"]["accounts"] == 0 {
        let _ = writeln!(out, "nothing to onboard");
        rejected_and_notices(&mut out, report);
        return out;
    }
    for region in texts(&report["regions"]) {
        let _ = writeln!(out, "plan for {region}");
        let mut by_step: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut enabled = 0;
        for membership in in_region(report, region) {
            match membership["outcome"].as_str() {
                Some("enabled") => enabled += 1,
                Some("planned") => {
                    let step = text(membership, "detail").split(';').next().unwrap_or("").to_owned();
                    by_step.entry(step).or_default().push(text(membership, "accountId"));
                }
                _ => by_step
                    .entry(format!("nothing: {}", text(membership, "detail")))
                    .or_default()
                    .push(text(membership, "accountId")),
            }
        }
        for (step, accounts) in by_step {
            let (word, why) = step.split_once(": ").unwrap_or((&step, ""));
            for account in accounts.iter().take(LISTED) {
                let _ = writeln!(out, "  {account}  {word:<8} {why}");
            }
            if accounts.len() > LISTED {
                let _ = writeln!(out, "  and {} more to {word}, {why}", accounts.len() - LISTED);
            }
        }
        if enabled > 0 {
            let _ = writeln!(out, "  {enabled} accounts are already enabled");
        }
        let _ = writeln!(out);
    }
    rejected_and_notices(&mut out, report);
    out
}

/// Counts, then everything that is not enabled.
pub fn report(report: &Value) -> String {
    let mut out = String::new();
    let summary = &report["summary"];
    let count = |name: &str| summary[name].as_u64().unwrap_or(0);
    let _ = writeln!(out, "report: {} accounts in {} Regions", count("accounts"), texts(&report["regions"]).len());
    for outcome in ["enabled", "pending", "failed", "skipped"] {
        let _ = writeln!(out, "  {:>6} {outcome}", count(outcome));
    }
    let _ = writeln!(out, "  {:>6} rows rejected\n", count("rejectedRows"));
    for membership in report["memberships"].as_array().into_iter().flatten() {
        if membership["outcome"] != "enabled" {
            let of = |name| text(membership, name);
            let _ = writeln!(out, "{} {} {}: {}", of("outcome"), of("accountId"), of("region"), of("detail"));
        }
    }
    rejected_and_notices(&mut out, report);
    out
}

fn rejected_and_notices(out: &mut String, report: &Value) {
    for row in report["rejectedRows"].as_array().into_iter().flatten() {
        let _ = writeln!(out, "line {}: {}", row["line"], text(row, "reason"));
    }
    for notice in texts(&report["notices"]) {
        let _ = writeln!(out, "notice: {notice}");
    }
    let _ = writeln!(out);
}

fn in_region<'a>(report: &'a Value, region: &'a str) -> impl Iterator<Item = &'a Value> {
    report["memberships"].as_array().into_iter().flatten().filter(move |membership| membership["region"] == region)
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or("")
}
