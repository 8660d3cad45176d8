//! The harness: an operation acts on the world and on the model, then both are compared.

use aws_sim::Call;
use serde_json::Value;

use crate::deliveries::{BATCH, FOR_THE_DETECTOR, Run};
use crate::fleet_report::FleetReported;
use crate::lists::List;
use crate::operations::{FEW_THROTTLED, Fate, Operation, Place, REGIONS, Row, Sequence};
use crate::reference::{Membership, Model};
use crate::report::{Outcomes, Reported};
use crate::world::{World, id};
use crate::{calls, ensure, people, world};

/// Carries out the operations, and compares world and model after each.
pub fn live_through(sequence: &Sequence) -> Result<(), String> {
    fastrand::seed(7);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let mut harness = Harness::new(sequence);
        for (step, operation) in sequence.operations.iter().enumerate() {
            harness.act(operation).await.map_err(|why| format!("operation {step}, {operation:?}: {why}"))?;
        }
        Ok(())
    })
}

struct Harness {
    world: World,
    model: Model,
    /// Version and deliveries of each upload.
    uploads: Vec<(String, u32)>,
}

impl Harness {
    fn new(sequence: &Sequence) -> Self {
        let model = Model { slow: sequence.slow, plans: sequence.plans, ..Model::default() };
        Self { world: World::new(sequence), model, uploads: Vec::new() }
    }

    async fn act(&mut self, operation: &Operation) -> Result<(), String> {
        match operation {
            Operation::Upload { key, crowd, rows, fate } => {
                let list = List::new(*key, *crowd, rows.as_deref());
                for row in list.rows() {
                    if let Row::Good(account, _) = row {
                        self.world.has(*account);
                    }
                }
                self.uploads.push((self.world.upload(&list), 0));
                self.model.uploads.push(list);
                self.model.current.insert(*key, self.uploads.len() - 1);
                self.deliver(self.uploads.len() - 1, *fate).await?;
            }
            Operation::DeleteList(key) => {
                self.world.delete(*key);
                self.model.current.remove(key);
            }
            Operation::Redeliver { .. } if self.uploads.is_empty() => {}
            Operation::Redeliver { upload, fate } => self.deliver(upload % self.uploads.len(), *fate).await?,
            Operation::Reconcile { heal, fate } => self.reconcile(*heal, *fate).await?,
            Operation::Change(what, account, region) => {
                self.world.has(*account);
                people::change(&self.world.sim, *what, *account, *region);
                self.model.change(*what, (*account, *region));
            }
            Operation::RoleGoes(account) => {
                self.world.sim.role_missing(&id(*account));
                self.model.roles_missing.insert(*account);
            }
            Operation::RoleComes(account) => {
                self.world.role_comes(*account);
                self.model.roles_missing.remove(account);
            }
            Operation::Refuses(account) => {
                self.world.sim.refuse("InviteMembers", &id(*account), "The moon is full.");
                self.model.not_invited.insert(*account);
            }
            Operation::Relents(account) => {
                self.world.sim.relent("InviteMembers", &id(*account));
                self.model.not_invited.remove(account);
            }
            Operation::TimePasses => {
                self.world.waits().await;
                self.model.time_passes();
            }
        }
        self.world.breathes().await;
        self.guardduty_is_as_the_model_says()
    }

    async fn deliver(&mut self, upload: usize, fate: Fate) -> Result<(), String> {
        if matches!(fate, Fate::Late) {
            return Ok(());
        }
        self.uploads[upload].1 += 1;
        let (version, deliveries) = self.uploads[upload].clone();
        let key = self.model.uploads[upload].key;
        let run = self.model.run(upload, deliveries == 1);
        let before = self.world.report(key);

        let answer = self.world.deliver(&world::upload(key, &version, deliveries), fate).await?;
        let (calls, to_the_end) = self.ended(fate, answer.as_ref()).await;
        let looks = run.as_ref().map_or(0, Run::looks);
        calls::are_as_the_model_says(&calls, run.as_ref(), looks, to_the_end)?;
        let outcomes = match answer {
            Some(answer) => {
                let json = self.world.report(key).filter(|now| Some(now) != before.as_ref());
                let csv = self.world.object(key, "csv").unwrap_or_default();
                Reported { answer, json, csv, goal: key.goal() }.outcomes(run.as_ref(), &version, to_the_end)?
            }
            None => None,
        };
        run.map_or(Ok(()), |run| self.memberships_are_left_as_the_model_says(&run, outcomes.as_ref(), to_the_end))
    }

    async fn reconcile(&mut self, heal: bool, fate: Fate) -> Result<(), String> {
        if matches!(fate, Fate::Late) {
            return Ok(());
        }
        let expected = self.model.reconcile(heal);
        let pages = |region| self.world.members(region).div_ceil(BATCH).max(1);
        let plans = |region| expected.run.plans_read(region).div_ceil(BATCH);
        let looks = (0..REGIONS.len()).map(|region| FOR_THE_DETECTOR + pages(region) + plans(region)).sum();
        let before = self.world.fleet_report();

        let answer = self.world.deliver(&world::reconcile(heal), fate).await?;
        let (calls, to_the_end) = self.ended(fate, answer.as_ref()).await;
        calls::are_as_the_model_says(&calls, Ok(&expected.run), looks, to_the_end)?;
        let outcomes = match answer {
            Some(answer) => {
                let json = self.world.fleet_report().filter(|now| Some(now) != before.as_ref());
                let outcomes = FleetReported { answer, json, heal }.outcomes(&expected, to_the_end)?;
                outcomes.map(|outcomes| if to_the_end { outcomes } else { expected.perhaps_too_many(outcomes) })
            }
            None => None,
        };
        self.memberships_are_left_as_the_model_says(&expected.run, outcomes.as_ref(), to_the_end)
    }

    /// What a delivery called, and whether it had enough time. Tasks of one that was dropped end here, too.
    async fn ended(&self, fate: Fate, answer: Option<&Value>) -> (Vec<Call>, bool) {
        let calls = self.world.sim.take_ledger();
        self.world.sim.clear_faults();
        self.world.breathes().await;
        let to_the_end = match fate {
            Fate::Calm => true,
            Fate::Throttled { times, .. } => times <= FEW_THROTTLED,
            Fate::Short { .. } | Fate::Late => false,
            Fate::Dropped { .. } => answer.is_some(),
        };
        (calls, to_the_end)
    }

    /// After a run that was stopped, the model takes over the states in which it left the memberships.
    fn memberships_are_left_as_the_model_says(
        &mut self,
        run: &Run,
        outcomes: Option<&Outcomes>,
        to_the_end: bool,
    ) -> Result<(), String> {
        for (place, course) in &run.courses {
            let end = course.end();
            let now = if to_the_end { end } else { self.world.seen(*place)? };
            ensure(course.may_leave(now), || format!("{place:?} is left as {now:?}, {course:?}"))?;
            if let Some(outcome) = outcomes.map(|outcomes| &outcomes[place]) {
                let stopped = !to_the_end && outcome == "pending";
                let ended = outcome == course.outcome && now == end;
                ensure(stopped || ended, || format!("{place:?} is reported {outcome}, and is {now:?}, {course:?}"))?;
            }
            self.model.left(*place, now);
        }
        Ok(())
    }

    fn guardduty_is_as_the_model_says(&self) -> Result<(), String> {
        for (place, membership) in &self.model.memberships {
            let seen = self.world.seen(*place)?;
            let should = membership.seen;
            ensure(seen == should, || format!("{place:?} is {seen:?}, the model says {should:?}"))?;
        }
        for (number, region) in REGIONS.into_iter().enumerate() {
            let known = |(place, membership): (&Place, &Membership)| {
                (place.1 == number && membership.seen.member.is_some()).then_some(place.0)
            };
            let known: Vec<String> = self.model.memberships.iter().filter_map(known).map(id).collect();
            let members: Vec<String> =
                self.world.sim.members(region).into_iter().map(|member| member.account).collect();
            ensure(members == known, || format!("members in {region} are {members:?}, the model says {known:?}"))?;
        }
        Ok(())
    }
}
