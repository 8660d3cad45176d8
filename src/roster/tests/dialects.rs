//! How a list may be written: quotation marks, headers, delimiters, characters.

use super::{list, reason, used};
use crate::roster::{ListError, Notice, RowProblem};

const TWO: [&str; 2] = ["2 111122223333", "3 444455556666"];

#[test]
fn a_header_is_known_by_any_name_of_its_columns_in_any_case() {
    for header in [
        "Account ID,Email",
        "account_id,e-mail",
        "AWS account ID,Root user email",
        "ACCOUNT-NUMBER,Mail",
        "Id,Email address",
        "Account,Account Email",
        "\"Account\u{a0}ID\" , \"Root Email\"",
        "\u{200b}Account ID\u{200b},Email",
    ] {
        let roster = list(&format!("{header}\n111122223333,a@example.com\n444455556666,b@example.com\n"));
        assert_eq!((used(&roster), roster.rejected.len()), (TWO.map(Into::into).to_vec(), 0), "{header:?}");
    }
}

#[test]
fn of_several_columns_the_more_precise_name_counts() {
    let roster = list("ID,Account,Account ID,Email,Root email\nx,y,111122223333,owner@example.com,root@example.com\n");
    assert_eq!(used(&roster), ["2 111122223333"]);
    assert_eq!(roster.accounts[0].expose_email(), "root@example.com");
}

#[test]
fn a_header_that_leaves_a_column_open_refuses_the_list_and_names_what_it_has() {
    for (header, said) in [
        ("Name,Email", "names no account id column; expected Account ID, but its columns are: Name, Email"),
        ("Account ID,Owner", "names no e-mail column; expected Email or, where several"),
        ("Account ID,AWS account ID,Email", "names more than one account id column"),
        ("Account ID,Email,Mail", "names more than one e-mail column"),
        ("Status", "names no account id column"),
    ] {
        let roster = list(&format!("{header}\n111122223333,a@example.com,x\n"));
        let refused = roster.refused.expect("refused").to_string();
        assert!(refused.contains(said), "{header}: {refused}");
        assert!(roster.accounts.is_empty() && roster.rejected.is_empty());
    }
}

#[test]
fn a_header_stands_within_the_first_ten_records() {
    let titles = |count| "A title\n".repeat(count) + ",\n\nAccount ID,Email\n111122223333,a@example.com\n";
    let roster = list(&titles(9));
    assert_eq!(used(&roster), ["13 111122223333"]);
    assert_eq!(
        roster.notices[0].to_string(),
        "the records above the header were read as titles: lines 1, 2, 3, 4, 5, 6, 7, 8 and 9"
    );
    // Without a header every record is a row.
    assert_eq!((used(&list(&titles(10))).len(), list(&titles(10)).rejected.len()), (1, 11));
}

#[test]
fn a_title_with_an_account_id_is_reported_as_not_used() {
    let roster = list("444455556666,b@example.com\nAccount ID,Email\n111122223333,a@example.com\n");
    assert_eq!(used(&roster), ["3 111122223333"]);
    assert_eq!(roster.notices, [Notice::Titles { titles: vec![1], with_account: vec![1] }]);
    let said = roster.notices[0].to_string();
    assert!(said.ends_with("line 1 holds an account id that was not used: move it below the header if it is a row"));
}

#[test]
fn a_row_whose_state_rules_it_out_is_rejected() {
    let text = "Account ID,Email,Status,State\n\
                111122223333,a@example.com,ACTIVE,active\n\
                444455556666,b@example.com,SUSPENDED,\n\
                777788889999,c@example.com,,Pending closure\n\
                000000000001,d@example.com,PENDING-ACTIVATION,\n\
                000000000002,e@example.com,Open,\n";
    let roster = list(text);
    assert_eq!(used(&roster), ["2 111122223333", "6 000000000002"]);
    let states = roster.rejected.iter().map(|row| match &row.problem {
        RowProblem::NotActive { state, .. } => (row.line, *state),
        other => panic!("{other:?}"),
    });
    let expected = [(3, "SUSPENDED"), (4, "PENDING_CLOSURE"), (5, "PENDING_ACTIVATION")];
    assert_eq!(states.collect::<Vec<_>>(), expected);
}

#[test]
fn quotation_marks_are_read_as_spreadsheets_and_people_write_them() {
    for row in [
        "\"111122223333\",\"a@example.com\"",
        "\u{a0}\"111122223333\"\u{a0}, \"a@example.com\" \r",
        "111122223333,a@example.com,\"Payments, \"\"prod\"\"\"",
        "111122223333,a@example.com,\"Payments \"prod\" team\"",
        "111122223333,a@example.com,say \"hi\"",
        "111122223333,a@example.com,\"two\nlines\nand\n\nmore\"",
        "\"\"\"111122223333\"\"\",a@example.com",
        "\"=\"\"111122223333\"\"\",\"a@example.com\"",
        "'=\"111122223333\",a@example.com",
        "'111122223333,a@example.com",
    ] {
        let roster = list(&format!("{row}\n444455556666,b@example.com\n"));
        let ids: Vec<_> = roster.accounts.iter().map(|account| account.id.to_string()).collect();
        assert_eq!((ids, roster.rejected), (vec!["111122223333".into(), "444455556666".into()], vec![]), "{row:?}");
    }
}

#[test]
fn a_stray_quotation_mark_hides_no_other_row() {
    for row in [
        "\"111122223333,a@example.com",
        "111122223333,\"a@example.com",
        "111122223333,a@example.com,\"Payments",
        "111122223333,a@example.com,\"Payments\" and more",
        "\"",
    ] {
        // The second row closes the first row's mark, unless it is looked at by itself.
        for second in
            ["444455556666,c@example.com", "444455556666,c@example.com,\"Billing\"", "\"444455556666\",c@example.com"]
        {
            for end in ["\n", "\r\n", "\r"] {
                let roster = list(&format!("{row}{end}{second}{end}{second}"));
                assert_eq!(used(&roster), ["2 444455556666"], "{row:?} {second:?} {end:?}");
                let rejected: Vec<_> = roster.rejected.iter().map(|row| (row.line, row.problem.clone())).collect();
                assert_eq!(rejected, [(1, RowProblem::QuotationMark), (3, RowProblem::Duplicate { first: 2 })]);
            }
        }
    }
}

#[test]
fn an_inch_mark_in_a_later_row_hides_no_row_before_it() {
    let roster = list(
        "Account ID,Email,Name\n\
         111122223333,alice@example.com,\"19\" rack\n\
         444455556666,bob@example.com,\"21\" rack\"\n\
         222233334444,carol@example.com,Carol\n",
    );
    assert_eq!(used(&roster), ["3 444455556666", "4 222233334444"]);
    assert_eq!((roster.rejected.len(), roster.rejected[0].line), (1, 2));

    let rows: Vec<String> = (0..500).map(|id| format!("{id:012},a@example.com,5\" rack")).collect();
    let rows = rows.join("\n");
    let roster = list(&format!("111122223333,b@example.com,\"open\n{rows}\n444455556666,c@example.com,19\"\n"));
    assert_eq!((roster.accounts.len(), roster.rejected.len()), (501, 1));
}

#[test]
fn a_cell_of_several_lines_may_hold_an_account_id_that_ends_it() {
    let roster = list("111122223333,a@example.com,\"see also\n444455556666\"\n222233334444,b@example.com,x\n");
    assert_eq!((used(&roster), roster.rejected.len()), (vec!["1 111122223333".into(), "3 222233334444".into()], 0));
}

#[test]
fn whole_lines_in_quotation_marks_obey_their_header() {
    for text in [
        "\"Account ID,Contact,Root email,Status\"\n\"111122223333,alternate@example.com,root@example.com,ACTIVE\"\n",
        "sep=|\nAccount ID,Contact,Root email\n111122223333,alternate@example.com,root@example.com\n",
    ] {
        let roster = list(text);
        assert_eq!(roster.accounts.len(), 1, "{text:?}: {:?}", roster.rejected);
        assert_eq!(roster.accounts[0].expose_email(), "root@example.com", "{text:?}");
    }
    let suspended = "\"Account ID,Email,Status\"\n\"111122223333,a@example.com,SUSPENDED\"\n";
    assert!(reason(suspended).contains("is SUSPENDED"));
}

#[test]
fn a_state_is_read_through_what_nobody_sees() {
    for state in ["SUS\u{200b}PENDED", "pending  closure", "PENDING\u{a0}CLOSURE", " Pending-Activation "] {
        let said = reason(&format!("Account ID,Email,Status\n111122223333,a@example.com,{state}\n"));
        assert!(said.contains("the list says that account 111122223333 is"), "{state:?}: {said}");
    }
}

#[test]
fn a_row_whose_cells_are_shifted_is_not_taken_for_active() {
    let said = reason("Id,Arn,Email,Name,Status\n111122223333,arn,a@example.com,Smith, John,SUSPENDED\n");
    assert!(said.starts_with("the row has more cells than the header has columns (1 more)"), "{said}");
    // A spreadsheet adds empty cells after the last column. Without a state column, filled ones do no harm either.
    for text in ["Id,Email,Status\n111122223333,a@example.com,ACTIVE,,\n", "Id,Email\n111122223333,a@example.com,x,y\n"]
    {
        assert_eq!(used(&list(text)), ["2 111122223333"], "{text:?}");
    }
}

#[test]
fn many_quotation_marks_that_are_never_closed_are_read_in_one_pass() {
    // A new search for each of these would take hours.
    let text = format!("{}444455556666,c@example.com\n{}", "\"x\n".repeat(9_000), "a,\"x,\"y\n".repeat(900));
    let roster = list(&text);
    assert_eq!((used(&roster), roster.rejected.len()), (vec!["9001 444455556666".into()], 9_900));
    let long = format!("444455556666,c@example.com\n{}", "\"x\",".repeat(100_000));
    assert_eq!(used(&list(&long)), ["1 444455556666"]);
}

#[test]
fn the_delimiter_is_the_one_that_makes_rows() {
    for text in [
        "111122223333;a@example.com;\"Payments, prod, live\"\n",
        "111122223333|a@example.com|x,y;z\n",
        "111122223333\ta@example.com\tx,y;z\n",
        "Account ID|Email|Note\n111122223333|a@example.com|x,y;z\n",
        "Name;Account ID;Email\nPayments, prod;111122223333;a@example.com\n",
        "sep=|\n111122223333|a@example.com\n",
        "SEP=:\n111122223333:a@example.com\n",
        "\"sep=;\"\r\n111122223333;a@example.com\n",
        "sep=,,,\nAccount ID,Email,Name\n111122223333,a@example.com,x\n",
    ] {
        let roster = list(text);
        assert_eq!((roster.accounts.len(), roster.rejected, roster.notices), (1, vec![], vec![]), "{text:?}");
    }
}

#[test]
fn a_title_may_begin_with_a_bracket() {
    let roster = list("[Internal] accounts\nAccount ID,Email\n111122223333,a@example.com\n");
    assert_eq!((used(&roster), roster.refused), (vec!["3 111122223333".into()], None));
    assert_eq!(list("{x}\n").refused, Some(ListError::NoValidRow));
}

#[test]
fn invisible_characters_in_an_email_are_not_hidden() {
    assert!(reason("111122223333,a\u{200b}b@example.com").contains("outside ASCII"));
    assert_eq!(used(&list("111122223333,\u{200f}a@example.com\u{feff}")), ["1 111122223333"]);
    assert_eq!(used(&list("1111\u{200b}2222\0\u{202a}3333,a@example.com")), ["1 111122223333"]);
}
