//! What each command does.

mod apply;
mod check;
mod completions;
#[cfg(feature = "demo")]
mod demo;
mod man;
mod plan;
mod status;

use crate::exit::{Exit, Failure};
use crate::flags::Command;
use crate::terminal::Terminal;

pub(crate) async fn carry_out(command: Command, terminal: &Terminal) -> Result<Exit, Failure> {
    match command {
        Command::Check(check) => check::carry_out(&check, terminal),
        Command::Plan(plan) => plan::carry_out(plan, terminal).await,
        Command::Apply(apply) => apply::carry_out(apply, terminal).await,
        Command::Status(status) => status::carry_out(status, terminal).await,
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::carry_out(demo, terminal).await,
        Command::Completions { shell } => completions::print_for(shell),
        Command::Man { folder } => man::write(&folder),
    }
}
