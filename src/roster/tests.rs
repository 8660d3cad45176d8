//! Examples for each rule of a list's rows.

mod dialects;
mod real_lists;

use serde_json::json;

use super::*;
use crate::account::EmailProblem;

const ADMINISTRATOR: &str = "123456789012";

fn administrator() -> AccountId {
    AccountId::parse(ADMINISTRATOR).expect("twelve digits")
}

fn list(text: &str) -> Roster {
    read(text.as_bytes(), &Rules::monitored(administrator()))
}

/// The accounts as `line id`.
fn used(roster: &Roster) -> Vec<String> {
    roster.accounts.iter().map(|account| format!("{} {}", account.line.expect("a line"), account.id)).collect()
}

/// The only rejected row's reason.
fn reason(text: &str) -> String {
    let roster = list(text);
    let [row] = roster.rejected.as_slice() else { panic!("one rejected row expected: {:?}", roster.rejected) };
    row.problem.to_string()
}

#[test]
fn the_consoles_header_and_the_scripts_bare_rows_are_both_lists() {
    let expected = ["2 111122223333"];
    for text in [
        "Account ID,Email\n111122223333,user@example.com\n",
        "\u{feff}Account ID,Email\r\n111122223333,user@example.com\r\n",
        "email;ACCOUNT ID;Name\n user@example.com ; 111122223333 ;\"a;b\"",
        "\"Account ID\",\"Email\"\n\"111122223333\", \"user@example.com\"",
        "\n111122223333,user@example.com,more,columns\n\n",
        "\n111122223333;user@example.com\n",
        "Account ID,Email\n111122223333;user@example.com\n",
    ] {
        let roster = list(text);
        assert_eq!(used(&roster), expected, "{text:?}");
        assert_eq!((roster.rejected.len(), roster.refused), (0, None), "{text:?}");
        assert_eq!(roster.accounts[0].expose_email(), "user@example.com", "{text:?}");
    }
}

#[test]
fn a_row_with_eleven_digits_is_reported_not_guessed() {
    assert_eq!(
        reason("12345678901,user@example.com"),
        "account id \"12345678901\" has 11 digits, expected 12 (a spreadsheet may have dropped a leading zero)"
    );
    assert_eq!(reason("1234567890123,user@example.com"), "account id \"1234567890123\" has 13 digits, expected 12");
}

#[test]
fn what_a_spreadsheet_did_to_an_id_is_explained() {
    for id in ["1.23E+11", "1.11122E+11", "\"1,23E+11\""] {
        assert!(reason(&format!("{id},user@example.com")).contains("turned it into a number"), "{id}");
    }
    assert!(reason("1111-2222-3333,user@example.com").contains("hyphens"));
}

#[test]
fn a_row_without_an_email_says_so() {
    for text in ["111122223333", "111122223333,", "111122223333, \"\" "] {
        assert_eq!(list(text).rejected[0].problem, RowProblem::NoEmail, "{text:?}");
    }
    assert_eq!(list(",user@example.com").rejected[0].problem, RowProblem::NoId);
}

#[test]
fn an_email_that_guardduty_would_refuse_is_rejected_without_repeating_it() {
    let roster = list("111122223333,user@localhost");
    assert_eq!(roster.rejected[0].problem, RowProblem::Email(EmailProblem::Domain));
    assert!(!roster.rejected[0].problem.to_string().contains("localhost"));
}

#[test]
fn an_email_in_the_wrong_column_is_not_repeated() {
    for text in ["user@example.com,111122223333", "111122223333 user@example.com", "Account ID,Email\n12345;secret"] {
        let roster = list(text);
        let said = format!("{} {:?}", roster.rejected[0].problem, roster.rejected);
        assert!(!said.contains("user@") && !said.contains("secret"), "{said}");
    }
}

#[test]
fn one_id_with_two_emails_uses_neither_row() {
    let roster = list("111122223333,a@example.com\n444455556666,c@example.com\n111122223333,b@example.com");
    assert_eq!(used(&roster), ["2 444455556666"]);
    let others: Vec<_> = roster.rejected.iter().map(|row| (row.line, row.problem.clone())).collect();
    let id = AccountId::parse("111122223333").expect("twelve digits");
    assert_eq!(others, [(1, RowProblem::Conflict { id, other: 3 }), (3, RowProblem::Conflict { id, other: 1 })]);
}

#[test]
fn every_row_of_an_account_in_conflict_names_a_line_that_disagrees() {
    let roster = list("111122223333,a@example.com\n111122223333,A@example.com\n111122223333,b@example.com");
    let others = roster.rejected.iter().map(|row| match row.problem {
        RowProblem::Conflict { other, .. } => (row.line, other),
        _ => panic!("a conflict expected: {row:?}"),
    });
    assert_eq!(others.collect::<Vec<_>>(), [(1, 3), (2, 3), (3, 1)]);
}

#[test]
fn the_same_row_again_is_harmless_whatever_the_case() {
    let roster = list("111122223333,a@example.com\n111122223333,A@Example.com");
    assert_eq!(used(&roster), ["1 111122223333"]);
    assert_eq!(roster.rejected[0].problem.to_string(), "same as line 1");
}

#[test]
fn the_administrator_is_not_its_own_member() {
    assert!(reason(&format!("{ADMINISTRATOR},a@example.com")).contains("administrator"));
}

#[test]
fn a_header_with_other_names_is_refused_with_the_right_ones() {
    let text = "Konto;Adresse\n111122223333;user@example.com\n";
    assert!(
        reason(text).ends_with("(if this is the header, it must name the columns Account ID and Email)"),
        "{}",
        reason(text)
    );
    assert!(reason("id-7,user@example.com\n").ends_with("is not 12 digits"));
}

#[test]
fn quotation_marks_around_a_field_change_nothing() {
    for text in [
        "111122223333,user@example.com,more",
        "111122223333; user@example.com\r",
        "1111222233,  ",
        "111122223333",
        ",user@example.com",
        "'=1+1,'@sum",
    ] {
        let quoted = |delimiter| {
            let fields = text.split(delimiter).map(|field: &str| format!("\"{field}\""));
            fields.collect::<Vec<_>>().join(&String::from(delimiter))
        };
        assert_eq!(list(&quoted(if text.contains(';') { ';' } else { ',' })), list(text), "{text}");
    }
}

#[test]
fn an_apostrophe_that_guards_a_cell_is_dropped() {
    let roster = list("111122223333,'+user@example.com\n444455556666,'@x");
    assert_eq!(roster.accounts[0].expose_email(), "+user@example.com");
    assert_eq!(roster.rejected[0].email, "@x");
}

#[test]
fn what_is_no_list_is_refused_whole() {
    let many = "111122223333,user@example.com\n".repeat(MAX_ROWS + 1);
    let large = vec![b'x'; 5 * 1024 * 1024 + 1];
    let utf16: Vec<u8> = "1,a@b.co\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, refused) in [
        (&b""[..], ListError::Empty),
        (b"\n \r\n", ListError::Empty),
        (b"Account ID,Email\n", ListError::Empty),
        (b"Dear all, this is not a list.\nRegards\n", ListError::NoValidRow),
        (&utf16, ListError::Utf16),
        (b"PK\x03\x04\x14\0", ListError::Zip),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ListError::OldWorkbook),
        (b"%PDF-1.7\n111122223333,user@example.com", ListError::Pdf),
        (b"\n<!DOCTYPE html><table><tr><td>111122223333", ListError::Html),
        (b"<?xml version=\"1.0\"?>\n111122223333,user@example.com", ListError::Html),
        (b"[\n\"111122223333\",\"user@example.com\"\n]", ListError::Json),
        (&large, ListError::TooLarge(5 * 1024 * 1024 + 1)),
        (many.as_bytes(), ListError::TooManyRows(MAX_ROWS + 1)),
    ] {
        let roster = read(bytes, &Rules::monitored(administrator()));
        assert_eq!(roster.refused, Some(refused));
        assert!(roster.accounts.is_empty());
    }
}

#[test]
fn a_list_without_a_valid_row_keeps_the_reason_for_each() {
    assert_eq!(list("one\ntwo\n").rejected.len(), 2);
}

#[test]
fn a_requests_rows_are_judged_by_position() {
    let rows = [
        json!({"accountId": "111122223333", "email": "user@example.com"}),
        json!({"accountId": 444_455_556_666_u64, "email": "user@example.com"}),
        json!("777788889999"),
        json!({"accountId": "777788889999"}),
    ];
    let roster = from_request(&rows, &Rules::monitored(administrator()));
    assert_eq!(used(&roster), ["1 111122223333"]);
    let problems: Vec<_> = roster.rejected.iter().map(|row| (row.line, row.problem.clone())).collect();
    assert_eq!(problems, [(2, RowProblem::IdNotText), (3, RowProblem::NotAnObject), (4, RowProblem::NoEmail)]);
    assert_eq!(from_request(&[], &Rules::monitored(administrator())).refused, Some(ListError::Empty));
}
