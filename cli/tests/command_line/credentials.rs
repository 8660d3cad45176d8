//! Credentials as the AWS CLI has them, each kind from files in a home folder; and what to type where they are missing.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::thread;

use crate::machine::*;

const CONFIG: &str = "\
[profile keys]
region = eu-west-1
[profile process]
region = eu-west-1
credential_process = ./keys.sh
[profile broken]
region = eu-west-1
credential_process = /bin/false
[profile sso]
region = eu-west-1
sso_session = team
sso_account_id = 123456789012
sso_role_name = Security
[sso-session team]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
[profile login]
region = eu-west-1
login_session = arn:aws:iam::123456789012:user/security
[profile web]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/Security
web_identity_token_file = missing
[profile empty]
region = eu-west-1
[profile nowhere]
output = json
";

const KEYS: &str = "\
[keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = secret
[nowhere]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = secret
";

fn machine() -> Machine {
    let machine = Machine::new();
    machine.file(".aws/config", CONFIG);
    machine.file(".aws/credentials", KEYS);
    let said = r#"{"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "secret"}"#;
    let script = machine.file("keys.sh", format!("#!/bin/sh\necho '{said}'\n"));
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).expect("an executable");
    machine
}

fn status(machine: &Machine, words: &[&str]) -> (i32, String, String) {
    ended(machine.gdo_without_keys(&[&["status"], words].concat()).output().expect("gdo starts"))
}

#[test]
fn profiles_and_processes_give_credentials_and_the_profiles_region() {
    let machine = machine();
    for profile in ["keys", "process"] {
        let (code, out, err) = status(&machine, &["--profile", profile]);
        assert!(code == 0 && out.contains("eu-west-1"), "{profile}: {out}{err}");
        let mut by_variable = machine.gdo_without_keys(&["status"]);
        let (code, out, err) = ended(by_variable.env("AWS_PROFILE", profile).output().expect("gdo starts"));
        assert!(code == 0 && out.contains("eu-west-1"), "{profile}: {out}{err}");
    }
    let (code, out, err) = status(&machine, &["--profile", "keys", "--region", "us-east-2"]);
    assert!(code == 0 && out.contains("us-east-2"), "{out}{err}");
    let (code, out, err) = status(&machine, &["--profile", "nowhere", "--regions", "us-west-2,us-east-1"]);
    assert!(code == 0 && out.contains("us-west-2"), "{out}{err}");
}

#[test]
fn a_profile_that_is_named_comes_before_keys_in_variables() {
    let machine = machine();
    let named = |profile| ended(machine.gdo(&["status", "--profile", profile]).output().expect("gdo starts"));
    let (code, _, err) = named("other");
    assert_eq!((code, err.as_str()), (1, "error: there is no profile other; type: aws configure list-profiles\n"));
    let (code, _, err) = named("sso");
    assert!(code == 1 && err.contains("type: aws sso login --profile sso"), "{err}");
    assert_eq!(named("keys").0, 0);
}

/// The simulator has no AssumeRoleWithWebIdentity and no Identity Center: there only what is said can be tried.
#[test]
fn where_they_are_missing_one_sentence_says_what_to_type() {
    let machine = machine();
    for (profile, expected) in [
        ("sso", "the SSO session of profile sso has expired or is missing; type: aws sso login --profile sso"),
        ("login", "the session of profile login has expired or is missing; type: aws login --profile login"),
        ("empty", "there are no AWS credentials; type: aws login --profile empty, or aws configure --profile empty"),
        ("other", "there is no profile other; type: aws configure list-profiles"),
        (
            "broken",
            "the credentials of profile broken could not be got (external process exited with code exit status: 1. Stderr:)",
        ),
        ("web", "the credentials of profile web could not be got ("),
    ] {
        let (code, out, err) = status(&machine, &["--profile", profile]);
        assert_eq!((code, out.as_str()), (1, ""), "{profile}");
        assert!(err.starts_with(&format!("error: {expected}")) && err.lines().count() == 1, "{profile}: {err}");
    }
    let (code, _, err) = status(&Machine::new(), &[]);
    assert_eq!((code, err.as_str()), (1, "error: there are no AWS credentials; type: aws login, or aws configure\n"));
    let (code, _, err) = status(&machine, &["--profile", "nowhere"]);
    assert_eq!(code, 64, "{err}");
    assert!(err.contains("give --region or --regions"), "{err}");
}

#[test]
fn an_expired_sso_token_is_told_from_none() {
    let machine = machine();
    // The name is the SHA-1 of the session's.
    let token = r#"{"accessToken": "x", "expiresAt": "2020-01-01T00:00:00Z", "startUrl": "https://example.awsapps.com/start", "region": "eu-west-1"}"#;
    machine.file(".aws/sso/cache/94637b5a0cd27a6c7b7ed8de2e5cf2c5c4c9ad07.json", token);
    let (code, _, err) = status(&machine, &["--profile", "sso"]);
    assert!(code == 1 && err.contains("type: aws sso login --profile sso"), "{err}");
}

#[test]
fn keys_that_aws_refuses_and_a_network_that_is_down_are_two_things() {
    let machine = machine();
    let mut down = machine.gdo(&["status"]);
    let (code, _, err) = ended(down.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").output().expect("gdo starts"));
    assert!(code == 1 && err.starts_with("error: AWS STS cannot be reached; check the network"), "{err}");
    let (code, _, err) = ended(down.env("AWS_ENDPOINT_URL", "localhost").output().expect("gdo starts"));
    let expected =
        "error: AWS_ENDPOINT_URL, or one of its kind, is no address such as https://sts.example.com (endpoint must";
    assert!(code == 1 && err.starts_with(expected), "{err}");
    machine.world.fault(aws_sim::Fault {
        operation: Some("GetCallerIdentity"),
        times: u32::MAX,
        kind: aws_sim::Kind::ExpiredToken,
        ..aws_sim::Fault::default()
    });
    let (code, _, err) = machine.run(&["status"]);
    assert!(code == 1 && err.starts_with("error: the credentials have expired; get new ones"), "{err}");
}

/// Keys as the endpoints of EC2 and ECS give them.
const OF_ROLE: &str = r#"{"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z", "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "secret", "Token": "token", "Expiration": "2099-01-01T00:00:00Z"}"#;

/// Answers as the metadata service of EC2 and the credentials endpoint of ECS do. Returns its address.
fn metadata() -> String {
    let door = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = door.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in door.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut lines = BufReader::new(stream.try_clone().expect("a descriptor")).lines();
            let asked = lines.next().and_then(Result::ok).unwrap_or_default();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let (status, body) = match asked.split(' ').nth(1).unwrap_or_default() {
                "/latest/api/token" => ("200 OK", "token"),
                "/latest/meta-data/placement/region" => ("200 OK", "eu-west-1"),
                "/latest/meta-data/iam/security-credentials/" => ("200 OK", "Security"),
                "/latest/meta-data/iam/security-credentials/Security" | "/role" => ("200 OK", OF_ROLE),
                _ => ("404 Not Found", ""),
            };
            let length = body.len();
            let head = "x-aws-ec2-metadata-token-ttl-seconds: 21600\r\nconnection: close";
            let _ = write!(stream, "HTTP/1.1 {status}\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        }
    });
    format!("http://{address}")
}

#[test]
fn roles_of_ec2_and_ecs_give_credentials_and_ec2_its_region() {
    let (machine, metadata) = (Machine::new(), metadata());
    let mut virtual_machine = machine.gdo_without_keys(&["status"]);
    virtual_machine.env_remove("AWS_EC2_METADATA_DISABLED").env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata);
    let (code, out, err) = ended(virtual_machine.output().expect("gdo starts"));
    assert!(code == 0 && out.contains("eu-west-1"), "{out}{err}");
    let mut container = machine.gdo_without_keys(&["status", "--region", "us-east-2"]);
    container.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{metadata}/role"));
    let (code, out, err) = ended(container.output().expect("gdo starts"));
    assert!(code == 0 && out.contains("us-east-2"), "{out}{err}");
}
