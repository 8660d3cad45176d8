//! Any bytes as an account list. The properties are those of `cargo test --test properties`.

#![no_main]

#[path = "../../tests/properties/check.rs"]
mod check;
#[path = "../../tests/properties/list.rs"]
mod list;
#[path = "../../tests/properties/roster.rs"]
mod roster;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = list::holds(bytes) {
        panic!("{why}");
    }
});
