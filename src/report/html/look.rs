//! How an outcome looks: its word, and a glyph that tells it apart without colour. The style has a colour for each.

use crate::declared::Goal;
use crate::outcome::Outcome;
use crate::report::json::UNLISTED;

/// How a cell of one outcome looks. Its word is its class in the style, too.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) word: &'static str,
    pub(super) glyph: &'static str,
}

/// All looks, what needs a person's attention first.
pub(super) const LOOKS: [Look; 8] = [
    Look { word: "failed", glyph: "!" },
    Look { word: "pending", glyph: "…" },
    Look { word: "planned", glyph: "→" },
    Look { word: UNLISTED, glyph: "?" },
    Look { word: "skipped", glyph: "–" },
    Look { word: "removed", glyph: "×" },
    Look { word: "suspended", glyph: "‖" },
    Look { word: "enabled", glyph: "✓" },
];

/// The first look of what is as declared.
pub(super) const SETTLED: usize = 5;

/// The index of an outcome's look.
pub(super) fn of(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Failed(_) => 0,
        Outcome::Pending(_) => 1,
        Outcome::Planned(_) => 2,
        Outcome::Skipped(_) => 4,
        Outcome::Settled(Goal::Removed, _) => SETTLED,
        Outcome::Settled(Goal::Suspended, _) => 6,
        Outcome::Settled(Goal::Monitored, _) => 7,
    }
}

pub(super) fn by_word(word: &str) -> usize {
    LOOKS.iter().position(|look| look.word == word).unwrap_or_default()
}
