//! GuardDuty onboarding from a command line, with the loop that Lambda runs: checks, plans and carries out account lists,
//! and says who is monitored.
//!
//! Standard output has the result and nothing else. Progress, questions and errors go to standard error.

mod bar;
mod commands;
mod connection;
mod engine;
mod exit;
mod flags;
mod list;
mod output;
mod patience;
mod question;
#[cfg(test)]
mod sandbox;
mod settings;
mod tables;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use self::exit::Exit;
use self::flags::Arguments;
use self::terminal::Terminal;

// The program mostly waits for answers, as the function does.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // A reader that has closed the pipe is no error.
            let _ = error.print();
            return if is_help { Exit::AsDeclared } else { Exit::Usage }.into();
        }
    };
    let terminal = Terminal::new(&arguments.look);
    Terminal::log();
    match commands::carry_out(arguments.command, &terminal).await {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal::say(&format!("error: {failure}"));
            failure.exit().into()
        }
    }
}
