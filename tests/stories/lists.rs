//! Lists that are bad, in part or in whole: the report says why, and nothing is touched that should not be.

use aws_sim::{Fault, Kind};

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn a_bad_row_never_hides_a_good_one() {
    let list = "Account ID,Email\n111122223333,alice@example.com\n12345678901,short@example.com\n\"444455556666,bob@example.com\n222233334444,carol@example.com\n";

    let seen = World::new().onboard(list).await;

    assert_eq!((seen.count("enabled"), seen.count("rejectedRows")), (2, 2));
    assert_eq!(seen.report["rejectedRows"][0]["line"], 3);
    assert!(seen.csv.contains("12345678901,short@example.com,3,rejected"), "{}", seen.csv);
}

#[tokio::test(start_paused = true)]
async fn a_list_as_a_spreadsheet_saves_it_is_onboarded_whole() {
    let text = "Our accounts, 2026\rAWS account ID\tRoot user email\tName\tState\r\
                111122223333\talice@example.com\t\"Zürich\rmain\"\tACTIVE\r\
                444455556666\tbob@example.com\tBob\tACTIVE\r\
                777788889999\told@example.com\tOld\tCLOSED\r";
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();

    let seen = World::new().upload("accounts/team.csv", &utf16).await;

    assert_eq!((seen.count("accounts"), seen.count("enabled"), seen.count("rejectedRows")), (2, 2, 1));
    assert_eq!(seen.report["memberships"][1]["accountId"], BOB);
    assert!(seen.report["rejectedRows"][0]["reason"].as_str().is_some_and(|said| said.contains("is CLOSED")));
    assert_eq!(seen.report["rejectedRows"][0]["line"], 6);
    assert!(seen.notices().contains("read as titles: line 1"), "{}", seen.notices());
}

#[tokio::test(start_paused = true)]
async fn the_report_of_a_list_with_a_closed_account_is_a_list_without_it() {
    let world = World::new();
    let list =
        "Account ID,Email,Status\n111122223333,alice@example.com,ACTIVE\n444455556666,bob@example.com,SUSPENDED\n";
    let first = world.upload("accounts/team.csv", list).await;

    let again = world.upload("accounts/team.csv", &first.csv).await;

    assert_eq!((again.count("accounts"), again.count("rejectedRows")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_administrators_own_row_is_rejected_and_stops_nobody() {
    let seen = World::new().onboard(&format!("{ADMINISTRATOR},root@example.com\n{ALICE},alice@example.com\n")).await;

    assert_eq!((seen.count("enabled"), seen.count("rejectedRows")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_list_is_refused_whole_with_the_reason_and_success() {
    let large = vec![b'1'; 10 * 1024 * 1024];
    let many = "111122223333,alice@example.com\n".repeat(60_000);
    let utf16: Vec<u8> = THREE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (list, said) in [
        (&b"PK\x03\x04\x14\0\x06\0"[..], "an Excel workbook (xlsx), not CSV"),
        (b"{\"Accounts\":[{\"Id\":\"111122223333\",\"Email\":\"alice@example.com\"}]}", "is JSON, not CSV"),
        (b"Name,Email\nAlice,alice@example.com\n", "names no account id column"),
        (b"", "is empty"),
        (b"Account ID,Email\n", "is empty"),
        (b"Dear all,\nplease onboard our accounts.\n", "no valid row"),
        (&large, "more than the limit of 5242880"),
        (&utf16, "UTF-16"),
        (many.as_bytes(), "60000 rows"),
    ] {
        let seen = World::new().upload("accounts/team.csv", list).await;
        assert!(seen.answer.is_ok(), "{said}: {:?}", seen.answer);
        assert!(seen.notices().contains(said), "{said}: {}", seen.notices());
        assert!(seen.calls.iter().all(|call| call.service == "s3"), "{said}");
        assert_eq!((seen.count("accounts"), seen.count("memberships")), (0, 0), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_gone_is_refused_with_the_reason_and_success() {
    let world = World::new();
    world.sim.put_object(BUCKET, "accounts/other.csv", ALICES_LIST.to_owned());

    let seen = world.notify("accounts/team.csv", "no-such-version").await;

    assert!(seen.answer.is_ok(), "{:?}", seen.answer);
    assert!(seen.notices().contains("the list is gone"), "{}", seen.notices());
}

#[tokio::test(start_paused = true)]
async fn a_list_that_may_not_be_read_is_refused_with_the_reason_and_success() {
    let world = World::new();
    world.sim.deny(ADMINISTRATOR, "s3:GetObjectVersion", "");

    let seen = world.onboard(ALICES_LIST).await;

    assert!(seen.answer.is_ok(), "{:?}", seen.answer);
    assert!(seen.notices().contains("not allowed to read the list"), "{}", seen.notices());
}

#[tokio::test(start_paused = true)]
async fn a_list_that_s3_denies_without_a_reason_names_what_it_may_be() {
    let world = World::new();
    let kind = Kind::Reply { status: 403, code: "AccessDenied".into(), message: "Access Denied".into() };
    world.sim.fault(Fault { operation: Some("GetObject"), ..always(kind) });

    let seen = world.onboard(ALICES_LIST).await;

    assert!(seen.answer.is_ok(), "{:?}", seen.answer);
    let notices = seen.notices();
    for cure in [
        "AWS says: Access Denied",
        "s3:GetObject and s3:GetObjectVersion",
        "bucket's policy",
        "kms:Decrypt",
        "if it is gone",
    ] {
        assert!(notices.contains(cure), "{notices} does not say {cure:?}");
    }
    assert_eq!(world.status(VIRGINIA, ALICE), None);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_s3_denies_because_of_the_functions_token_is_redelivered() {
    for code in ["InvalidAccessKeyId", "InvalidToken"] {
        let world = World::new();
        world.sim.fault(Fault { operation: Some("GetObject"), kind: invalid_token(code), ..Fault::default() });

        let seen = world.onboard(ALICES_LIST).await;

        let error = seen.answer.expect_err("delivered again").to_string();
        assert!(error.contains("AWS does not accept the security token"), "{error}");
        world.onboard(ALICES_LIST).await.all_enabled();
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_s3_refuses_names_what_may_be_missing() {
    let world = World::new();
    world.sim.deny(ADMINISTRATOR, "s3:PutObject", "");

    let seen = world.onboard(ALICES_LIST).await;

    let error = seen.answer.expect_err("delivered again").to_string();
    for cure in ["s3:PutObject on it", "bucket's policy", "kms:GenerateDataKey"] {
        assert!(error.contains(cure), "{error} does not say {cure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_s3_cannot_return_for_now_fails_so_that_it_is_redelivered() {
    let world = World::new();
    world.sim.fault(Fault { operation: Some("GetObject"), ..always(Kind::Throttle) });

    let seen = world.onboard(ALICES_LIST).await;

    let error = seen.answer.expect_err("delivered again").to_string();
    assert!(error.contains(&format!("s3://{BUCKET}/accounts/team.csv")), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_csv_report_can_be_corrected_and_uploaded_as_it_is() {
    let world = World::new();
    let first = world.onboard("Account ID,Email\n111122223333,alice@example.com\n44455556666,bob@example.com\n").await;
    assert_eq!((first.count("enabled"), first.count("rejectedRows")), (1, 1));

    let corrected = first.csv.replace("44455556666,", "444455556666,");
    let second = world.onboard(&corrected).await;

    second.all_enabled();
    assert_eq!((second.count("accounts"), second.count("rejectedRows")), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn no_email_address_is_in_the_json_report_or_the_answer() {
    let world = World::new();
    world.sim.email_is(ALICE, "root@example.com");
    let list = format!("{THREE}alice@example.com,111122223333\n12345678901,secret-words\n");

    let seen = world.onboard(&list).await;

    let said = format!("{} {:?}", seen.report, seen.answer);
    assert!(!said.contains("example.com") && !said.contains("secret"), "{said}");
    assert!(seen.csv.contains("alice@example.com") && seen.csv.contains("secret-words"));
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_rows_of_one_account_are_read_in_good_time() {
    let rows = format!("111122223333,{}@example.com\n", "a".repeat(52)).repeat(10_000);

    let seen = World::new().onboard(&rows).await;

    assert_eq!((seen.count("enabled"), seen.count("rejectedRows")), (1, 9_999));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_s3_will_never_return_is_refused_and_one_whose_key_is_off_is_retried() {
    for (status, code, refused) in [
        (400, "InvalidArgument", true),
        (400, "KeyTooLongError", true),
        (301, "PermanentRedirect", true),
        (400, "KMS.DisabledException", false),
    ] {
        let world = World::new();
        let kind = Kind::Reply { status, code: code.into(), message: format!("It is {code}.") };
        world.sim.fault(Fault { operation: Some("GetObject"), ..always(kind) });
        let version = world.sim.put_object(BUCKET, "accounts/team.csv", ALICES_LIST);

        let answer = world.invoke(&notification("accounts/team.csv", &version)).await;

        assert_eq!(answer.is_ok(), refused, "{code}: {answer:?}");
        if refused {
            let notices = world.report("accounts/team")["notices"].to_string();
            assert!(
                notices.contains(&format!("S3 rejects the request for the list (AWS says: It is {code}.)")),
                "{notices}"
            );
        }
    }
}
