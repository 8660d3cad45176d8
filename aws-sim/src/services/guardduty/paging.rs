//! Lists in pages, in the words of GuardDuty's API.

use serde_json::Value;

use crate::iam::call::ApiCall;
use crate::state::State;
use crate::wire::page;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// Entries on a page (AWS T2).
const PAGE: usize = 50;

/// `maxResults`, within the limits of the API and of the world.
pub(super) fn size(state: &State, call: &ApiCall) -> Result<usize, Refusal> {
    let size = match call.request.parameter("maxResults") {
        None => PAGE,
        Some(text) => {
            text.parse::<i64>().map_err(|_| Refusal::bad_request(texts::MAX_RESULTS_INVALID)).and_then(|size| {
                match usize::try_from(size) {
                    Ok(size @ 1..=PAGE) => Ok(size),
                    _ => Err(Refusal::bad_request(texts::MAX_RESULTS_BOUNDS)),
                }
            })?
        }
    };
    Ok(size.min(state.knobs.page_size))
}

/// The page that the request asks for.
pub(super) fn page<'a, T>(
    items: impl Iterator<Item = (&'a str, T)>,
    call: &ApiCall,
    size: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let token = call.request.parameter("nextToken");
    page::page(items, token.as_deref(), size).ok_or_else(|| Refusal::bad_request(texts::INVALID))
}

/// An answer of one page.
pub(super) fn reply(name: &str, items: Vec<Value>, next: Option<String>) -> Reply {
    match next {
        Some(token) => Reply::object([(name, items.into()), ("nextToken", token.into())]),
        None => Reply::object([(name, items.into())]),
    }
}
