//! The TCP door answers as the world does.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::SystemTime;

use aws_sim::{Fault, Kind, Request, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

use crate::support::{Caller, HOME, MEMBER, SECOND, Stage};

/// Serves this world and returns the address.
async fn served(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(aws_sim::serve(world.clone(), listener));
    address
}

/// Sends a request as text and returns everything that is answered.
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

/// A POST to the simulator itself, without a signature.
async fn told(stream: &mut TcpStream, path: &str, body: &str) -> (u16, Value) {
    let request =
        Request { method: "POST".into(), path: path.into(), body: body.to_owned().into(), ..Request::default() };
    let heard = said(stream, &request).await;
    let status = heard.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let body = heard.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).expect("JSON"))
}

/// Creates and invites an account over TCP. Returns the accounts that were left out, and its status afterwards.
async fn invited(stream: &mut TcpStream, by: &Caller, detector: &str, account: &str) -> (String, String) {
    let detail = json!({"accountDetails": [{"accountId": account, "email": "listed@example.com"}]});
    let ids = json!({"accountIds": [account]});
    let mut heard = Vec::new();
    for (operation, body) in [("", &detail), ("/invite", &ids), ("/get", &ids)] {
        let target = format!("/detector/{detector}/member{operation}");
        let request = by.request("guardduty", "POST", &target, &[], body.to_string().as_bytes());
        let answer = said(stream, &request).await;
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        heard.push(serde_json::from_str::<Value>(body).expect("JSON"));
    }
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (word(&heard[0]["unprocessedAccounts"][0]["result"]), word(&heard[2]["members"][0]["relationshipStatus"]))
}

#[tokio::test]
async fn accounts_in_trouble_and_a_full_quota_can_be_set_up_over_tcp() {
    const OFF: &str = "222222222222";
    const CLOSED: &str = "333333333333";
    const ONE_TOO_MANY: &str = "666666666666";
    let stage = Stage::new();
    let detector = stage.detectors(&[]);
    let mut stream = TcpStream::connect(served(&stage.world).await).await.expect("it is served");
    let role = r#"{"roleMissing": true}"#;
    for (account, body) in [
        (MEMBER, r#"{"email": "root@example.com"}"#),
        (SECOND, r#"{"email": "listed@example.com"}"#),
        (OFF, r#"{"regionsOff": ["us-east-1", "eu-west-1"]}"#),
        (CLOSED, r#"{"suspended": true, "externalId": "amber-falcon"}"#),
        (ONE_TOO_MANY, role),
    ] {
        let answer = told(&mut stream, &format!("/_sim/account/{account}"), body).await;
        assert_eq!(answer, (200, json!({})), "{account}");
    }
    assert_eq!(told(&mut stream, "/_sim/world", r#"{"memberQuota": 4}"#).await, (200, json!({})));

    let administrator = stage.administrator();
    for (account, status) in [
        (MEMBER, "EmailVerificationFailed"),
        (SECOND, "Invited"),
        (OFF, "RegionDisabled"),
        (CLOSED, "AccountSuspended"),
    ] {
        assert_eq!(invited(&mut stream, &administrator, &detector, account).await, (String::new(), status.into()));
    }
    let (refused, status) = invited(&mut stream, &administrator, &detector, ONE_TOO_MANY).await;
    assert!(refused.contains("maximum number of allowed members") && status.is_empty(), "{refused} {status}");
    assert_eq!(stage.caller(OFF).get("/detector").status, 403);
    assert_eq!(administrator.assume(ONE_TOO_MANY, &[]).status, 403);
    assert_eq!(administrator.assume(CLOSED, &[]).status, 403);
    assert_eq!(administrator.assume(CLOSED, &[("ExternalId", "amber-falcon")]).status, 200);

    told(&mut stream, &format!("/_sim/account/{OFF}"), r#"{"regionsOn": ["us-east-1"]}"#).await;
    assert_eq!(stage.caller(OFF).get("/detector").status, 200);
    assert_eq!(stage.caller(OFF).away().get("/detector").status, 403);
    told(&mut stream, "/_sim/world", r#"{"latencyMs": 7, "verificationMs": 8, "pageSize": 2}"#).await;
    stage.world.set(|knobs| {
        let times = [knobs.latency, knobs.verification].map(|time| time.as_millis());
        assert_eq!((times, knobs.page_size, knobs.member_quota), ([7, 8], 2, 4));
    });
    let plans = r#"{"plansSettableAfterMs": 9, "plansVisibleAfterMs": 10, "plansOccupiedMs": 11}"#;
    told(&mut stream, "/_sim/world", plans).await;
    stage.world.set(|knobs| {
        let times = [knobs.plans_settable_after, knobs.plans_visible_after, knobs.plans_occupied_for];
        assert_eq!(times.map(|time| time.as_millis()), [9, 10, 11]);
    });
}

#[tokio::test]
async fn a_control_request_that_is_not_understood_changes_nothing() {
    let stage = Stage::new();
    let detector = stage.detectors(&[]);
    let mut stream = TcpStream::connect(served(&stage.world).await).await.expect("it is served");
    let account = format!("/_sim/account/{MEMBER}");
    for (status, path, body, named) in [
        (400, account.as_str(), r#"{"email": "root@example.com", "mail": "x"}"#, "mail"),
        (400, account.as_str(), r#"{"email": "root@example.com", "regionsOff": "us-east-1"}"#, "regionsOff"),
        (400, account.as_str(), r#"{"email": "root@example.com", "suspended": false}"#, "suspended"),
        (400, account.as_str(), r#"["root@example.com"]"#, "JSON object"),
        (400, "/_sim/account/11112222333", r#"{"suspended": true}"#, "12 digits"),
        (400, "/_sim/world", r#"{"memberQuota": 0, "pageSize": 0}"#, "pageSize"),
        (400, "/_sim/world", r#"{"memberQuota": 0, "moon": 1}"#, "moon"),
        (400, "/_sim/world", r#"{"memberQuota": "0"}"#, "memberQuota"),
        (400, "/_sim/region/us-east-1", r#"{"lacksPlans": ["S3_DATA_EVENTS"], "moon": 1}"#, "moon"),
        (400, "/_sim/region/us-east-1", r#"{"lacksPlans": "S3_DATA_EVENTS"}"#, "lacksPlans"),
        (404, "/_sim/worlds", "{}", "/_sim/world"),
    ] {
        let (found, answer) = told(&mut stream, path, body).await;
        assert!(found == status && answer["message"].as_str().is_some_and(|text| text.contains(named)), "{answer}");
    }
    let seen = invited(&mut stream, &stage.administrator(), &detector, MEMBER).await;
    assert_eq!(seen, (String::new(), "Invited".into()));
    assert!(stage.world.detector(MEMBER, HOME).is_none());
    assert!(stage.world.features(aws_sim::ADMINISTRATOR, HOME).contains_key("S3_DATA_EVENTS"));
}
