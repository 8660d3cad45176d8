//! The page holds all of a run, in few bytes, and nothing in it can break out of its place.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::*;
use crate::account::{Account, AccountId};
use crate::action::Action;
use crate::declared::{Goal, Mode};
use crate::membership::{MemberEmail, Status};
use crate::outcome::{Forecast, Notice, Outcome, Reason, Wait};
use crate::report::tests::{any_line, region, run};
use crate::roster::Roster;
use crate::run::{Fleet, Membership, Reconcile, Source, Unlisted};

/// The text of the page between two others.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let from = page.find(begin).expect("its beginning") + begin.len();
    &page[from..][..page[from..].find(end).expect("its end")]
}

fn data(page: &str) -> Value {
    serde_json::from_str(between(page, r#"<script type="application/json" id="data">"#, "</script>")).expect("JSON")
}

/// A run over `accounts` accounts in `regions` Regions, enabled except where `ends` says otherwise.
fn large(accounts: usize, regions: usize, ends: impl Fn(usize, usize) -> Option<Outcome>) -> Run {
    let mut run = run("111122223333,a@example.com\n", |_, _| None);
    let (account, membership) = (run.roster.accounts[0].clone(), run.memberships[0].clone());
    let id = |row: usize| AccountId::parse(&format!("{row:012}")).expect("twelve digits");
    run.regions = (1..=regions).map(|number| region(&format!("ap-southeast-{number}"))).collect();
    let named = (0..accounts).map(|row| Account { id: id(row), ..account.clone() }).collect();
    run.roster = Roster { accounts: named, ..Roster::clone(&run.roster) }.into();
    let one = |row: usize, column: usize| Membership {
        account: id(row),
        line: Some(row + 2),
        region: run.regions[column].clone(),
        outcome: ends(row, column).unwrap_or(Outcome::Settled(Goal::Monitored, None)),
        ..Membership::clone(&membership)
    };
    run.memberships = (0..accounts * regions).map(|at| one(at / regions, at % regions).into()).collect();
    run
}

#[test]
fn five_thousand_accounts_of_which_a_twentieth_is_not_as_declared_take_a_megabyte_at_most() {
    let ends = [
        Outcome::Failed(Reason::WrongEmail),
        Outcome::Pending(Wait::Verification),
        Outcome::Skipped(Reason::MemberRegion),
        Outcome::Pending(Wait::Policy(format!("User: arn:aws:sts::{} is not authorized", "x".repeat(400)))),
    ];
    let own = |row, column| Outcome::Pending(Wait::Unanswered(format!("{} {row} {column}", "x".repeat(200))));
    for is_own in [false, true] {
        let end = |row, column: usize| if is_own { own(row, column) } else { ends[column % ends.len()].clone() };
        let page = html(&large(5_000, 17, |row, column| row.is_multiple_of(20).then(|| end(row, column))));
        println!("{} bytes", page.len());
        assert!(page.len() <= 1_000_000, "{} bytes", page.len());
        assert!(!page.contains("left out"));
    }
}

#[test]
fn the_largest_run_takes_five_megabytes_at_most_and_says_what_is_left_out() {
    let own =
        |row, column| Some(Outcome::Pending(Wait::Unanswered(format!("<\"'&>{row}/{column} {}", "é".repeat(200)))));
    let mut run = large(10_000, 17, own);
    let rejected = "1,b@example.com\n".repeat(10_000);
    run.roster = Roster { rejected: roster_of(&rejected).rejected.clone(), ..Roster::clone(&run.roster) }.into();
    run.notices = vec![Notice::NotWritten("\"".repeat(600)); 1_000];

    let page = html(&run);

    println!("{} bytes", page.len());
    assert!(page.len() <= 5_000_000, "{} bytes", page.len());
    let data = data(&page);
    let (all, kept) = (170_000, data["sentences"].as_array().map_or(0, Vec::len));
    assert!(kept > 1_000, "{kept}");
    assert!(page.contains(&format!("{} sentences left out of the grid", all - kept)), "{kept}");
    assert_eq!(data["cells"].as_array().map(Vec::len), Some(10_000));
    assert!(page.contains("more rows: the JSON report has them all"));
}

#[test]
fn two_hundred_thousand_accounts_take_five_megabytes_at_most() {
    let ends = |row: usize, _| row.is_multiple_of(3).then(|| Outcome::Failed(Reason::Refused(refusal(row))));
    for lines in [1, 977] {
        let mut run = large(200_000, 1, ends);
        run.memberships
            .iter_mut()
            .map(Arc::make_mut)
            .for_each(|one| one.line = one.line.map(|line| line * lines % 100_003));
        let page = html(&run);
        println!("{} bytes", page.len());
        assert!(page.len() <= 5_000_000, "{} bytes", page.len());
        let ids = data(&page)["ids"].as_str().map_or(0, |ids| ids.len() / 12);
        let left_out = 200_000 - ids;
        assert_eq!(page.contains(&format!("{left_out} accounts left out of the grid")), left_out > 0);
    }
}

fn refusal(row: usize) -> crate::membership::Refusal {
    crate::membership::Refusal::Internal(format!("no {row}"))
}

fn roster_of(list: &str) -> Arc<Roster> {
    run(list, |_, _| None).roster
}

/// Texts that would end a block, begin a comment, run, or turn a line around.
const HOSTILE: &str = "</script><!--<img src=x onerror=alert(1)>-->\u{2028}\u{202e}&amp;\"'</style></noscript>";

#[test]
fn hostile_text_stays_text() {
    let hostile = |_, _: &str| Some(Outcome::Pending(Wait::Unanswered(HOSTILE.into())));
    let mut run = run("111122223333,a@example.com\n<script>alert(1)</script>,x\n", hostile);
    run.notices = vec![Notice::NotWritten(HOSTILE.into())];
    run.origin.source = Source::Upload { bucket: HOSTILE.into(), key: format!("accounts/{HOSTILE}"), version_id: None };

    let page = html(&run);

    for (tag, count) in [("<script", 2), ("</script", 2), ("<style", 1), ("</style", 1), ("<img", 0), ("<!--", 0)] {
        assert_eq!(page.matches(tag).count(), count, "{tag}");
    }
    assert_eq!(page.matches("<noscript").count(), page.matches("</noscript").count());
    let block = between(&page, r#"id="data">"#, "</script>");
    assert!(!block.contains(['<', '>', '&', '\u{2028}']), "{block}");
    assert!(
        data(&page)["sentences"][0][1].as_str().is_some_and(|sentence| sentence.contains(&pattern::plain(HOSTILE))),
        "{block}"
    );
    assert!(!page.contains('\u{202e}'));
    assert!(page.contains("&#60;img src=x onerror=alert(1)&#62;"), "in the table");
}

#[test]
fn the_policy_has_the_hashes_of_what_is_embedded() {
    let page = html(&run("111122223333,a@example.com\n", |_, _| None));
    let policy = between(&page, r#"<meta http-equiv="Content-Security-Policy" content=""#, "\">");
    let style = between(&page, "<style>", "</style>");
    let script = between(&page, "</script>\n<script>", "</script>");
    for (directive, text) in [("style-src", style), ("script-src", script)] {
        let hash = aws_smithy_types::base64::encode(Sha256::digest(text));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}';")), "{directive}: {policy}");
    }
    assert!(policy.starts_with("default-src 'none';") && script.contains("JSON.parse"), "{policy}");
    assert_eq!((page.matches("<style").count(), page.matches(" style=").count()), (1, 0));
}

#[test]
fn the_script_is_small_and_asks_nothing_of_anywhere() {
    assert!(SCRIPT.len() <= 10_000, "{} bytes", SCRIPT.len());
    for word in ["fetch", "XMLHttpRequest", "import(", "@import", "http", "innerHTML", "eval", "url("] {
        assert!(!SCRIPT.contains(word) && !STYLE.contains(word), "{word}");
    }
}

#[test]
fn every_outcome_has_a_glyph_and_a_colour() {
    let forecast = Forecast { actions: vec![Action::InviteMember], invited_at: None, plans: None };
    let settled = Goal::ALL.map(|goal| Outcome::Settled(goal, None));
    let others = [
        Outcome::Pending(Wait::Time),
        Outcome::Failed(Reason::Suspended),
        Outcome::Skipped(Reason::MemberRegion),
        Outcome::Planned(forecast.into()),
    ];
    for outcome in settled.iter().chain(&others) {
        let look = &look::LOOKS[look::of(outcome)];
        assert_eq!(look.word, outcome.word());
        let is_settled = matches!(outcome, Outcome::Settled(..));
        assert_eq!(look::of(outcome) >= look::SETTLED, is_settled, "{look:?}");
    }
    let mut glyphs: Vec<&str> = look::LOOKS.iter().map(|look| look.glyph).collect();
    glyphs.sort_unstable();
    glyphs.dedup();
    assert_eq!(glyphs.len(), look::LOOKS.len());
    for look::Look { word, .. } in look::LOOKS {
        assert!(
            STYLE.contains(&format!(".{word} {{ color: var(--{word}); background: var(--{word}-on); }}")),
            "{word}"
        );
        assert_eq!(STYLE.matches(&format!("--{word}-on: #")).count(), 2, "{word}, light and dark");
    }
}

#[test]
fn the_data_has_every_account_sentence_and_rejected_row_once() {
    let ends = |line, region: &str| match (line, region) {
        (1 | 3, _) => Some(Outcome::Failed(Reason::WrongEmail)),
        (4, "eu-west-1") => Some(Outcome::Skipped(Reason::MemberRegion)),
        _ => None,
    };
    let list = "111122223333,a@example.com\n1,b\n222233334444,c@example.com\n333344445555,d@example.com\nx,y\n";
    let run = run(list, ends);

    let page = html(&run);

    let data = data(&page);
    assert_eq!(data["ids"], "111122223333222233334444333344445555");
    assert_eq!(data["lines"], serde_json::json!([1, 2, 1]));
    assert_eq!(data["regions"], serde_json::json!(["us-east-1", "eu-west-1"]));
    let (sentences, kinds) = (data["sentences"].as_array().expect("sentences"), &data["kinds"]);
    assert_eq!(sentences.len(), 2, "{sentences:?}");
    assert_eq!(data["cells"], serde_json::json!([0, 0, [2, 1]]), "{kinds}");
    for row in &run.roster.rejected {
        let reason = row.problem.to_string();
        let rows = data["rejected"].as_array().expect("rows");
        assert_eq!(rows.iter().filter(|one| one[0] == row.line && one[1] == reason).count(), 1, "{rows:?}");
    }
    let detail = run.memberships[0].detail(run.origin.retry).expect("a sentence");
    assert!(page.contains(&detail.replace('\'', "&#39;")), "{detail}");
}

#[test]
fn the_title_names_the_list_and_its_counts() {
    let title = |run: &Run| between(&html(run), "<title>", "</title>").to_owned();
    let list = "111122223333,a@example.com\n1,b\n";
    let mut run = run(list, |_, region| (region == "eu-west-1").then_some(Outcome::Failed(Reason::WrongEmail)));
    assert_eq!(title(&run), "team.csv: 1 enabled, 1 failed, 1 row rejected");
    run.notices.push(Notice::Refused(crate::outcome::Refused::Gone));
    assert_eq!(title(&run), "team.csv: refused");
}

#[test]
fn a_fleets_page_names_lists_and_rows_and_members_on_no_list() {
    let page = html(&fleet(run("111122223333,a@example.com\n444455556666,b@example.com\n", |_, _| None)));
    let data = data(&page);
    assert_eq!(data["lists"], serde_json::json!([["accounts/(e-mail)", 0], [null, 2]]));
    assert_eq!(data["cells"][2], serde_json::json!([0, -1]));
    assert_eq!(data["lines"], serde_json::json!([1, 1, null]));
    assert!(page.contains("accounts/(e-mail) declares monitored: 2 accounts"), "{page}");
    assert!(page.contains("no list names account 777788889999; it is Enabled in us-east-1"), "{page}");
    assert!(page.contains("<title>fleet: 4 enabled, 1 unlisted</title>"), "{page}");
}

/// The run as one of a reconcile, with an e-mail wherever a reconcile has one.
fn fleet(mut run: Run) -> Run {
    let key: std::sync::Arc<str> = "accounts/user@example.com.csv".into();
    run.memberships.iter_mut().map(Arc::make_mut).for_each(|one| one.list = Some(key.clone()));
    Arc::make_mut(&mut run.roster).rejected.iter_mut().for_each(|one| one.list = Some(key.clone()));
    let unlisted = Unlisted {
        account: AccountId::parse("777788889999").expect("twelve digits"),
        region: region("us-east-1"),
        status: Status::Enabled,
        email: Some(MemberEmail("owner@example.com".into())),
    };
    let list = ListRead {
        key,
        version_id: Some("v".into()),
        declared: "monitored",
        accounts: run.roster.accounts.len(),
        rejected_rows: run.roster.rejected.len(),
    };
    run.origin.source = Source::Reconcile { reconcile: Reconcile::Report };
    run.fleet = Some(Fleet { lists: [list].into(), unlisted: [unlisted].into() });
    run
}

fn any_outcome() -> impl Strategy<Value = Option<Outcome>> {
    prop_oneof![
        Just(None),
        Just(Some(Outcome::Failed(Reason::WrongEmail))),
        Just(Some(Outcome::Pending(Wait::Verification))),
        Just(Some(Outcome::Skipped(Reason::NotMonitored))),
        "\\PC{0,30}".prop_map(|said| Some(Outcome::Pending(Wait::Unanswered(crate::quote::sentence(&said))))),
    ]
}

proptest! {
    #[test]
    fn no_page_has_an_email_address(
        lines in proptest::collection::vec(any_line(), 0..20),
        outcomes in proptest::collection::vec(any_outcome(), 1..5),
        is_fleet in any::<bool>(),
        is_plan in any::<bool>(),
    ) {
        let mut run = run(&lines.join("\n"), |line, _| outcomes[line % outcomes.len()].clone());
        run.origin.mode = if is_plan { Mode::Plan } else { Mode::Apply };
        let run = if is_fleet { fleet(run) } else { run };
        let page = html(&run);
        prop_assert!(!page.contains("@example"), "{page}");
        let mine = STYLE.matches('@').count() + page.matches("has no @").count() + page.matches("than one @").count()
            + page.matches("before the @").count();
        prop_assert_eq!(page.matches('@').count(), mine, "{}", page);
        prop_assert!(data(&page)["regions"].is_array());
        let ids: String = run.memberships.iter().step_by(2).map(|one| one.account.to_string()).collect();
        prop_assert!(data(&page)["ids"].as_str().is_some_and(|all| all.starts_with(&ids)), "{}", page);
    }
}
