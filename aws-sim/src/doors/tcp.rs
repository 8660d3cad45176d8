//! The door for any AWS client: HTTP/1.1 over TCP.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::{control, translate};
use crate::world::World;

/// ENFILE and EMFILE, the same on Linux and macOS. The condition ends when connections close.
const OUT_OF_DESCRIPTORS: [i32; 2] = [23, 24];

/// Serves a world until the listener fails. Connections are kept open; one that a fault breaks is dropped. Requests to
/// `/_sim/account/ACCOUNT_ID` and `/_sim/world` set the world up, as this crate's README describes.
pub async fn serve(world: World, listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            // The client's problem, not the listener's.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) if error.raw_os_error().is_some_and(|code| OUT_OF_DESCRIPTORS.contains(&code)) => {
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
            Err(error) => return Err(error),
        };
        world.connected();
        let world = world.clone();
        tokio::spawn(async move { converse(world, stream).await });
    }
}

/// An answer that never comes: the connection is closed instead.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection breaks here")
    }
}

impl std::error::Error for Broken {}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

async fn converse(world: World, stream: TcpStream) {
    // Otherwise a small answer waits until more data fills a packet.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let world = world.clone();
        async move { answer(&world, request).await }
    });
    // Clients may disconnect at any time; how one did does not matter.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(world: &World, request: hyper::Request<Incoming>) -> Result<hyper::Response<Full<Bytes>>, Broken> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
    let request = translate::request(&head, body);
    let reply = control::answer(world, &request).unwrap_or_else(|| world.handle(&request));
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    if reply.broken {
        return Err(Broken);
    }
    let response = translate::response(reply).map_err(|_| Broken)?;
    Ok(response.map(Full::new))
}
