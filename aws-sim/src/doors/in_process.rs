//! The door for an AWS SDK in the same process: no socket, no TLS, and time that can be paused.

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt as _;

use super::translate;
use crate::wire::reply::Reply;
use crate::wire::request::Request;
use crate::world::World;

/// What the SDK calls a connector.
#[derive(Clone)]
struct Connector(World);

impl World {
    /// An HTTP client for `aws_config`'s `http_client`: every request of every SDK client ends in this world. A late
    /// answer is a sleep on tokio's clock, which the SDK's own timeouts can cut short.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(Connector(self.clone()));
        http_client_fn(move |_, _| connector.clone())
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let world = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = read(request).await?;
            let reply = world.handle(&request);
            if !reply.delay.is_zero() {
                tokio::time::sleep(reply.delay).await;
            }
            answer(reply)
        })
    }
}

async fn read(request: HttpRequest) -> Result<Request, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(ConnectorError::user)?.to_bytes();
    Ok(translate::request(&head, body))
}

fn answer(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    if reply.broken {
        return Err(ConnectorError::io("the connection broke".into()));
    }
    let response = translate::response(reply).map_err(|error| ConnectorError::user(error.into()))?;
    HttpResponse::try_from(response.map(SdkBody::from)).map_err(|error| ConnectorError::user(error.into()))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use aws_smithy_runtime_api::client::http::HttpConnector as _;
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_types::body::SdkBody;
    use tokio::time::Instant;

    use super::Connector;
    use crate::iam::keys::ADMINISTRATOR;
    use crate::trouble::fault::{Fault, Kind};
    use crate::world::World;

    const SIGNATURE: &str =
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/guardduty/aws4_request, Signature=00";

    fn request() -> HttpRequest {
        let request = http::Request::post("https://guardduty.us-east-1.amazonaws.com/detector?a=b")
            .header("authorization", SIGNATURE)
            .body(SdkBody::from(r#"{"enable":true}"#))
            .expect("a request");
        HttpRequest::try_from(request).expect("a request")
    }

    #[tokio::test(start_paused = true)]
    async fn an_sdk_gets_what_the_world_says_after_its_latency() {
        let world = World::new(SystemTime::now);
        world.set(|knobs| knobs.latency = Duration::from_millis(50));
        let began = Instant::now();

        let response = Connector(world.clone()).call(request()).await.expect("an answer");

        assert_eq!(began.elapsed().as_millis(), 50);
        assert_eq!(response.status().as_u16(), 200);
        assert!(world.detector(ADMINISTRATOR, "us-east-1").is_some());
        let refused = Connector(world).call(request()).await.expect("an answer");
        assert_eq!(refused.headers().get("x-amzn-errortype"), Some("BadRequestException"));
    }

    #[tokio::test]
    async fn a_broken_connection_is_an_error_of_the_connection() {
        let world = World::new(SystemTime::now);
        world.fault(Fault { kind: Kind::Broken, ..Fault::default() });
        let broken = Connector(world).call(request()).await.expect_err("no answer");
        assert!(broken.is_io());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_answer_can_be_given_up() {
        let world = World::new(SystemTime::now);
        world.fault(Fault { kind: Kind::Slow(Duration::from_mins(1)), ..Fault::default() });
        let call = Connector(world).call(request());
        assert!(tokio::time::timeout(Duration::from_secs(10), call).await.is_err());
    }
}
