//! A request body that is made part by part while it is sent, so that a long one is never in memory as a whole.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Makes a part, numbered from 0; `None` past the last one. A part is never empty, and the same at each call: a retry
/// makes it again.
type Make = Arc<dyn Fn(usize) -> Option<Vec<u8>> + Send + Sync>;

#[derive(Clone)]
pub struct Parts {
    make: Make,
    /// Of the whole body, in bytes: S3 requires it in advance.
    length: u64,
}

impl Parts {
    /// Makes each part once, to know the length.
    #[must_use]
    pub fn new(make: impl Fn(usize) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let length = (0..).map_while(&make).map(|part| part.len() as u64).sum();
        Self { make: Arc::new(make), length }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn stream(self) -> ByteStream {
        let body = move || SdkBody::from_body_1_x(Sending { parts: self.clone(), number: 0, left: self.length });
        ByteStream::new(SdkBody::retryable(body))
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parts({} bytes)", self.length)
    }
}

struct Sending {
    parts: Parts,
    /// Of the next part.
    number: usize,
    /// Bytes still to be sent.
    left: u64,
}

impl Body for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = (self.parts.make)(self.number);
        self.number += 1;
        Poll::Ready(part.map(|part| {
            self.left = self.left.saturating_sub(part.len() as u64);
            Ok(Frame::data(part.into()))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
