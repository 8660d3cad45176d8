//! The real binary, against the simulator over TCP: exit statuses, results, a terminal, credentials.

mod credentials;
mod documents;
mod exits;
mod help;
mod machine;
mod results;
#[cfg(unix)]
mod terminal;
