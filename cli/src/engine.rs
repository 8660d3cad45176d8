//! Carries out runs for a person: with a progress bar, until Ctrl-C.

use std::future::pending;
use std::process;
use std::time::Duration;

use guardduty_onboarding::account::Region;
use guardduty_onboarding::aws::{Aws, Identity};
use guardduty_onboarding::config::{Config, Regions};
use guardduty_onboarding::declared::{Goal, Mode};
use guardduty_onboarding::fleet::{self, List};
use guardduty_onboarding::outcome::Retry;
use guardduty_onboarding::reconcile::{self, Asked, Context, Stop};
use guardduty_onboarding::roster::{Roster, Rules};
use guardduty_onboarding::run::{Origin, Reconcile, Run, Source};
use tokio::signal::ctrl_c;
use tokio::time::Instant;

use crate::bar::Bar;
use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::flags::Work;
use crate::list::{Named, Read};
use crate::terminal::{Terminal, say};

/// A person has no deadline but Ctrl-C. What is waited for is bounded by `--settle`.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// AWS, and what the commands do with it.
pub(crate) struct Engine<'a> {
    pub(crate) aws: Aws,
    pub(crate) config: Config,
    pub(crate) identity: Identity,
    pub(crate) regions: Vec<Region>,
    pub(crate) terminal: &'a Terminal,
    /// Ends whatever is under way.
    pub(crate) stop: Stop,
}

impl<'a> Engine<'a> {
    pub(crate) async fn new(connection: Connection, terminal: &'a Terminal) -> Result<Self, Failure> {
        let Connection { aws, config, identity } = connection;
        let regions = match &config.regions {
            Regions::Listed(regions) => regions.clone(),
            Regions::All => aws.enabled_regions().await.map_err(|error| {
                let cure = "the caller needs account:ListRegions, or name the Regions with --regions";
                Failure::NotDone(format!("the enabled Regions could not be listed: {error}; {cure}"))
            })?,
        };
        Ok(Self { aws, config, identity, regions, terminal, stop: Stop::new() })
    }

    /// The same, and the list. One that is here is read before AWS is asked anything.
    pub(crate) async fn with_list(list: &Named, work: &Work, terminal: &'a Terminal) -> Result<(Self, Read), Failure> {
        let here = list.read_here()?;
        let engine = Self::new(Connection::open(work).await?, terminal).await?;
        let read = match here {
            Ok(read) => read,
            Err(object) => object.read(&engine.aws, &engine.identity).await?,
        };
        Ok((engine, read))
    }

    /// What rows of a list with that goal are judged by.
    pub(crate) fn rules(&self, goal: Goal) -> Rules<'_> {
        Rules { goal, administrator: Some(self.identity.administrator), protected: &self.config.brakes.protected }
    }

    pub(crate) async fn plan(&self, source: &Source, goal: Goal, roster: Roster) -> Run {
        self.run("planning", self.origin(source.clone(), Some(goal), Mode::Plan), roster).await
    }

    pub(crate) async fn apply(&self, source: &Source, goal: Goal, roster: Roster) -> Run {
        self.run("working", self.origin(source.clone(), Some(goal), Mode::Apply), roster).await
    }

    async fn run(&self, what: &'static str, origin: Origin, roster: Roster) -> Run {
        let context = self.context(origin);
        let bar = Bar::new(what, &context, self.terminal);
        let run = reconcile::run(context, Asked::from(roster)).await;
        bar.finish();
        run
    }

    /// Compares lists with all members.
    pub(crate) async fn compare(&self, lists: &[List]) -> Run {
        let source = Source::Reconcile { reconcile: Reconcile::Report };
        let context = self.context(self.origin(source, None, Mode::Plan));
        let bar = Bar::new("looking", &context, self.terminal);
        let run = reconcile::all(context, fleet::merge(lists), lists.iter().map(List::read).collect()).await;
        bar.finish();
        run
    }

    /// The result of `work`. Ctrl-C starts nothing new in it; a second one ends the program.
    pub(crate) async fn until_interrupted<T>(&self, work: impl Future<Output = T>) -> T {
        let listen = async {
            if ctrl_c().await.is_err() {
                pending::<()>().await;
            }
            self.stop.now();
            say("\ninterrupted: what is under way is finished; Ctrl-C again ends at once");
            let _ = ctrl_c().await;
            process::exit(Exit::Interrupted as i32)
        };
        tokio::select! {
            result = work => result,
            never = listen => never,
        }
    }

    /// `exit`, unless somebody pressed Ctrl-C.
    pub(crate) fn exit(&self, exit: Exit) -> Exit {
        if self.stop.has_come() { Exit::Interrupted } else { exit }
    }

    fn origin(&self, source: Source, goal: Option<Goal>, mode: Mode) -> Origin {
        let started_at = self.aws.clock().now().into();
        Origin { source, goal, mode, retry: Retry::ByHand, requester: None, started_at }
    }

    fn context(&self, origin: Origin) -> Context {
        let deadline = Instant::now() + LONGEST;
        let context = Context::new(&self.aws, &self.config, &self.identity, self.regions.clone(), origin, deadline);
        context.until(self.stop.clone())
    }
}
