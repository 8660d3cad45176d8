//! The simulator as a server.
fn main() {}
