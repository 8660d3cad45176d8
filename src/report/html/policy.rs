//! The page's content security policy: its own style and script, known by their hashes, and nothing else.

use aws_smithy_types::base64;
use sha2::{Digest, Sha256};

/// The data block needs no hash: it is not executed.
pub(super) fn of(style: &str, script: &str) -> String {
    let (style, script) = (hash(style), hash(script));
    format!("default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'")
}

fn hash(text: &str) -> String {
    format!("sha256-{}", base64::encode(Sha256::digest(text)))
}
