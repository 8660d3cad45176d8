//! The warning that a list or a request is refused whole. Trying again would not help, so nothing else calls for a person.

use tracing::warn;

use crate::quote;
use crate::roster::ListError;
use crate::run::Source;

pub(super) fn warn_of_refusal(source: &Source, refused: &ListError, dry_run: bool) {
    match source {
        Source::Upload { bucket, key, version_id } => {
            warn!(bucket, key = quote::key(key), version_id, dry_run, reason = %refused, "list refused");
        }
        Source::Request { request } => warn!(request, dry_run, reason = %refused, "request refused"),
        Source::Announcement { account, .. } => warn!(%account, reason = %refused, "account refused"),
    }
}
