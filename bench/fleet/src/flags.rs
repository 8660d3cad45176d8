//! The flags.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use serde::Serialize;

use crate::fleet::Fleet;

/// Measures what onboarding a fleet of accounts costs: calls, time, processor, memory. The function and a simulator of
/// AWS run as two processes of their own and talk over TCP. For Linux.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Flags {
    #[command(flatten)]
    pub fleet: Fleet,
    /// The last of the runs: first, unchanged, report, drifted, removal.
    #[arg(long, value_enum, default_value_t = Run::Removal)]
    pub until: Run,
    /// Print one JSON document instead of text.
    #[arg(long)]
    pub json: bool,
    /// Only say how many calls the simulator answers in a second of one core, without any latency.
    #[arg(long)]
    pub simulator_speed: bool,
    /// Measure small and large fleets and write a page and a plot about them into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub growth: Option<PathBuf>,
    /// With `--growth`: small fleets only, to check that it works.
    #[arg(long, requires = "growth")]
    pub quick: bool,
    #[command(subcommand)]
    pub role: Option<Role>,
}

/// A run over the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Run {
    /// All accounts are new to GuardDuty.
    First,
    /// Nothing has changed since.
    Unchanged,
    /// Some members were removed or disabled, and all lists are compared with all members. Nothing is mended.
    Report,
    /// The list, after that.
    Drifted,
    /// All accounts are on a list under remove/.
    Removal,
}

/// The role of a process that this program starts of itself.
#[derive(Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Role {
    /// AWS, with its orders on standard input.
    #[command(hide = true)]
    Simulator,
    /// The function, with its orders on standard input.
    #[command(hide = true)]
    Function,
}

impl Run {
    pub const ALL: [Self; 5] = [Self::First, Self::Unchanged, Self::Report, Self::Drifted, Self::Removal];
}
