//! A world with a clock that stands still, and callers with short methods.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sim::{ADMINISTRATOR, Reply, Request, World};
use serde_json::{Value, json};

pub const HOME: &str = "us-east-1";
pub const AWAY: &str = "eu-west-1";
pub const MEMBER: &str = "111122223333";
pub const SECOND: &str = "444455556666";
pub const STRANGER: &str = "999999999999";
/// A well-formed detector or invitation id that does not exist (the sample of the API reference).
pub const NOBODYS: &str = "12abc34d567e8fa901bc2d34e56789f0";

/// A world and its clock.
pub struct Stage {
    pub world: World,
    clock: Arc<Mutex<SystemTime>>,
}

/// An account that makes calls.
pub struct Caller {
    world: World,
    pub key: String,
    pub region: &'static str,
}

/// An answer and its parts.
#[derive(Debug)]
pub struct Answer {
    pub reply: Reply,
    pub status: u16,
    /// Null if there is none, or it is not JSON.
    pub body: Value,
    /// From the header of the JSON services, else from the XML.
    pub code: String,
    pub message: String,
}

impl Stage {
    /// The clock shows 1 January 2026.
    pub fn new() -> Self {
        let clock = Arc::new(Mutex::new(UNIX_EPOCH + Duration::from_hours(490_896)));
        let hands = Arc::clone(&clock);
        let world = World::new(move || *hands.lock().expect("nobody panics with the clock"));
        Self { world, clock }
    }

    pub fn now(&self) -> SystemTime {
        *self.clock.lock().expect("nobody panics with the clock")
    }

    pub fn pass(&self, time: Duration) {
        *self.clock.lock().expect("nobody panics with the clock") += time;
    }

    pub fn administrator(&self) -> Caller {
        Caller { world: self.world.clone(), key: "AKIAIOSFODNN7EXAMPLE".into(), region: HOME }
    }

    /// A session of the member role, or the administrator's own key.
    pub fn caller(&self, account: &str) -> Caller {
        if account == ADMINISTRATOR {
            return self.administrator();
        }
        let answer = self.administrator().assume(account, &[]);
        let key = element(&answer.text(), "AccessKeyId");
        assert!(!key.is_empty(), "{answer:?}");
        Caller { world: self.world.clone(), key, region: HOME }
    }

    /// A session with a policy.
    pub fn session(&self, account: &str, policy: &Value) -> Caller {
        let answer = self.administrator().assume(account, &[("Policy", &policy.to_string())]);
        Caller { world: self.world.clone(), key: element(&answer.text(), "AccessKeyId"), region: HOME }
    }

    /// Switches on the detectors of these accounts and of the administrator. Returns the administrator's.
    pub fn detectors(&self, accounts: &[&str]) -> String {
        for account in accounts {
            self.world.put_detector(account, HOME, true);
        }
        self.world.put_detector(ADMINISTRATOR, HOME, true)
    }

    /// GetMembers' status of an account, empty if there is none.
    pub fn status(&self, account: &str) -> String {
        let detector = self.world.put_detector(ADMINISTRATOR, HOME, true);
        let answer = self.administrator().members(&detector, "get", &[account]);
        answer.body["members"][0]["relationshipStatus"].as_str().unwrap_or_default().into()
    }

    /// The text in `unprocessedAccounts` for the one account of this call by the administrator.
    pub fn refusal(&self, operation: &str, account: &str) -> String {
        let detector = self.world.put_detector(ADMINISTRATOR, HOME, true);
        let answer = match operation {
            "create" => self.administrator().create(&detector, &[account]),
            other => self.administrator().members(&detector, other, &[account]),
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.unprocessed()
    }
}

impl Caller {
    pub fn away(mut self) -> Self {
        self.region = AWAY;
        self
    }

    pub fn ask(&self, service: &str, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        Answer::of(self.world.handle(&self.request(service, method, target, headers, body)))
    }

    pub fn request(&self, service: &str, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Request {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let signature = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/{}/{service}/aws4_request, SignedHeaders=host, Signature=00",
            self.key, self.region
        );
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Request {
            method: method.into(),
            host: "127.0.0.1:4566".into(),
            path: path.into(),
            query: query.into(),
            headers: headers.chain([("Authorization".to_owned(), signature)]).collect(),
            body: body.to_vec().into(),
        }
    }

    pub fn guardduty(&self, method: &str, target: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask("guardduty", method, target, &[], body.as_bytes())
    }

    pub fn get(&self, target: &str) -> Answer {
        self.guardduty("GET", target, &Value::Null)
    }

    /// One of the operations under `/member/` that take account ids.
    pub fn members(&self, detector: &str, operation: &str, accounts: &[&str]) -> Answer {
        let path = format!("/detector/{detector}/member/{operation}");
        self.guardduty("POST", &path, &json!({"accountIds": accounts}))
    }

    pub fn create(&self, detector: &str, accounts: &[&str]) -> Answer {
        let details = accounts.iter().map(|id| json!({"accountId": id, "email": email(id)}));
        let details: Vec<_> = details.collect();
        self.guardduty("POST", &format!("/detector/{detector}/member"), &json!({"accountDetails": details}))
    }

    pub fn accept(&self, detector: &str, administrator: &str, invitation: &str) -> Answer {
        let body = json!({"administratorId": administrator, "invitationId": invitation});
        self.guardduty("POST", &format!("/detector/{detector}/administrator"), &body)
    }

    /// The id of the first invitation listed.
    pub fn invitation(&self) -> String {
        self.get("/invitation").body["invitations"][0]["invitationId"].as_str().unwrap_or_default().into()
    }

    pub fn assume(&self, account: &str, more: &[(&str, &str)]) -> Answer {
        let role = format!("arn:aws:iam::{account}:role/onboarding/Member");
        let given = |name: &str| more.iter().any(|(found, _)| *found == name);
        let mut form = vec![("Action", "AssumeRole"), ("Version", "2011-06-15")];
        if !given("RoleArn") {
            form.push(("RoleArn", &role));
        }
        if !given("RoleSessionName") {
            form.push(("RoleSessionName", "story"));
        }
        form.extend(more);
        self.ask("sts", "POST", "/", &[], encoded(&form).as_bytes())
    }

    pub fn json(&self, service: &str, target: &str, body: &Value) -> Answer {
        self.ask(service, "POST", "/", &[("X-Amz-Target", target)], body.to_string().as_bytes())
    }
}

impl Answer {
    fn of(reply: Reply) -> Self {
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let text = String::from_utf8_lossy(&reply.body);
        let named = reply.header("x-amzn-ErrorType").map_or_else(|| element(&text, "Code"), Into::into);
        let code = body["__type"].as_str().filter(|_| named.is_empty()).map_or(named, Into::into);
        let told = body["message"].as_str().or(body["Message"].as_str());
        let message = told.map_or_else(|| element(&text, "Message"), Into::into);
        Self { status: reply.status, body, code, message, reply }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.reply.body).into_owned()
    }

    /// The first text in `unprocessedAccounts`, empty if there is none.
    pub fn unprocessed(&self) -> String {
        self.body["unprocessedAccounts"][0]["result"].as_str().unwrap_or_default().into()
    }

    /// GuardDuty's refusal with this text.
    pub fn is_bad_request(&self, text: &str) {
        assert_eq!((self.status, self.code.as_str(), self.message.as_str()), (400, "BadRequestException", text));
    }

    /// A success with an empty body.
    pub fn is_empty(&self) {
        assert_eq!((self.status, self.reply.body.len()), (200, 0), "{self:?}");
    }

    /// A success for all accounts.
    pub fn is_processed(&self) {
        assert_eq!((self.status, &self.body["unprocessedAccounts"]), (200, &json!([])), "{self:?}");
    }
}

pub fn email(account: &str) -> String {
    format!("root+{account}@example.com")
}

/// The text of the first element of this name.
pub fn element(xml: &str, name: &str) -> String {
    let rest = xml.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
    rest.split_once(&format!("</{name}>")).map_or("", |(text, _)| text).into()
}

fn encoded(form: &[(&str, &str)]) -> String {
    form.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = write!(text, "{name}=");
        for byte in value.bytes() {
            let _ = write!(text, "%{byte:02X}");
        }
        text + "&"
    })
}
