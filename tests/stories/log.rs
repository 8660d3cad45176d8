//! What the function logs, line by line.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::Once;

use serde_json::Value;

thread_local! {
    /// What this thread logs, while a test takes it.
    static TAKEN: RefCell<Option<Rc<RefCell<Vec<u8>>>>> = const { RefCell::new(None) };
}

/// One subscriber for all threads, from before the first line. Tracing remembers for each line whether any subscriber
/// wants it. If subscribers come and go on threads of their own, it may remember wrongly.
static SUBSCRIBED: Once = Once::new();

/// Subscribes, before anything is logged.
pub fn subscribe() {
    SUBSCRIBED.call_once(|| {
        let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(|| Sink).finish();
        tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
    });
}

/// Log lines of this thread, from when it is made until it is dropped.
pub struct Log(Rc<RefCell<Vec<u8>>>);

impl Log {
    /// Takes the log lines from here on.
    pub fn take() -> Self {
        let taken = Rc::default();
        TAKEN.set(Some(Rc::clone(&taken)));
        Self(taken)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).expect("UTF-8")
    }

    /// The lines with this message.
    pub fn lines(&self, message: &str) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
        lines.filter(|line| line["message"] == message).collect()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        TAKEN.set(None);
    }
}

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        TAKEN.with_borrow(|taken| {
            if let Some(taken) = taken {
                taken.borrow_mut().extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
