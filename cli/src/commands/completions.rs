//! `gdo completions`: a script for the shell.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::exit::{Exit, Failure};
use crate::flags::Arguments;
use crate::output::print;

pub(super) fn print_for(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "gdo", &mut script);
    print(&script)?;
    Ok(Exit::AsDeclared)
}
