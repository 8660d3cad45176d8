//! The HTTP client that all SDK clients share, so that they share connections.

use std::time::Duration;

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// Lambda allows 1,024 file descriptors. The pool keeps idle connections per host: 34 Regions times this stays below.
const IDLE_CONNECTIONS_PER_HOST: usize = 12;
/// Idle connections are given up before AWS closes them on its side.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// A client with TLS by rustls and aws-lc.
#[must_use]
pub fn http_client() -> SharedHttpClient {
    Builder::new()
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_https()
}
