//! `gdo man`: the manual's pages, for packaging.

use std::path::Path;

use clap::CommandFactory as _;

use crate::exit::{Exit, Failure};
use crate::flags::Arguments;

pub(super) fn write(folder: &Path) -> Result<Exit, Failure> {
    let written = clap_mangen::generate_to(Arguments::command(), folder);
    written.map_err(|error| Failure::NotDone(format!("{}: {error}", folder.display())))?;
    Ok(Exit::AsDeclared)
}
