//! How much of a list of any length is shown, and how what is not shown is counted.

/// What fits of a list of any length.
pub(super) struct Part<T> {
    pub(super) shown: Vec<T>,
    pub(super) left_out: usize,
}

impl<T> Part<T> {
    /// As many as fit into `room` bytes.
    pub(super) fn of(all: impl Iterator<Item = T>, room: usize, length: impl Fn(&T) -> usize) -> Self {
        let (mut shown, mut left_out, mut fit) = (Vec::new(), 0, Fit::new(room));
        for one in all {
            if fit.takes(40 + length(&one)) {
                shown.push(one);
            } else {
                left_out += 1;
            }
        }
        Self { shown, left_out }
    }
}

/// Room for what is shown from the first one on. Once something did not fit, nothing after it does.
pub(super) struct Fit {
    room: Option<usize>,
}

impl Fit {
    pub(super) fn new(room: usize) -> Self {
        Self { room: Some(room) }
    }

    pub(super) fn takes(&mut self, bytes: usize) -> bool {
        self.room = self.room.and_then(|room| room.checked_sub(bytes));
        self.is_open()
    }

    pub(super) fn is_open(&self) -> bool {
        self.room.is_some()
    }
}

/// `1 account`, `2 accounts`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `a, b and 3 more`.
pub(super) fn listed<'a>(all: impl ExactSizeIterator<Item = &'a str>, most: usize) -> String {
    let others = all.len().saturating_sub(most);
    let listed = all.take(most).collect::<Vec<_>>().join(", ");
    if others == 0 { listed } else { format!("{listed} and {others} more") }
}
