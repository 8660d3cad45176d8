//! The function's own HTTP client, but each host of AWS is an address of this machine: `https://guardduty.eu-west-1.amazonaws.com/…`
//! becomes `http://127.0.1.2:port/…`. So there are as many hosts, and connections to each, as in Lambda; only TLS is left out.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use crate::talk::Failure;

type Hosts = Arc<BTreeMap<String, SocketAddr>>;

/// `client`, sent to these addresses.
pub fn redirected(client: SharedHttpClient, hosts: BTreeMap<String, SocketAddr>) -> SharedHttpClient {
    SharedHttpClient::new(Redirected { client, hosts: Arc::new(hosts) })
}

#[derive(Debug)]
struct Redirected {
    client: SharedHttpClient,
    hosts: Hosts,
}

impl HttpClient for Redirected {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(Connector { connector, hosts: Arc::clone(&self.hosts) })
    }
}

#[derive(Debug)]
struct Connector {
    connector: SharedHttpConnector,
    hosts: Hosts,
}

impl HttpConnector for Connector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        match redirect(&mut request, &self.hosts) {
            Ok(()) => self.connector.call(request),
            Err(error) => HttpConnectorFuture::ready(Err(ConnectorError::user(error))),
        }
    }
}

fn redirect(request: &mut HttpRequest, hosts: &BTreeMap<String, SocketAddr>) -> Result<(), Failure> {
    let uri = request.uri().strip_prefix("https://").ok_or("no https")?;
    let (host, rest) = uri.split_once('/').unwrap_or((uri, ""));
    let address = hosts.get(host).ok_or_else(|| format!("nobody knows the host {host}"))?;
    let (host, uri) = (host.to_owned(), format!("http://{address}/{rest}"));
    request.set_uri(uri)?;
    // The simulator reads a bucket's name from it.
    request.headers_mut().try_insert("host", host)?;
    Ok(())
}
