//! Small and large fleets one after another, for the page about performance.

use std::fs;
use std::path::Path;

use crate::flags::Run;
use crate::fleet::Fleet;
use crate::floor::float;
use crate::measured::Measured;
use crate::page;
use crate::plot::{Panel, Series, svg};
use crate::run::runs;
use crate::talk::Failure;

/// All that is measured.
pub struct Growth {
    /// First runs, by Regions, then accounts.
    pub grid: Vec<Vec<Measured>>,
    /// The whole quota: first, unchanged, report, drifted, removal.
    pub quota: Vec<Measured>,
    /// A fleet whose calls are so slow that no machine is the limit.
    pub slow: Measured,
}

/// How large the fleets are.
struct Sizes {
    accounts: [u32; 3],
    regions: [u32; 3],
    /// Accounts of the slow fleet, and its latency.
    slow: (u32, u64),
}

const FULL: Sizes = Sizes { accounts: [50, 500, 5000], regions: [1, 4, 17], slow: (1000, 250) };
const QUICK: Sizes = Sizes { accounts: [50, 100, 200], regions: [1, 2, 4], slow: (200, 100) };

/// Measures, and writes `performance.md` and `performance.svg`.
pub fn write(like: &Fleet, folder: &Path, quick: bool) -> Result<(), Failure> {
    let growth = measure(like, if quick { &QUICK } else { &FULL })?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join("performance.svg"), svg(&panels(&growth.grid)))?;
    fs::write(folder.join("performance.md"), page::page(&growth))?;
    Ok(())
}

fn measure(like: &Fleet, sizes: &Sizes) -> Result<Growth, Failure> {
    let mut grid = Vec::new();
    for regions in sizes.regions {
        let mut row = Vec::new();
        for accounts in sizes.accounts {
            // How often one looks depends on how long a verification takes; what is left is exact.
            let fleet = Fleet { accounts, regions, verification_ms: 0, ..like.clone() };
            row.extend(runs(&fleet, Run::First)?);
        }
        grid.push(row);
    }
    let [.., accounts] = sizes.accounts;
    let [.., regions] = sizes.regions;
    let quota = runs(&Fleet { accounts, regions, ..like.clone() }, Run::Removal)?;
    let (accounts, latency_ms) = sizes.slow;
    let slow = runs(&Fleet { accounts, regions, latency_ms, ..like.clone() }, Run::First)?;
    let slow = slow.into_iter().next().ok_or("no run")?;
    Ok(Growth { grid, quota, slow })
}

fn panels(grid: &[Vec<Measured>]) -> [Panel; 3] {
    let series = |value: &dyn Fn(&Measured) -> f64, line: Option<&dyn Fn(&Measured) -> f64>| -> Vec<Series> {
        let points = |row: &[Measured], value: &dyn Fn(&Measured) -> f64| {
            row.iter().map(|measured| (float(measured.fleet.memberships()), value(measured))).collect()
        };
        let one = |row: &Vec<Measured>| Series {
            name: match row[0].fleet.regions {
                1 => "1 Region".into(),
                regions => format!("{regions} Regions"),
            },
            points: points(row, value),
            line: line.map(|line| points(row, line)),
        };
        grid.iter().map(one).collect()
    };
    [
        Panel {
            title: "calls (points) and the formula (lines)".into(),
            series: series(&|measured| float(measured.calls()), Some(&|measured| float(measured.formula().all()))),
            tenfold: true,
            at_most: None,
        },
        Panel {
            title: "processor time per call, µs".into(),
            series: series(&Measured::micros_per_call, None),
            tenfold: false,
            at_most: Some(200.0),
        },
        Panel {
            title: "peak resident memory, MiB".into(),
            series: series(&Measured::peak_mib, None),
            tenfold: false,
            at_most: Some(256.0),
        },
    ]
}
