//! The TCP door answers as the world does.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::SystemTime;

use aws_sim::{Fault, Kind, Request, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::Stage;

/// Serves this world and tells where.
async fn served(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(aws_sim::serve(world.clone(), listener));
    address
}

/// The request as text, and what is left of the conversation.
async fn said(stream: &mut TcpStream, request: &Request) -> String {
    let mut text = format!("{} {}?{} HTTP/1.1\r\nHost: localhost\r\n", request.method, request.path, request.query);
    for (name, value) in &request.headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let _ = write!(text, "Content-Length: {}\r\n\r\n", request.body.len());
    stream.write_all(text.as_bytes()).await.expect("it is open");
    stream.write_all(&request.body).await.expect("it is open");
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or_default();
        heard.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&heard).into_owned();
        let length = text
            .to_lowercase()
            .split_once("content-length: ")
            .and_then(|(_, rest)| rest.split_once("\r\n").and_then(|(number, _)| number.parse::<usize>().ok()));
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        if read == 0 || (length.is_some() && length == body) {
            return text;
        }
    }
}

#[tokio::test]
async fn a_connection_is_kept_and_answers_as_the_world_does() {
    let stage = Stage::new();
    let mut stream = TcpStream::connect(served(&stage.world).await).await.expect("it is served");
    for target in ["/detector", "/detector/nonsense", "/invitation/count"] {
        let request = stage.administrator().request("guardduty", "GET", target, &[], b"");
        let expected = stage.world.handle(&request);
        let heard = said(&mut stream, &request).await;
        assert!(heard.starts_with(&format!("HTTP/1.1 {}", expected.status)), "{heard}");
        assert!(heard.ends_with(&String::from_utf8_lossy(&expected.body).into_owned()), "{heard}");
        let code = expected.header("x-amzn-ErrorType").unwrap_or_default();
        assert!(heard.contains(code), "{heard}");
    }
}

#[tokio::test]
async fn an_empty_answer_says_that_it_is_empty() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let mut stream = TcpStream::connect(served(&stage.world).await).await.expect("it is served");
    let target = format!("/detector/{id}/administrator");
    let request = stage.administrator().request("guardduty", "GET", &target, &[], b"");
    let heard = said(&mut stream, &request).await.to_lowercase();
    assert!(heard.starts_with("http/1.1 200") && heard.contains("content-length: 0\r\n"), "{heard}");
}

#[tokio::test]
async fn a_broken_connection_ends_without_a_word() {
    let world = World::new(SystemTime::now);
    world.fault(Fault { kind: Kind::Broken, ..Fault::default() });
    let mut stream = TcpStream::connect(served(&world).await).await.expect("it is served");
    let request = Stage::new().administrator().request("guardduty", "GET", "/detector", &[], b"");
    assert_eq!(said(&mut stream, &request).await, "");
}
