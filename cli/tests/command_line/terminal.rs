//! On a terminal: the question, the bar, Ctrl-C. The result goes to a pipe, everything else to the terminal.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use aws_sim::Fault;
use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, write};

use crate::machine::*;

/// A program on a terminal of its own.
struct Session {
    program: Child,
    terminal: File,
    shows: Receiver<Vec<u8>>,
    shown: String,
}

impl Session {
    /// Standard output is a pipe.
    fn new(machine: &Machine, words: &[&str]) -> Self {
        Self::start(machine.gdo(words).stdout(Stdio::piped()), false)
    }

    /// Standard output is a pipe, or the terminal, too.
    fn start(gdo: &mut Command, shows_result: bool) -> Self {
        let size = Winsize { ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).expect("a pseudo-terminal");
        let slave = || Stdio::from(pty.slave.try_clone().expect("a descriptor"));
        if shows_result {
            gdo.stdout(slave());
        }
        let program = gdo.env("TERM", "xterm").stdin(slave()).stderr(slave()).spawn();
        let terminal = File::from(pty.master);
        let mut reader = terminal.try_clone().expect("a descriptor");
        let (show, shows) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if show.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { program: program.expect("gdo starts"), terminal, shows, shown: String::new() }
    }

    /// Waits until the terminal shows that.
    fn shows(&mut self, expected: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.shown.contains(expected) {
            let left = until.saturating_duration_since(Instant::now());
            let more = self.shows.recv_timeout(left);
            let more = more.unwrap_or_else(|_| panic!("{expected:?} is not shown:\n{}", self.shown));
            self.shown += &String::from_utf8_lossy(&more);
        }
    }

    fn types(&mut self, line: &str) {
        write(&self.terminal, format!("{line}\n").as_bytes()).expect("the terminal takes it");
    }

    fn ctrl_c(&self) {
        let id = i32::try_from(self.program.id()).expect("a process id");
        kill(Pid::from_raw(id), Signal::SIGINT).expect("the program is there");
    }

    /// The exit status and the result.
    fn ends(self) -> (i32, String) {
        let (status, out, _) = ended(self.program.wait_with_output().expect("gdo ends"));
        (status, out)
    }
}

#[test]
fn a_yes_carries_the_plan_out_and_a_no_changes_nothing() {
    for (answer, expected, members) in [("y", 0, 2), ("YES", 0, 2), ("n", 1, 0), ("", 1, 0), ("2", 1, 0)] {
        let machine = Machine::new();
        let list = machine.file("two.csv", TWO);
        let mut session = Session::new(&machine, &["apply", &list]);
        session.shows("2 planned");
        session.shows("Carry this out? [y/N]");
        session.types(answer);
        let (status, out) = session.ends();
        assert_eq!((status, out.contains("2 enabled")), (expected, expected == 0), "{answer:?}: {out}");
        assert_eq!(machine.world.members(VIRGINIA).len(), members, "{answer:?}");
    }
}

#[test]
fn who_lets_accounts_go_types_how_many() {
    for (answer, expected, members) in [("y", 1, 2), ("1", 1, 2), ("2", 0, 0)] {
        let machine = Machine::new();
        let list = machine.file("two.csv", TWO);
        assert_eq!(machine.run(&["apply", &list, "--yes"]).0, 0);
        let mut session = Session::new(&machine, &["apply", &list, "--declared", "removed"]);
        session.shows("2 accounts would be removed. Type 2 to go on:");
        session.types(answer);
        assert_eq!(session.ends().0, expected, "{answer:?}");
        assert_eq!(machine.world.members(VIRGINIA).len(), members, "{answer:?}");
    }
}

#[test]
fn nobody_is_asked_where_nothing_would_change() {
    let machine = Machine::new();
    let list = machine.file("two.csv", TWO);
    assert_eq!(machine.run(&["apply", &list, "--yes"]).0, 0);
    let (status, out) = Session::new(&machine, &["apply", &list]).ends();
    assert!(status == 0 && out.contains("2 enabled"), "{out}");
}

#[test]
fn a_bar_shows_the_progress_unless_it_is_not_wanted() {
    for quiet in [false, true] {
        let machine = Machine::new();
        let list = machine.file("two.csv", TWO);
        machine.world.set(|knobs| knobs.latency = Duration::from_millis(100));
        let words = ["apply", &list, "--yes", "--quiet"];
        let mut session = Session::new(&machine, &words[..if quiet { 4 } else { 3 }]);
        if !quiet {
            session.shows("of 2 memberships");
        }
        let shown = session.shown.clone();
        let (status, out) = session.ends();
        assert_eq!((status, shown.is_empty()), (0, quiet), "{shown}");
        assert!(!out.contains("memberships"), "{out}");
    }
}

#[test]
fn a_result_on_a_terminal_has_colours_unless_they_are_not_wanted() {
    let machine = Machine::new();
    let list = machine.file("two.csv", TWO);
    for (words, no_color, coloured) in [
        (&["plan", &list][..], None, true),
        (&["plan", &list], Some(""), true),
        (&["plan", &list], Some("1"), false),
        (&["plan", &list, "--color", "never"], None, false),
        (&["plan", &list, "--color", "always"], Some("1"), true),
    ] {
        let mut gdo = machine.gdo(words);
        if let Some(value) = no_color {
            gdo.env("NO_COLOR", value);
        }
        let mut session = Session::start(&mut gdo, true);
        session.shows("would be switched on");
        assert_eq!(
            session.shown.contains("\u{1b}[1m"),
            coloured,
            "{words:?}, NO_COLOR {no_color:?}: {:?}",
            session.shown
        );
        assert_eq!(session.ends().0, 0);
    }
}

#[test]
fn ctrl_c_starts_nothing_new_and_prints_what_is_settled() {
    let machine = Machine::new();
    let list = machine.file("two.csv", TWO);
    assert_eq!(machine.run(&["apply", &list, "--yes"]).0, 0);
    let rows: Vec<String> = (1..=200).map(|number| format!("{number:012},account-{number}@example.com")).collect();
    let list = machine.file("long.csv", format!("{TWO}{}\n", rows.join("\n")));
    machine.world.set(|knobs| knobs.latency = Duration::from_millis(300));
    let mut session = Session::new(&machine, &["apply", &list, "--yes", "--concurrency", "2", "--output", "json"]);
    session.shows("2 of 202 memberships");
    session.ctrl_c();
    session.shows("interrupted: what is under way is finished");
    let (status, out) = session.ends();
    let calls = machine.world.ledger().len();
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((status, &report["summary"]["memberships"]), (130, &202.into()), "{report:#}");
    assert!(report["summary"]["enabled"].as_u64() >= Some(2) && report["summary"]["pending"].as_u64() > Some(100));
    assert!(out.contains("the run was interrupted before"), "{out}");
    thread::sleep(Duration::from_millis(700));
    assert_eq!(machine.world.ledger().len(), calls, "nothing goes on");
    let (status, out, _) = machine.run(&["apply", &list, "--yes"]);
    assert!(status == 0 && out.contains("202 enabled"), "{out}");
}

#[test]
fn a_second_ctrl_c_ends_at_once() {
    let machine = Machine::new();
    let list = machine.file("two.csv", TWO);
    machine.world.fault(Fault {
        operation: Some("CreateDetector"),
        times: u32::MAX,
        kind: aws_sim::Kind::Slow(Duration::from_secs(8)),
        ..Fault::default()
    });
    let mut session = Session::new(&machine, &["apply", &list, "--yes"]);
    session.shows("0 of 2 memberships");
    thread::sleep(Duration::from_millis(300));
    session.ctrl_c();
    session.shows("Ctrl-C again ends at once");
    let began = Instant::now();
    session.ctrl_c();
    assert_eq!(session.ends().0, 130);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[test]
fn ctrl_c_at_the_question_and_while_it_waits_ends_too() {
    let machine = Machine::new();
    let list = machine.file("two.csv", TWO);
    let mut session = Session::new(&machine, &["apply", &list]);
    session.shows("Carry this out? [y/N]");
    session.ctrl_c();
    session.shows("nothing was changed");
    assert_eq!(session.ends().0, 130);
    assert!(machine.world.members(VIRGINIA).is_empty());

    machine.world.role_missing(BOB);
    let mut session = Session::new(&machine, &["apply", &list, "--yes", "--wait", "1h", "--settle", "1"]);
    session.shows("1 membership is pending; trying again in 30s");
    session.ctrl_c();
    let (status, out) = session.ends();
    assert_eq!(status, 130, "{out}");
    assert!(out.contains("1 enabled") && out.contains("1 pending"), "{out}");
}
