//! The pages that the browser opens, and beside each what has to be on it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use guardduty_onboarding::account::{AccountId, Region};
use guardduty_onboarding::action::Action;
use guardduty_onboarding::declared::{Declared, Goal, Mode};
use guardduty_onboarding::membership::{Denial, DeniedBy, RoleRefusal, Status, WhyNot};
use guardduty_onboarding::outcome::{Contradiction, Forecast, Mention, Notice, Outcome, Reason, Refused, Retry, Wait};
use guardduty_onboarding::report::html;
use guardduty_onboarding::roster::{self, ListError, Rules};
use guardduty_onboarding::run::{Fleet, ListRead, Membership, Origin, Reconcile, Run, Source, Unlisted};
use serde_json::{Value, json};
use time::OffsetDateTime;

const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// What would be more than text if a page let it.
const HOSTILE: [&str; 4] = [
    "</script><script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "\u{202e}right to left\u{200f}",
    "wordwordwordwordwordwordwordwordwordwordwordwordwordwordwordword",
];

/// Writes all pages into `folder`, and `pages.json`, which says what has to be on them.
pub fn write(folder: &Path) {
    let pages = [
        page("3", &sized(3)),
        page("300", &sized(300)),
        page("5000", &sized(5_000)),
        page("hostile", &hostile()),
        page("fleet", &fleet()),
        page("plan", &plan()),
        page("refused", &refused()),
        page("running", &running()),
    ];
    let mut expected = Vec::new();
    for (name, page, what) in pages {
        fs::write(folder.join(format!("{name}.html")), page).expect("a file below target");
        expected.push(what);
    }
    fs::write(folder.join("pages.json"), Value::from(expected).to_string()).expect("a file below target");
}

fn page<'a>(name: &'a str, run: &Run) -> (&'a str, String, Value) {
    let rows = run.memberships.iter().map(|one| {
        json!([one.account.as_str(), one.region.as_str(), one.outcome.word(), one.detail(run.origin.retry)])
    });
    let rejected = run.roster.rejected.iter().map(|row| json!([row.line, row.problem.to_string()]));
    let hostile = if name == "hostile" { &HOSTILE[..] } else { &[] };
    let unlisted = run.fleet.iter().flat_map(|fleet| fleet.unlisted.iter()).map(|one| one.region.as_str());
    let mut regions: Vec<&str> = run.regions.iter().map(Region::as_str).collect();
    regions.extend(unlisted.filter(|region| !REGIONS.contains(region)));
    let what = json!({
        "name": name, "regions": regions, "memberships": rows.collect::<Vec<_>>(), "rejected": rejected.collect::<Vec<_>>(), "hostile": hostile,
    });
    (name, html(run), what)
}

/// Every twentieth account, the first included, is not as declared; so is a row in every hundred.
fn sized(accounts: usize) -> Run {
    let row = |row: usize| match row % 100 {
        50 => "12345678901,short@example.com\n".into(),
        _ => format!("{:012},user{row}@example.com\n", 100_200_300_000 + row * 37),
    };
    let list: String = (0..accounts).map(row).collect();
    of(&list, |row, column| match (row % 20, row / 20 % 4) {
        (0, 0) => Some(Outcome::Failed(Reason::WrongEmail)),
        (0, 1) if column % 3 == 0 => Some(Outcome::Pending(Wait::Verification)),
        (0, 2) => Some(Outcome::Pending(Wait::Role(not_trusted(row)))),
        (0, 3) if column < 4 => Some(Outcome::Skipped(Reason::MemberRegion)),
        (1, 1) if column == 2 => Some(Outcome::Failed(Reason::Denied(Denial {
            by: DeniedBy::Organization,
            quoted: "User is not authorized to perform guardduty:CreateDetector with an explicit deny in a service \
                     control policy"
                .into(),
        }))),
        _ => None,
    })
}

fn not_trusted(row: usize) -> RoleRefusal {
    let account = 100_200_300_000 + row * 37;
    let quoted = format!(
        "User: arn:aws:sts::123456789012:assumed-role/function/f is not authorized to perform: sts:AssumeRole on \
         resource: arn:aws:iam::{account:012}:role/GuardDutyOnboarding"
    );
    RoleRefusal { why: WhyNot::Trust, quoted: quoted.into() }
}

fn hostile() -> Run {
    let list = "111122223333,a@example.com\n222233334444,b@example.com\n<img src=x>,c\n</script>,d\n";
    let said = |row: usize, column: usize| format!("{} {}", HOSTILE[column % 4], row + column);
    let mut run = of(list, |row, column| Some(Outcome::Pending(Wait::Unanswered(said(row, column)))));
    run.notices = HOSTILE.map(|text| Notice::NotWritten(text.into())).into();
    let (bucket, key) = (HOSTILE[1].into(), format!("accounts/{}{}.csv", HOSTILE[1], HOSTILE[3]));
    run.origin.source = Source::Upload { bucket, key, version_id: None };
    run
}

fn fleet() -> Run {
    let mut run = sized(120);
    let keys: [Arc<str>; 2] = ["accounts/north.csv".into(), "suspend/south.csv".into()];
    let of = |line: Option<usize>| Arc::clone(&keys[usize::from(line.unwrap_or_default() > 60)]);
    let list = |key: &Arc<str>, declared, rejected_rows| ListRead {
        key: Arc::clone(key),
        version_id: Some("3sL4kqtJlcpXroDTDmJ".into()),
        declared,
        accounts: 60,
        rejected_rows,
    };
    for one in run.memberships.iter_mut().map(Arc::make_mut) {
        one.list = Some(of(one.line));
        if one.line == Some(2) {
            let mention = |goal, line| Mention { goal, key: of(Some(line)), line };
            let (one_row, other) = (mention(Goal::Monitored, 2), mention(Goal::Suspended, 70));
            one.outcome = Outcome::Failed(Reason::Contradiction(Box::new(Contradiction { one: one_row, other })));
        }
        if one.line > Some(100) {
            one.outcome = Outcome::Settled(Goal::Suspended, None);
        }
    }
    Arc::make_mut(&mut run.roster).rejected.iter_mut().for_each(|row| row.list = Some(of(Some(row.line))));
    let unlisted = |number: usize| Unlisted {
        account: id(&format!("{:012}", 900_000_000_000 + number / 3)),
        region: region(REGIONS[number % 3]),
        status: if number.is_multiple_of(2) { Status::Enabled } else { Status::Disabled },
        email: None,
    };
    let lists = vec![list(&keys[0], "monitored", 1), list(&keys[1], "suspended", 0)];
    run.fleet = Some(Fleet { lists: lists.into(), unlisted: (0..12).map(unlisted).collect() });
    run.origin.source = Source::Reconcile { reconcile: Reconcile::Heal };
    run.origin.goal = None;
    run
}

fn plan() -> Run {
    let invite = Forecast {
        actions: vec![Action::EnableDetector, Action::CreateMember, Action::InviteMember],
        invited_at: None,
        plans: None,
    };
    let mut run = of("111122223333,a@example.com\n222233334444,b@example.com\n", |row, _| {
        (row == 0).then(|| Outcome::Planned(invite.clone().into()))
    });
    run.origin.mode = Mode::Plan;
    run
}

/// The first Regions are through the list, the last one has nothing yet.
fn running() -> Run {
    let mut run = sized(60);
    let is_settled = |one: &Membership, index: usize| index % 17 < 14 && (index % 17 < 6 || one.line < Some(30));
    let settled = run.memberships.iter().enumerate().filter(|(index, one)| is_settled(one, *index));
    run.memberships = settled.map(|(_, one)| Arc::clone(one)).collect();
    Run { is_running: true, ..run }
}

fn refused() -> Run {
    let mut run = of("1,b@example.com\n", |_, _| None);
    run.notices = vec![Notice::Refused(Refused::List(ListError::NoValidRow))];
    run
}

/// A run over a list in all Regions, enabled except where `ends` says otherwise, by rows of accounts and columns of Regions.
fn of(list: &str, ends: impl Fn(usize, usize) -> Option<Outcome>) -> Run {
    let administrator = id("123456789012");
    let roster = roster::read(list.as_bytes(), &Rules::monitored(administrator));
    let regions = REGIONS.map(region).to_vec();
    let memberships = roster.accounts.iter().flat_map(|account| {
        let declared = Declared::new(account.clone(), Goal::Monitored);
        let row = account.line.expect("a line") - 1;
        let one = |(column, region): (usize, &Region)| {
            let outcome = ends(row, column).unwrap_or(Outcome::Settled(Goal::Monitored, None));
            let status = if matches!(outcome, Outcome::Settled(..)) { Status::Enabled } else { Status::Created };
            Membership::new(&declared, region, Some(status), outcome)
        };
        regions.iter().enumerate().map(one).collect::<Vec<_>>()
    });
    let source = Source::Upload {
        bucket: "amzn-s3-demo-bucket".into(),
        key: "accounts/team.csv".into(),
        version_id: Some("3sL4kqtJlcpXroDTDmJ".into()),
    };
    let origin = Origin {
        source,
        goal: Some(Goal::Monitored),
        mode: Mode::Apply,
        retry: Retry::ByItself,
        requester: None,
        started_at: at(1_767_225_600),
    };
    let memberships = memberships.collect();
    Run::new(origin, administrator, regions, at(1_767_225_804), roster, memberships)
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).expect("a time")
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).expect("twelve digits")
}

fn region(code: &str) -> Region {
    Region::parse(code).expect("a Region")
}
