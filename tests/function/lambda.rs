//! A Lambda service for one function on loopback: starts the binary, sends it events and takes its answers.

use std::io::Read;
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sim::Call;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

pub const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

type Answer = Result<Value, Value>;

pub struct Lambda {
    pub sim: aws_sim::World,
    api: Arc<Api>,
    events: tokio::sync::mpsc::UnboundedSender<Value>,
    answers: mpsc::Receiver<Answer>,
    /// Calls that the simulator's ledger has no more.
    past: Vec<Call>,
    function: Child,
    log: Vec<JoinHandle<String>>,
    doors: Doors,
    _runtime: Runtime,
}

/// Where the function finds the Runtime API and AWS, and with which settings.
struct Doors {
    api: u16,
    sim: u16,
    settings: Vec<(String, String)>,
}

impl Lambda {
    /// Starts the function with these settings. It is ready when it takes its first event.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let sim = aws_sim::World::new(SystemTime::now);
        let (events, events_taken) = tokio::sync::mpsc::unbounded_channel();
        let (answers_given, answers) = mpsc::channel();
        let events_taken = tokio::sync::Mutex::new(events_taken);
        let (answers_given, connections) = (Mutex::new(answers_given), AtomicUsize::new(0));
        let api = Arc::new(Api { events: events_taken, answers: answers_given, connections });
        let (api_door, sim_door) = runtime.block_on(async {
            let (api_door, api_port) = door().await;
            tokio::spawn(serve(Arc::clone(&api), api_door));
            let (sim_door, sim_port) = door().await;
            tokio::spawn(aws_sim::serve(sim.clone(), sim_door));
            (api_port, sim_port)
        });
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let doors = Doors { api: api_door, sim: sim_door, settings };
        let (function, log) = launch(&doors);
        Self { sim, api, events, answers, past: Vec::new(), function, log, doors, _runtime: runtime }
    }

    /// Starts a function that ends by itself. Returns what it logged.
    pub fn start_in_vain(settings: &[(&str, &str)]) -> String {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (mut function, log) = launch(&Doors { api: 9, sim: 9, settings });
        let status = function.wait().expect("an end");
        assert!(!status.success(), "the function did not give up");
        said(log)
    }

    /// Sends an event. Returns the answer, or the error as Lambda shows it.
    pub fn invoke(&mut self, event: &Value) -> Answer {
        self.events.send(event.clone()).expect("a function that listens");
        match self.answers.recv_timeout(Duration::from_secs(60)) {
            Ok(answer) => answer,
            Err(error) => {
                self.function.kill().expect("a function to stop");
                panic!("no answer ({error}); the function said: {}", said(std::mem::take(&mut self.log)));
            }
        }
    }

    /// Sends an event, and kills the function with SIGKILL after a while, whatever it is doing. Starts it again, as
    /// Lambda would.
    pub fn kill_during(&mut self, event: &Value, after: Duration) {
        self.events.send(event.clone()).expect("a function that listens");
        std::thread::sleep(after);
        self.kill();
    }

    /// The same as soon as AWS has got that many calls of the operation. If the function answers before, returns its
    /// answer.
    pub fn kill_at_call(&mut self, event: &Value, operation: &str, number: usize) -> Option<Answer> {
        self.past.extend(self.sim.take_ledger());
        self.events.send(event.clone()).expect("a function that listens");
        while self.sim.ledger().iter().filter(|call| call.operation == operation).count() < number {
            if let Ok(answer) = self.answers.recv_timeout(Duration::from_millis(1)) {
                return Some(answer);
            }
        }
        self.kill();
        None
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        let mut calls = self.past.clone();
        calls.extend(self.sim.ledger());
        calls
    }

    fn kill(&mut self) {
        self.function.kill().expect("a function to kill");
        self.function.wait().expect("an end");
        // The killed function's last poll would take the next event.
        while self.api.connections.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        (self.function, self.log) = launch(&self.doors);
        // It may have been faster.
        while self.answers.try_recv().is_ok() {}
    }

    /// Stops the function. Returns everything it logged.
    pub fn stop(mut self) -> String {
        self.function.kill().expect("a function to stop");
        said(std::mem::take(&mut self.log))
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        let _ = self.function.kill();
        let _ = self.function.wait();
    }
}

fn said(log: Vec<JoinHandle<String>>) -> String {
    log.into_iter().map(|reader| reader.join().expect("a log")).collect()
}

/// The binary with Lambda's environment and file descriptors.
fn launch(Doors { api, sim, settings }: &Doors) -> (Child, Vec<JoinHandle<String>>) {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 1024; exec \"$0\""]).arg(env!("CARGO_BIN_EXE_guardduty-onboarding"));
    command.env_clear().envs(settings.iter().cloned()).envs([
        ("AWS_LAMBDA_RUNTIME_API", format!("127.0.0.1:{api}")),
        ("AWS_LAMBDA_FUNCTION_NAME", "guardduty-onboarding".into()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".into()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/guardduty-onboarding".into()),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]".into()),
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{sim}")),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ("AWS_REGION", "us-east-1".into()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.into()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.into()),
    ]);
    let mut function = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary");
    let (stdout, stderr) = (function.stdout.take().expect("stdout"), function.stderr.take().expect("stderr"));
    (function, vec![reader(stdout), reader(stderr)])
}

fn reader(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = from.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    })
}

async fn door() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

struct Api {
    events: tokio::sync::Mutex<tokio::sync::mpsc::UnboundedReceiver<Value>>,
    answers: Mutex<mpsc::Sender<Answer>>,
    /// Those that are open.
    connections: AtomicUsize,
}

async fn serve(api: Arc<Api>, door: TcpListener) {
    while let Ok((connection, _)) = door.accept().await {
        let api = Arc::clone(&api);
        api.connections.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&api), request));
            let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
            api.connections.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

/// The Runtime API of 2018-06-01: next invocation, response, error.
async fn answer(api: Arc<Api>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let path = request.uri().path().to_owned();
    if path.ends_with("/invocation/next") {
        let Some(event) = api.events.lock().await.recv().await else { return std::future::pending().await };
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + Duration::from_secs(900);
        let response = Response::builder()
            .header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
            .header("lambda-runtime-deadline-ms", deadline.as_millis().to_string())
            .header(
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:us-east-1:123456789012:function:guardduty-onboarding",
            )
            .body(Full::from(event.to_string()));
        return Ok(response.expect("a response"));
    }
    let body = request.into_body().collect().await?.to_bytes();
    let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let answer = if path.ends_with("/response") { Ok(json) } else { Err(json) };
    let _ = api.answers.lock().expect("answers").send(answer);
    let mut response = Response::new(Full::from("{\"status\":\"OK\"}"));
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}
