//! The HTTP client that all SDK clients share, and with it their connections.

use std::time::Duration;

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::administrator::AdministratorClient;
use crate::config::{Config, Regions};

/// How many descriptors a function may have open (AWS Q2).
const DESCRIPTORS: usize = 1_024;
/// Files, the Runtime API's connection, and connections that are given up while they are being made.
const NOT_FOR_CONNECTIONS: usize = 64;
/// AWS has fewer in any partition.
const MOST_REGIONS: usize = 40;
/// Hosts other than GuardDuty's: STS, SQS, Account Management or Organizations, and two buckets.
const OTHER_HOSTS: usize = 5;
/// We close idle connections before AWS does.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

#[must_use]
pub fn http_client(config: &Config) -> SharedHttpClient {
    let regions = match &config.regions {
        Regions::Listed(regions) => regions.len(),
        Regions::All => MOST_REGIONS,
    };
    Builder::new()
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(idle_connections_per_host(regions, config.max_concurrency))
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_https()
}

/// As many as the descriptors allow: calls come in bursts, and each that finds no idle connection makes a new one, with
/// a TLS handshake.
fn idle_connections_per_host(regions: usize, max_concurrency: usize) -> usize {
    let at_work = max_concurrency + regions * AdministratorClient::IN_FLIGHT;
    (DESCRIPTORS - NOT_FOR_CONNECTIONS).saturating_sub(at_work) / (regions + OTHER_HOSTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_stay_below_the_descriptors_whatever_is_set() {
        for (regions, max_concurrency) in
            [(1, 1), (1, 512), (17, 64), (17, 256), (MOST_REGIONS, 64), (MOST_REGIONS, 512)]
        {
            let idle = idle_connections_per_host(regions, max_concurrency);
            let most = idle * (regions + OTHER_HOSTS) + max_concurrency + regions * AdministratorClient::IN_FLIGHT;
            assert!(most + NOT_FOR_CONNECTIONS <= DESCRIPTORS, "{regions} {max_concurrency}: {most}");
            assert!(idle >= 8, "{regions} {max_concurrency}: {idle}");
        }
    }
}
