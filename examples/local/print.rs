//! A plan and a report as an operator would want to read them: what is not well first, what is alike together.

use std::collections::BTreeMap;

use serde_json::Value;

/// So many accounts of one step are listed one by one.
const LISTED: usize = 5;

/// Region by Region, step by step.
pub fn plan(report: &Value) {
    for region in texts(&report["regions"]) {
        println!("plan for {region}");
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
                println!("  {account}  {word:<8} {why}");
            }
            if accounts.len() > LISTED {
                println!("  and {} more to {word}, {why}", accounts.len() - LISTED);
            }
        }
        if enabled > 0 {
            println!("  {enabled} accounts are already enabled");
        }
        println!();
    }
    rejected_and_notices(report);
}

/// Counts, then everything that is not enabled.
pub fn report(report: &Value) {
    let summary = &report["summary"];
    let count = |name: &str| summary[name].as_u64().unwrap_or(0);
    println!("report: {} accounts in {} Regions", count("accounts"), texts(&report["regions"]).len());
    for outcome in ["enabled", "pending", "failed", "skipped"] {
        println!("  {:>6} {outcome}", count(outcome));
    }
    println!("  {:>6} rows rejected\n", count("rejectedRows"));
    for membership in report["memberships"].as_array().into_iter().flatten() {
        if membership["outcome"] != "enabled" {
            let of = |name| text(membership, name);
            println!("{} {} {}: {}", of("outcome"), of("accountId"), of("region"), of("detail"));
        }
    }
    rejected_and_notices(report);
}

fn rejected_and_notices(report: &Value) {
    for row in report["rejectedRows"].as_array().into_iter().flatten() {
        println!("line {}: {}", row["line"], text(row, "reason"));
    }
    for notice in texts(&report["notices"]) {
        println!("notice: {notice}");
    }
    println!();
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
