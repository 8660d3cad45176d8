//! S3: lists of objects and of their versions, and who may list what.

use aws_sim::{ADMINISTRATOR, World};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, STRANGER, Stage, element};

fn list(stage: &Stage, query: &str) -> Answer {
    stage.administrator().ask("s3", "GET", &format!("/uploads?{query}"), &[], b"")
}

/// Each element of this name.
fn all(xml: &str, name: &str) -> Vec<String> {
    let (start, end) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&start).skip(1);
    parts.map(|part| part.split(&end).next().unwrap_or_default().to_owned()).collect()
}

fn upload(world: &World, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| world.put_object("uploads", key, "body")).collect()
}

#[test]
fn a_page_of_objects_has_at_most_a_thousand() {
    let stage = Stage::new();
    for number in 0..2001 {
        stage.world.put_object("uploads", &format!("accounts/{number:04}.csv"), "body");
    }
    stage.world.put_object("uploads", "other", "body");
    let (mut token, mut sizes, mut keys) = (String::new(), Vec::new(), Vec::new());
    loop {
        let page = list(&stage, &format!("list-type=2&prefix=accounts/&max-keys=5000{token}")).text();
        sizes.push((element(&page, "KeyCount"), element(&page, "MaxKeys")));
        keys.extend(all(&page, "Key"));
        if element(&page, "IsTruncated") == "false" {
            break;
        }
        token = format!("&continuation-token={}", element(&page, "NextContinuationToken"));
    }
    assert_eq!(sizes, [("1000", "1000"), ("1000", "1000"), ("1", "1000")].map(|(a, b)| (a.into(), b.into())));
    assert_eq!((keys.len(), keys.is_sorted()), (2001, true));
}

#[test]
fn a_list_may_be_asked_for_less() {
    let stage = Stage::new();
    upload(&stage.world, &["a", "b", "c"]);
    let none = list(&stage, "list-type=2&max-keys=0").text();
    assert_eq!((all(&none, "Key").len(), element(&none, "IsTruncated")), (0, "false".into()));
    assert_eq!(all(&list(&stage, "list-type=2&start-after=a").text(), "Key"), ["b", "c"]);
    assert_eq!(all(&list(&stage, "list-type=2&prefix=d").text(), "Key"), [""; 0]);
    for query in ["list-type=2&max-keys=many", "list-type=2&continuation-token=zz", "versions&max-keys=-1"] {
        let refused = list(&stage, query);
        assert_eq!((refused.status, refused.code.as_str()), (400, "InvalidArgument"), "{query}");
    }
}

#[test]
fn the_versions_of_an_object_come_latest_first_with_its_delete_markers() {
    let stage = Stage::new();
    let [first, second] = [0; 2].map(|_| stage.world.put_object("uploads", "accounts/team.csv", "body"));
    let marker = stage.world.delete_object("uploads", "accounts/team.csv").expect("it is versioned");
    let third = stage.world.put_object("uploads", "accounts/team.csv", "longer body");
    upload(&stage.world, &["other"]);

    let listed = list(&stage, "versions&prefix=accounts/").text();

    assert_eq!(all(&listed, "VersionId"), [&third, &marker, &second, &first].map(String::as_str));
    assert_eq!(all(&listed, "IsLatest"), ["true", "false", "false", "false"]);
    assert_eq!(all(&listed, "Size"), ["11", "4", "4"]);
    let markers = all(&listed, "DeleteMarker");
    assert_eq!(markers.len(), 1);
    assert_eq!((element(&markers[0], "VersionId"), element(&markers[0], "ETag")), (marker, String::new()));
    assert_eq!(element(&listed, "IsTruncated"), "false");
}

#[test]
fn a_deleted_object_is_listed_by_its_marker_alone() {
    let stage = Stage::new();
    upload(&stage.world, &["accounts/team.csv"]);
    stage.world.delete_object("uploads", "accounts/team.csv");
    assert_eq!(all(&list(&stage, "list-type=2").text(), "Key"), [""; 0]);
    let listed = list(&stage, "versions").text();
    assert_eq!(all(&listed, "Key").len(), 2);
    let latest = |name: &str| all(&listed, name).iter().map(|one| element(one, "IsLatest")).collect::<Vec<_>>();
    assert_eq!((latest("DeleteMarker"), latest("Version")), (vec!["true".into()], vec!["false".into()]));
}

#[test]
fn versions_come_in_pages() {
    let stage = Stage::new();
    let versions = upload(&stage.world, &["a&b", "a&b", "c", "a&b", "d"]);
    let (mut markers, mut found) = (String::new(), Vec::new());
    for _ in 0..3 {
        let page = list(&stage, &format!("versions&encoding-type=url&max-keys=2{markers}")).text();
        found.extend(all(&page, "VersionId"));
        let [key, version] = ["NextKeyMarker", "NextVersionIdMarker"].map(|name| element(&page, name));
        markers = format!("&key-marker={key}&version-id-marker={version}");
        assert_eq!(element(&page, "IsTruncated"), if found.len() < 5 { "true" } else { "false" });
    }
    assert_eq!(found, [3, 1, 0, 2, 4].map(|number: usize| versions[number].clone()));

    let behind = list(&stage, "versions&key-marker=a%26b").text();
    assert_eq!(all(&behind, "Key"), ["c", "d"], "a key marker alone stands behind all of its versions");
    assert_eq!(list(&stage, "versions&version-id-marker=x").code, "InvalidArgument");
    assert_eq!(list(&stage, "versions&key-marker=c&version-id-marker=x").code, "InvalidArgument");
    stage.world.set(|knobs| knobs.page_size = 1);
    assert_eq!(all(&list(&stage, "versions").text(), "Key").len(), 1);
}

#[test]
fn an_object_of_an_unversioned_bucket_has_the_version_null() {
    let stage = Stage::new();
    stage.world.unversioned("uploads");
    upload(&stage.world, &["key", "key"]);
    let listed = list(&stage, "versions").text();
    assert_eq!((all(&listed, "VersionId"), element(&listed, "IsLatest")), (vec!["null".into()], "true".into()));
    assert_eq!(stage.world.delete_object("uploads", "key"), None);
    assert_eq!(all(&list(&stage, "versions").text(), "Key"), [""; 0]);
}

#[test]
fn lists_of_a_bucket_of_another_account_are_refused_to_whom_expects_another_owner() {
    let stage = Stage::new();
    upload(&stage.world, &["key"]);
    stage.world.bucket_is_of("uploads", STRANGER);
    for query in ["list-type=2", "versions"] {
        let expected = [("x-amz-expected-bucket-owner", ADMINISTRATOR)];
        let refused = stage.administrator().ask("s3", "GET", &format!("/uploads?{query}"), &expected, b"");
        assert_eq!((refused.status, refused.code.as_str()), (403, "AccessDenied"), "{query}");
    }
}

/// A session that may do this with keys that begin with `accounts/`.
fn session(stage: &Stage, action: &str) -> Caller {
    let condition: Value = json!({"StringLike": {"s3:prefix": ["accounts/*"]}});
    let statement =
        json!({"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::uploads", "Condition": condition});
    stage.session(ADMINISTRATOR, &json!({"Statement": [statement]}))
}

#[test]
fn who_may_list_a_prefix_may_list_nothing_else() {
    let stage = Stage::new();
    upload(&stage.world, &["accounts/team.csv", "other"]);
    for (action, list, other) in
        [("s3:ListBucket", "list-type=2", "versions"), ("s3:ListBucketVersions", "versions", "list-type=2")]
    {
        let session = session(&stage, action);
        let status = |query: &str| session.ask("s3", "GET", &format!("/uploads?{query}"), &[], b"").status;
        assert_eq!(status(&format!("{list}&prefix=accounts/")), 200, "{action}");
        assert_eq!(status(&format!("{list}&prefix=accounts/team")), 200, "{action}");
        for elsewhere in ["", "&prefix=", "&prefix=accounts", "&prefix=other"] {
            assert_eq!(status(&format!("{list}{elsewhere}")), 403, "{action} {elsewhere}");
        }
        assert_eq!(status(&format!("{other}&prefix=accounts/")), 403, "{action} is no other action");
    }
}
