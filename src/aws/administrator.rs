//! GuardDuty in one Region, called with the administrator's credentials.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_guardduty::Client;
use aws_sdk_guardduty::types::{AccountDetail, DetectorStatus, Member as SdkMember, UnprocessedAccount};
use tokio::sync::{Mutex, Semaphore};

use super::batch::{Batches, Refusals};
use super::features;
use super::member::named;
use super::{Aws, TOKEN_LENGTH};
use crate::account::{Account, AccountId, Region};
use crate::config::Config;
use crate::membership::{CallError, Member, MemberEmail, Refusal, Status};
use crate::protection::Plan;

/// How many pages of members are read: more than an organization may have.
const PAGES: usize = 2_000;

#[derive(Debug)]
pub(crate) struct AdministratorClient {
    client: Client,
    in_flight: Arc<Semaphore>,
    /// Held while members' protection plans are changed: GuardDuty refuses a second such call (AWS P6).
    changing_plans: Mutex<()>,
    /// For invitations.
    message: Option<String>,
    email_notification: bool,
}

/// The administrator's detector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnDetector {
    pub id: String,
    pub on: bool,
    /// As far as they were looked at.
    pub plans: Vec<Plan>,
    pub publishes: Option<String>,
}

impl OwnDetector {
    /// One that is on, of which nothing else is known.
    pub(crate) fn new(id: String) -> Self {
        Self { id, on: true, plans: Vec::new(), publishes: None }
    }
}

impl AdministratorClient {
    /// GuardDuty publishes no rates (AWS T3). Two calls at a time are cautious, with one account's credentials in a
    /// Region.
    pub(crate) const IN_FLIGHT: usize = 2;

    /// `in_flight` has [`Self::IN_FLIGHT`] permits. Once it is closed no call begins.
    #[must_use]
    pub(crate) fn new(aws: &Aws, config: &Config, region: &Region, in_flight: Arc<Semaphore>) -> Self {
        Self {
            client: aws.guardduty(region),
            in_flight,
            changing_plans: Mutex::default(),
            message: config.invitation_message.clone(),
            email_notification: config.email_notification,
        }
    }

    /// For calls that need no permit.
    fn client(&self) -> Result<&Client, CallError> {
        if self.in_flight.is_closed() { Err(CallError::Interrupted) } else { Ok(&self.client) }
    }

    /// Finds the detector: ListDetectors, then GetDetector if there is one.
    pub(crate) async fn find_detector(&self) -> Result<Option<OwnDetector>, CallError> {
        let listed = self.client()?.list_detectors().send().await?;
        match listed.detector_ids().first() {
            Some(id) => self.detector(id).await.map(Some),
            None => Ok(None),
        }
    }

    pub(crate) async fn detector(&self, id: &str) -> Result<OwnDetector, CallError> {
        let got = self.client()?.get_detector().detector_id(id).send().await?;
        Ok(OwnDetector {
            id: id.into(),
            on: got.status() != Some(&DetectorStatus::Disabled),
            plans: features::shown_by_detector(got.features()),
            publishes: got.finding_publishing_frequency().map(|often| often.as_str().to_owned()),
        })
    }

    /// Creates the detector. If another run has just created it, returns that one.
    pub(crate) async fn create_detector(&self) -> Result<String, CallError> {
        match self.client()?.create_detector().enable(true).send().await.map_err(CallError::from) {
            Ok(created) => {
                created.detector_id.ok_or_else(|| CallError::Transient("CreateDetector returned no id".into()))
            }
            Err(CallError::Refused(Refusal::DetectorExists)) => match self.find_detector().await? {
                Some(OwnDetector { id, on: true, .. }) => Ok(id),
                Some(OwnDetector { id, .. }) => self.enable_detector(&id).await.map(|()| id),
                None => Err(CallError::Transient("the detector exists but is not listed yet".into())),
            },
            Err(error) => Err(error),
        }
    }

    /// Sets the administrator's own protection plans, and how often findings are published. Members follow the latter.
    pub(crate) async fn set_up_detector(
        &self,
        id: &str,
        plans: &[Plan],
        publishes: Option<&str>,
    ) -> Result<(), CallError> {
        let call = self.client()?.update_detector().detector_id(id).set_features(features::of_detector(plans));
        Ok(call.set_finding_publishing_frequency(publishes.map(Into::into)).send().await.map(drop)?)
    }

    pub(crate) async fn enable_detector(&self, id: &str) -> Result<(), CallError> {
        let updated = self.client()?.update_detector().detector_id(id).enable(true).send().await;
        Ok(updated.map(drop)?)
    }

    /// What GuardDuty shows of these accounts. An account that it does not know is left out, whatever
    /// `unprocessedAccounts` says about it (AWS M4, M5).
    pub(crate) async fn members(
        &self,
        detector: &str,
        accounts: &[&Account],
    ) -> (HashMap<AccountId, Member>, Refusals) {
        let mut members = HashMap::new();
        let get = |batch: &[&Account]| {
            let call = self.client.get_members().detector_id(detector).set_account_ids(Some(ids(batch)));
            async move { Ok(call.send().await?) }
        };
        let refusals = self.in_batches(accounts, get, |got| {
            members.extend(got.members().iter().filter_map(member).map(|member| (member.id, member)));
            Vec::new()
        });
        let refusals = refusals.await;
        (members, refusals)
    }

    /// The protection plans of members. Those in neither answer are not shown.
    pub(crate) async fn members_plans(
        &self,
        detector: &str,
        accounts: &[&Account],
    ) -> (HashMap<AccountId, Vec<Plan>>, Refusals) {
        let mut plans = HashMap::new();
        let get = |batch: &[&Account]| {
            let call = self.client.get_member_detectors().detector_id(detector).set_account_ids(Some(ids(batch)));
            async move { Ok(call.send().await?) }
        };
        let refusals = self.in_batches(accounts, get, |got| {
            let shown = got.member_data_source_configurations().iter().filter_map(|member| {
                Some((AccountId::parse(member.account_id()?)?, features::shown_by_member(member.features())))
            });
            plans.extend(shown);
            got.unprocessed_accounts.unwrap_or_default()
        });
        let refusals = refusals.await;
        (plans, refusals)
    }

    /// Sets protection plans of members, one call at a time.
    pub(crate) async fn set_members_plans(&self, detector: &str, accounts: &[&Account], plans: &[Plan]) -> Refusals {
        let _alone = self.changing_plans.lock().await;
        let set = |batch: &[&Account]| {
            let call = self.client.update_member_detectors().detector_id(detector).set_account_ids(Some(ids(batch)));
            let call = call.set_features(Some(features::of_members(plans)));
            async move { Ok(call.send().await?.unprocessed_accounts) }
        };
        self.write(accounts, set).await
    }

    /// Whose member the administrator itself is.
    pub(crate) async fn own_administrator(&self, detector: &str) -> Result<Option<AccountId>, CallError> {
        named(&self.client()?.get_administrator_account().detector_id(detector).send().await?)
    }

    /// Every member, whether it is associated or not.
    pub(crate) async fn all_members(&self, detector: &str) -> Result<HashMap<AccountId, Member>, CallError> {
        let mut members = HashMap::new();
        let mut next_token = None;
        for _ in 0..PAGES {
            let _permit = self.in_flight.acquire().await?;
            let call = self.client.list_members().detector_id(detector).only_associated("false").max_results(50);
            let page = Box::pin(call.set_next_token(next_token).send()).await?;
            members.extend(page.members().iter().filter_map(member).map(|member| (member.id, member)));
            next_token = page.next_token.filter(|token| !token.is_empty());
            match &next_token {
                None => return Ok(members),
                Some(token) if token.len() > TOKEN_LENGTH => break,
                Some(_) => {}
            }
        }
        Err(CallError::Transient(format!("the list of members does not end after {PAGES} pages")))
    }

    pub(crate) async fn create_members(&self, detector: &str, accounts: &[&Account]) -> Refusals {
        let create = |batch: &[&Account]| {
            let details = Some(batch.iter().map(|account| detail(account)).collect());
            let call = self.client.create_members().detector_id(detector).set_account_details(details);
            async move { Ok(call.send().await?.unprocessed_accounts) }
        };
        self.write(accounts, create).await
    }

    /// Invites with or without AWS's e-mail to the root users. GuardDuty shows the invitation either way (AWS I20).
    pub(crate) async fn invite_members(&self, detector: &str, accounts: &[&Account]) -> Refusals {
        let invite = |batch: &[&Account]| {
            let call = self.client.invite_members().detector_id(detector).set_account_ids(Some(ids(batch)));
            let call = call.disable_email_notification(!self.email_notification).set_message(self.message.clone());
            async move { Ok(call.send().await?.unprocessed_accounts) }
        };
        self.write(accounts, invite).await
    }

    pub(crate) async fn start_monitoring_members(&self, detector: &str, accounts: &[&Account]) -> Refusals {
        let start = |batch: &[&Account]| {
            let call = self.client.start_monitoring_members().detector_id(detector).set_account_ids(Some(ids(batch)));
            async move { Ok(call.send().await?.unprocessed_accounts) }
        };
        self.write(accounts, start).await
    }

    /// Suspends members.
    pub(crate) async fn stop_monitoring_members(&self, detector: &str, accounts: &[&Account]) -> Refusals {
        let stop = |batch: &[&Account]| {
            let call = self.client.stop_monitoring_members().detector_id(detector).set_account_ids(Some(ids(batch)));
            async move { Ok(call.send().await?.unprocessed_accounts) }
        };
        self.write(accounts, stop).await
    }

    pub(crate) async fn disassociate_members(&self, detector: &str, accounts: &[&Account]) -> Refusals {
        let disassociate = |batch: &[&Account]| {
            let call = self.client.disassociate_members().detector_id(detector).set_account_ids(Some(ids(batch)));
            async move { Ok(call.send().await?.unprocessed_accounts) }
        };
        self.write(accounts, disassociate).await
    }

    /// GuardDuty refuses it for an active membership (AWS L2).
    pub(crate) async fn delete_members(&self, detector: &str, accounts: &[&Account]) -> Refusals {
        let delete = |batch: &[&Account]| {
            let call = self.client.delete_members().detector_id(detector).set_account_ids(Some(ids(batch)));
            async move { Ok(call.send().await?.unprocessed_accounts) }
        };
        self.write(accounts, delete).await
    }

    async fn write<F>(&self, accounts: &[&Account], call: impl Fn(&[&Account]) -> F) -> Refusals
    where
        F: Future<Output = Result<Option<Vec<UnprocessedAccount>>, CallError>>,
    {
        self.in_batches(accounts, call, Option::unwrap_or_default).await
    }

    /// Makes a call for each batch. `take` keeps what matters of its answer and returns the accounts that it leaves out.
    async fn in_batches<T, F>(
        &self,
        accounts: &[&Account],
        call: impl Fn(&[&Account]) -> F,
        mut take: impl FnMut(T) -> Vec<UnprocessedAccount>,
    ) -> Refusals
    where
        F: Future<Output = Result<T, CallError>>,
    {
        let mut batches = Batches::new(accounts);
        while let Some(batch) = batches.next() {
            let answer = match self.in_flight.acquire().await {
                // Boxed, so that a waiting chunk is small.
                Ok(_permit) => Box::pin(call(batch)).await,
                Err(closed) => Err(closed.into()),
            };
            batches.record(batch, answer.map(&mut take));
        }
        batches.refusals()
    }
}

fn ids(batch: &[&Account]) -> Vec<String> {
    batch.iter().map(|account| account.id.to_string()).collect()
}

fn detail(account: &Account) -> AccountDetail {
    // Who is to be monitored has an e-mail. GuardDuty would refuse an empty one, and touch nothing.
    AccountDetail::builder().account_id(account.id.to_string()).email(account.expose_email()).build()
}

fn member(member: &SdkMember) -> Option<Member> {
    Some(Member {
        id: AccountId::parse(member.account_id()?)?,
        status: Status::parse(member.relationship_status().unwrap_or("")),
        // The SDK makes an empty one of none, since the API model requires it.
        email: member.email().filter(|email| !email.is_empty()).map(|email| MemberEmail(email.into())),
        invited_at: member.invited_at().map(Into::into),
    })
}
