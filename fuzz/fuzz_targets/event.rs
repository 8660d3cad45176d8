//! Any bytes as an event. The properties are those of `cargo test --test properties`.

#![no_main]

#[path = "../../tests/properties/check.rs"]
mod check;
#[path = "../../tests/properties/event.rs"]
mod event;
#[path = "../../tests/properties/roster.rs"]
mod roster;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = event::holds(bytes) {
        panic!("{why}");
    }
});
