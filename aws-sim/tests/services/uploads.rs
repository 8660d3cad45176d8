//! S3: objects, their versions, and lists of them.

use serde_json::json;

use crate::support::{Answer, STRANGER, Stage, element};

fn ask(stage: &Stage, method: &str, target: &str) -> Answer {
    stage.administrator().ask("s3", method, target, &[], b"")
}

#[test]
fn each_upload_is_a_version() {
    let stage = Stage::new();
    let caller = stage.administrator();
    assert_eq!(ask(&stage, "PUT", "/uploads").status, 200);
    let put = |body: &[u8]| {
        let answer = caller.ask("s3", "PUT", "/uploads/our%20team%2B.csv", &[], body);
        answer.reply.header("x-amz-version-id").expect("a version").to_owned()
    };
    let (first, second) = (put(b"first"), put(b"second"));
    assert_ne!(first, second);
    assert_eq!(stage.world.object("uploads", "our team+.csv"), Some(b"second".to_vec()));
    assert_eq!(ask(&stage, "GET", "/uploads/our%20team%2B.csv").text(), "second");
    let old = ask(&stage, "GET", &format!("/uploads/our%20team%2B.csv?versionId={first}"));
    assert_eq!((old.text(), old.reply.header("x-amz-version-id")), ("first".into(), Some(first.as_str())));
    assert_eq!(old.reply.header("etag"), Some("\"8b04d5e3775d298e78455efc5ca404d5\""));
}

#[test]
fn an_upload_may_ask_that_there_be_nothing_yet() {
    let stage = Stage::new();
    assert_eq!(ask(&stage, "PUT", "/uploads").status, 200);
    let put = || stage.administrator().ask("s3", "PUT", "/uploads/key", &[("if-none-match", "*")], b"body").status;
    assert_eq!((put(), put()), (200, 412));
    assert_eq!(ask(&stage, "DELETE", "/uploads/key").status, 204);
    assert_eq!(put(), 200, "a deletion is nothing");
}

#[test]
fn an_unversioned_bucket_keeps_the_last_upload_only() {
    let stage = Stage::new();
    stage.world.unversioned("plain");
    assert_eq!(stage.world.put_object("plain", "key", "first"), "null");
    assert_eq!(stage.world.put_object("plain", "key", "second"), "null");
    let answer = ask(&stage, "GET", "/plain/key");
    assert_eq!((answer.text(), answer.reply.header("x-amz-version-id")), ("second".into(), None));
    assert_eq!(ask(&stage, "DELETE", "/plain/key").status, 204);
    assert_eq!(ask(&stage, "GET", "/plain/key").code, "NoSuchKey");
}

#[test]
fn a_head_has_no_body_and_says_the_size() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "twelve bytes");
    let head = ask(&stage, "HEAD", "/uploads/key");
    assert_eq!((head.reply.header("content-length"), head.reply.body.len()), (Some("12"), 0));
    let missing = ask(&stage, "HEAD", "/uploads/missing");
    assert_eq!((missing.status, missing.reply.body.len()), (404, 0));
}

#[test]
fn what_is_not_there_is_told_by_name() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "body");
    let code = |target: &str| ask(&stage, "GET", target).code;
    assert_eq!(code("/nothing/key"), "NoSuchBucket");
    assert_eq!(code("/uploads/missing"), "NoSuchKey");
    assert_eq!(code("/uploads/key?versionId=missing"), "NoSuchVersion");
    assert_eq!(code("/nothing?list-type=2"), "NoSuchBucket");
    assert_eq!(ask(&stage, "GET", "/uploads/missing").status, 404);
}

#[test]
fn a_part_of_an_object_can_be_read() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "0123456789");
    let get = |name: &str, value: &str| stage.administrator().ask("s3", "GET", "/uploads/key", &[(name, value)], b"");
    let part = get("Range", "bytes=2-4");
    assert_eq!((part.status, part.text()), (206, "234".into()));
    assert_eq!(part.reply.header("content-range"), Some("bytes 2-4/10"));
    assert_eq!(get("Range", "bytes=10-").status, 416);
    assert_eq!(get("If-Match", "\"another\"").status, 412);
}

#[test]
fn a_deleted_object_leaves_its_versions() {
    let stage = Stage::new();
    let version = stage.world.put_object("uploads", "key", "body");
    let deleted = ask(&stage, "DELETE", "/uploads/key");
    assert_eq!((deleted.status, deleted.reply.header("x-amz-delete-marker")), (204, Some("true")));
    let marker = deleted.reply.header("x-amz-version-id").expect("a marker has an id").to_owned();
    assert_eq!(ask(&stage, "GET", "/uploads/key").code, "NoSuchKey");
    assert_eq!(stage.world.object("uploads", "key"), None);
    assert_eq!(ask(&stage, "GET", &format!("/uploads/key?versionId={version}")).text(), "body");
    assert_eq!(ask(&stage, "GET", &format!("/uploads/key?versionId={marker}")).status, 405);
    assert_eq!(ask(&stage, "DELETE", &format!("/uploads/key?versionId={marker}")).status, 204);
    assert_eq!(ask(&stage, "GET", "/uploads/key").text(), "body", "it is back");
}

#[test]
fn a_delete_marker_says_what_it_is() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "body");
    let marker = stage.world.delete_object("uploads", "key").expect("it is versioned");
    for (target, status) in [("/uploads/key".to_owned(), 404), (format!("/uploads/key?versionId={marker}"), 405)] {
        for method in ["GET", "HEAD"] {
            let answer = ask(&stage, method, &target);
            let headers = ["x-amz-delete-marker", "x-amz-version-id"].map(|name| answer.reply.header(name));
            assert_eq!((answer.status, headers), (status, [Some("true"), Some(marker.as_str())]), "{method} {target}");
        }
    }
}

#[test]
fn the_bucket_may_be_in_the_host() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "accounts/team.csv", "body");
    let mut request = stage.administrator().request("s3", "GET", "/accounts/team.csv", &[], b"");
    for host in ["uploads.s3.us-east-1.amazonaws.com", "uploads.127.0.0.1:4566", "uploads.localhost:4566"] {
        request.host = host.into();
        assert_eq!(stage.world.handle(&request).status, 200, "{host}");
    }
}

#[test]
fn a_body_in_chunks_is_kept_whole() {
    let stage = Stage::new();
    ask(&stage, "PUT", "/uploads");
    let body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
    let headers = [("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"), ("content-encoding", "aws-chunked")];
    assert_eq!(stage.administrator().ask("s3", "PUT", "/uploads/key", &headers, body).status, 200);
    assert_eq!(stage.world.object("uploads", "key"), Some(b"hello".to_vec()));
    assert_eq!(stage.administrator().ask("s3", "PUT", "/uploads/key", &headers, b"5\r\nhel").code, "IncompleteBody");
}

#[test]
fn objects_are_listed_by_prefix_and_in_pages() {
    let stage = Stage::new();
    for key in ["accounts/a.csv", "accounts/b&c.csv", "other"] {
        stage.world.put_object("uploads", key, "body");
    }
    stage.world.put_object("uploads", "accounts/gone.csv", "body");
    ask(&stage, "DELETE", "/uploads/accounts/gone.csv");

    let first = ask(&stage, "GET", "/uploads?list-type=2&prefix=accounts%2F&max-keys=1").text();
    assert_eq!((element(&first, "Key"), element(&first, "IsTruncated")), ("accounts/a.csv".into(), "true".into()));
    let token = element(&first, "NextContinuationToken");
    let target = format!("/uploads?list-type=2&prefix=accounts%2F&encoding-type=url&continuation-token={token}");
    let second = ask(&stage, "GET", &target).text();
    assert_eq!(element(&second, "Key"), "accounts/b%26c.csv");
    assert_eq!((element(&second, "KeyCount"), element(&second, "IsTruncated")), ("1".into(), "false".into()));
}

#[test]
fn a_bucket_of_another_account_is_refused_to_whom_expects_another_owner() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "body");
    stage.world.bucket_is_of("uploads", STRANGER);
    let ask = |method: &str, target: &str, owner: &str| {
        let expected = [("x-amz-expected-bucket-owner", owner)];
        let answer = stage.administrator().ask("s3", method, target, &expected, b"another");
        (answer.status, answer.code)
    };
    let denied = || (403, "AccessDenied".to_owned());
    for (method, target) in [("GET", "/uploads/key"), ("PUT", "/uploads/key"), ("DELETE", "/uploads/key")] {
        assert_eq!(ask(method, target, "123456789012"), denied(), "{method} {target}");
    }
    assert_eq!(ask("GET", "/uploads?list-type=2", "123456789012"), denied());
    assert_eq!(ask("HEAD", "/uploads/key", "123456789012").0, 403);
    assert_eq!(stage.world.object("uploads", "key"), Some(b"body".to_vec()));
    assert_eq!(ask("GET", "/uploads/key", STRANGER), (200, String::new()));
    assert_eq!(stage.administrator().ask("s3", "GET", "/uploads/key", &[], b"").status, 200, "it lets everybody in");
    assert_eq!(stage.administrator().ask("s3", "PUT", "/uploads", &[], b"").code, "BucketAlreadyExists");
}

#[test]
fn a_bucket_belongs_to_whom_made_it() {
    let stage = Stage::new();
    assert_eq!(ask(&stage, "PUT", "/uploads").status, 200);
    let owner = [("x-amz-expected-bucket-owner", "123456789012")];
    assert_eq!(stage.administrator().ask("s3", "PUT", "/uploads/key", &owner, b"body").status, 200);
}

#[test]
fn what_a_buckets_policy_denies_is_denied_to_everybody_it_means() {
    let stage = Stage::new();
    let user = "arn:aws:iam::123456789012:user/simulator";
    let deny = |condition: &str, arn: &str| {
        let statement = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::uploads/reports/*", "Condition": {condition: {"aws:PrincipalArn": arn}}});
        stage.world.bucket_policy("uploads", &json!({"Statement": [statement]}).to_string());
    };
    let put = |key: &str| ask(&stage, "PUT", &format!("/uploads/{key}"));

    deny("ArnNotEquals", "arn:aws:iam::123456789012:role/Function");
    let denied = put("reports/key");
    assert_eq!((denied.status, denied.code.as_str()), (403, "AccessDenied"));
    assert!(denied.message.ends_with("with an explicit deny in a resource-based policy"), "{denied:?}");
    assert_eq!(put("accounts/key").status, 200);

    deny("ArnNotEquals", user);
    assert_eq!(put("reports/key").status, 200);
}
