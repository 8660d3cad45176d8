//! Circles among files: each names an item of the next, and the last one of the first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use super::imports::Arrow;

pub const CURE: &str = "move what both need into a file of its own, or hand it over as a parameter:";

/// The shortest circle of every arrow that is in one, each beginning with its first file by name.
pub fn among(arrows: &BTreeSet<Arrow>) -> BTreeSet<Vec<&str>> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows.iter().filter(|arrow| !arrow.in_passing) {
        next.entry(&arrow.from).or_default().insert(&arrow.to);
    }
    let mut circles = BTreeSet::new();
    for (from, to) in next.iter().flat_map(|(from, all)| all.iter().map(move |to| (*from, *to))) {
        if let Some(mut circle) = shortest(&next, to, from) {
            let first = circle.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(index, _)| index);
            circle.rotate_left(first);
            circles.insert(circle);
        }
    }
    circles
}

/// The files on the shortest path, including both ends.
fn shortest<'a>(next: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str, to: &'a str) -> Option<Vec<&'a str>> {
    let mut before = BTreeMap::from([(from, from)]);
    let mut reached = VecDeque::from([from]);
    while let Some(file) = reached.pop_front() {
        if file == to {
            let mut way = vec![to];
            while let Some(last) = way.last().filter(|last| **last != from) {
                way.push(before[last]);
            }
            way.reverse();
            return Some(way);
        }
        for neighbour in next.get(file).into_iter().flatten() {
            before.entry(neighbour).or_insert_with(|| {
                reached.push_back(neighbour);
                file
            });
        }
    }
    None
}

/// A circle arrow by arrow, with the names that make each.
pub fn shown(circle: &[&str], arrows: &BTreeSet<Arrow>) -> String {
    let mut shown = String::from("\n");
    for (index, from) in circle.iter().enumerate() {
        let to = circle[(index + 1) % circle.len()];
        let makes = |arrow: &&Arrow| arrow.from == *from && arrow.to == to && !arrow.in_passing;
        let names: Vec<&str> = arrows.iter().filter(makes).map(|arrow| arrow.name.as_str()).collect();
        writeln!(shown, "  {from} -> {to}: {}", names.join(", ")).expect("a string");
    }
    shown
}
