//! A bar that grows with the memberships that are settled.

use guardduty_onboarding::reconcile::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::task::JoinHandle;

use crate::terminal::Terminal;

pub(crate) struct Bar {
    bar: ProgressBar,
    grows: JoinHandle<()>,
}

impl Bar {
    pub(crate) fn new(what: &'static str, context: &Context, terminal: &Terminal) -> Self {
        let target = if terminal.bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = "{elapsed_precise} {prefix} {wide_bar} {pos} of {len} memberships{msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what);
        let mut progress = context.ledger().progress();
        let grows = tokio::spawn({
            let bar = bar.clone();
            async move {
                while progress.changed().await.is_ok() {
                    let counts = progress.borrow_and_update().clone();
                    bar.set_length(counts.memberships as u64);
                    bar.set_position(counts.ended() as u64);
                    if counts.failed > 0 {
                        bar.set_message(format!(", {} failed", counts.failed));
                    }
                }
            }
        });
        Self { bar, grows }
    }

    pub(crate) fn finish(self) {
        self.grows.abort();
        self.bar.finish_and_clear();
    }
}
