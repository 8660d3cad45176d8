//! The analysis on crates of a few lines.

use std::collections::BTreeSet;

use super::{Arrow, Crate};
use crate::circles;

const INVENTED: Crate = Crate { folder: "src", library: "invented" };

fn arrows(files: &[(&str, &str)]) -> BTreeSet<Arrow> {
    let sources = files.iter().map(|(path, text)| (format!("src/{path}"), (*text).to_owned())).collect();
    INVENTED.arrows(&sources)
}

/// What counts among files, as `a.rs -> b.rs: B`.
fn shown(files: &[(&str, &str)]) -> Vec<String> {
    let counts = arrows(files).into_iter().filter(|arrow| !arrow.in_passing);
    let short = |path: &str| path.trim_start_matches("src/").to_owned();
    counts.map(|arrow| format!("{} -> {}: {}", short(&arrow.from), short(&arrow.to), arrow.name)).collect()
}

#[test]
fn two_files_that_name_each_other_are_a_circle_shown_by_its_names() {
    let arrows = arrows(&[
        ("lib.rs", "mod list; mod row;"),
        ("list.rs", "use crate::row::{MOST, Row}; pub struct List(Vec<Row>);"),
        ("row.rs", "pub const MOST: usize = 1; pub struct Row; impl From<super::list::List> for Row {}"),
    ]);

    let circles = circles::among(&arrows);

    assert_eq!(circles, [vec!["src/list.rs", "src/row.rs"]].into());
    let shown = circles.first().map(|circle| circles::shown(circle, &arrows));
    let expected = "\n  src/list.rs -> src/row.rs: MOST, Row\n  src/row.rs -> src/list.rs: List\n";
    assert_eq!(shown.as_deref(), Some(expected));
}

#[test]
fn a_longer_circle_is_found_once() {
    let arrows = arrows(&[
        ("lib.rs", "mod a; mod b; mod c; mod above;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::a::A; pub struct C;"),
        ("above.rs", "use crate::{a::A, b::B, c::C};"),
    ]);
    assert_eq!(circles::among(&arrows), [vec!["src/a.rs", "src/b.rs", "src/c.rs"]].into());
}

#[test]
fn a_name_is_followed_through_faces_to_its_definer() {
    let shown = shown(&[
        ("lib.rs", "mod roster; mod user; mod world; pub use world::*;"),
        ("roster.rs", "mod list; pub(crate) use list::{Inner as Named, deep::*};"),
        ("roster/list.rs", "pub mod deep; pub use deep::Deep as Inner;"),
        ("roster/list/deep.rs", "pub struct Deep; pub enum Kind { One }"),
        ("world.rs", "pub struct World;"),
        ("user.rs", "use crate::roster::{self, Named}; use crate::World; const ONE: u8 = roster::Kind::One as u8;"),
    ]);
    assert_eq!(
        shown,
        ["user.rs -> roster/list/deep.rs: Deep", "user.rs -> roster/list/deep.rs: Kind", "user.rs -> world.rs: World",]
    );
}

#[test]
fn a_face_makes_no_circle_by_itself() {
    let child = ("roster/list.rs", "use super::Roster; pub fn read() -> Roster { Roster }");
    let face = "mod list; pub use list::read; pub struct Roster;";
    let with_face = [("lib.rs", "mod roster;"), ("roster.rs", face), child];
    assert_eq!(shown(&with_face), ["roster/list.rs -> roster.rs: Roster"]);

    let uses_it = format!("{face} fn all() -> Vec<Roster> {{ vec![read()] }}");
    let with_use = arrows(&[("lib.rs", "mod roster;"), ("roster.rs", &uses_it), child]);
    assert_eq!(circles::among(&with_use), [vec!["src/roster.rs", "src/roster/list.rs"]].into());
}

#[test]
fn a_path_through_a_module_is_seen_wherever_it_stands() {
    let user = "mod queue; mod look; use crate::quote; pub use look::look;
        #[error(\"{}\", quote::attribute(.0))]
        struct Failed<T: quote::Bound>(T);
        fn go() {
            info!(key = quote::name(queue::MOST), \"done\");
            if let Some(quote::Case { .. }) = look() { queue::carry_out::<quote::Generic>(|| 1 + queue::LEAST) }
        }";
    let shown = shown(&[
        ("lib.rs", "mod quote; mod user;"),
        ("user.rs", user),
        ("user/queue.rs", "pub fn carry_out() {} pub const MOST: u8 = 1; pub const LEAST: u8 = 0;"),
        ("user/look.rs", "pub fn look() {}"),
        ("quote.rs", "pub fn attribute() {} pub trait Bound {} pub fn name() {} pub struct Case; pub struct Generic;"),
    ]);
    assert_eq!(
        shown,
        [
            "user.rs -> quote.rs: Bound",
            "user.rs -> quote.rs: Case",
            "user.rs -> quote.rs: Generic",
            "user.rs -> quote.rs: attribute",
            "user.rs -> quote.rs: name",
            "user.rs -> user/look.rs: look",
            "user.rs -> user/queue.rs: LEAST",
            "user.rs -> user/queue.rs: MOST",
            "user.rs -> user/queue.rs: carry_out",
        ]
    );
}

#[test]
fn a_variable_is_not_the_function_of_its_name() {
    let user = "mod answer; pub use answer::answer; fn go(answer: u8) { show(answer); info!(answer = 1, x.answer()); }";
    let files = |user| [("lib.rs", "mod user;"), ("user.rs", user), ("user/answer.rs", "pub fn answer() {}")];
    assert_eq!(shown(&files(user)), [""; 0]);

    let called = user.replace("show(answer)", "let answer = answer(answer)");
    assert_eq!(shown(&files(&called)), ["user.rs -> user/answer.rs: answer"]);
}

#[test]
fn what_is_for_tests_only_is_left_out() {
    let list = "#[cfg(test)] use crate::row::Row;
        pub struct List;
        impl List { #[cfg(test)] fn first() -> crate::row::Row { crate::row::Row } }
        #[cfg(test)] fn sample() -> crate::row::Row { crate::row::Row }
        #[cfg(test)] mod tests;
        #[cfg(test)] mod more { use crate::row::Row; }";
    let shown = shown(&[
        ("lib.rs", "mod list; mod row;"),
        ("list.rs", list),
        ("list/tests.rs", "use crate::row::Row;"),
        ("row.rs", "pub struct Row; impl Row { fn list() -> crate::list::List { crate::list::List } }"),
    ]);
    assert_eq!(shown, ["row.rs -> list.rs: List"]);
}

#[test]
fn an_impl_of_anothers_type_names_it() {
    let files = [("lib.rs", "mod world; mod roles;"), ("world.rs", "pub struct World;")];
    let [root, world] = files;
    let shown = shown(&[root, world, ("roles.rs", "impl crate::world::World { fn role(&self) {} }")]);
    assert_eq!(shown, ["roles.rs -> world.rs: World"]);
}

#[test]
fn a_program_names_its_library() {
    let shown = shown(&[
        ("lib.rs", "pub mod aws;"),
        ("aws.rs", "pub struct Aws;"),
        ("main.rs", "mod logging; use invented::aws::Aws; fn main() { logging::start(); crate::logging::stop(); }"),
        ("logging.rs", "pub fn start() {} pub fn stop() {}"),
    ]);
    assert_eq!(shown, ["main.rs -> aws.rs: Aws", "main.rs -> logging.rs: start", "main.rs -> logging.rs: stop"]);
}

#[test]
fn a_module_that_is_only_passed_counts_for_modules_alone() {
    let files = [
        ("lib.rs", "mod membership; mod plan; mod quote;"),
        ("membership.rs", "pub use crate::quote::sentence as quoted;"),
        ("quote.rs", "pub fn sentence() {}"),
        ("plan.rs", "use crate::membership::quoted;"),
    ];
    let passing: Vec<(String, String)> =
        arrows(&files).into_iter().filter(|arrow| arrow.in_passing).map(|arrow| (arrow.from, arrow.name)).collect();
    let pair = |from: &str, name: &str| (from.to_owned(), name.to_owned());
    let expected =
        [pair("src/membership.rs", "quote"), pair("src/membership.rs", "sentence"), pair("src/plan.rs", "membership")];
    assert_eq!(passing, expected);
    assert_eq!(shown(&files), ["plan.rs -> quote.rs: sentence"]);
}

#[test]
#[should_panic(expected = "src/list.rs: no file below src defines crate::row::Gone")]
fn a_path_that_leads_nowhere_is_reported() {
    arrows(&[("lib.rs", "mod list; mod row;"), ("list.rs", "use crate::row::Gone;"), ("row.rs", "")]);
}
