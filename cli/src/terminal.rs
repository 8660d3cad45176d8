//! The terminal: what may be drawn and coloured, and what goes to standard error.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

use guardduty_onboarding::logging;

use crate::flags::{Look, When};

/// What the terminal is like.
pub(crate) struct Terminal {
    /// Whether the result may have colours.
    pub(crate) colours: bool,
    /// Whether a progress bar may be drawn.
    pub(crate) bars: bool,
    /// Whether somebody can be asked.
    pub(crate) asks: bool,
}

impl Terminal {
    pub(crate) fn new(look: &Look) -> Self {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let colours = match look.color {
            When::Always => true,
            When::Never => false,
            When::Auto => io::stdout().is_terminal() && !is_set("NO_COLOR"),
        };
        let errors = io::stderr().is_terminal();
        // Lines of a log would tear the bar apart.
        let bars = errors && !look.quiet && !is_set(LOG);
        Self { colours, bars, asks: errors && io::stdin().is_terminal() }
    }

    /// Starts the log if somebody wants it.
    pub(crate) fn log() {
        if env::var_os(LOG).is_some_and(|level| !level.is_empty()) {
            logging::start_on_standard_error(|name| env::var(name).ok());
        }
    }
}

/// Says something beside the result.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Asks for a log, and says of what level.
const LOG: &str = "RUST_LOG";
