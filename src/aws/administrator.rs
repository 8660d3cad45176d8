//! GuardDuty in one Region, called with the administrator's credentials.

use std::collections::HashMap;

use aws_sdk_guardduty::Client;
use aws_sdk_guardduty::types::{AccountDetail, DetectorStatus, Member as SdkMember, UnprocessedAccount};
use tokio::sync::Semaphore;

use super::Aws;
use super::batch::{Batches, Refusals};
use super::call_error::call_error;
use crate::account::{Account, AccountId, Region};
use crate::membership::{CallError, Member, MemberEmail, Refusal, Status};

/// The administrator's side of GuardDuty in one Region.
#[derive(Debug)]
pub struct AdministratorClient {
    client: Client,
    in_flight: Semaphore,
}

/// The administrator's detector as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// On, with its id.
    On(String),
    /// Suspended, with its id.
    Suspended(String),
    /// There is none.
    Missing,
}

/// A batch write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// CreateMembers.
    Create,
    /// InviteMembers.
    Invite {
        /// Text of the invitation.
        message: Option<String>,
        /// Whether AWS also writes to the root users. The invitation is there either way.
        email_notification: bool,
    },
    /// StartMonitoringMembers.
    Resume,
    /// DeleteMembers. GuardDuty refuses it for an active membership.
    Delete,
}

impl Write {
    /// GuardDuty's name of the call.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Create => "CreateMembers",
            Self::Invite { .. } => "InviteMembers",
            Self::Resume => "StartMonitoringMembers",
            Self::Delete => "DeleteMembers",
        }
    }
}

impl AdministratorClient {
    /// GuardDuty publishes no rates; two calls at a time with one account's credentials in a Region have been safe.
    pub const IN_FLIGHT: usize = 2;

    /// GuardDuty in `region`.
    #[must_use]
    pub fn new(aws: &Aws, region: &Region) -> Self {
        Self { client: aws.guardduty(region), in_flight: Semaphore::new(Self::IN_FLIGHT) }
    }

    /// Looks at the detector: ListDetectors, then GetDetector where there is one.
    pub async fn find_detector(&self) -> Result<Found, CallError> {
        let listed = self.client.list_detectors().send().await.map_err(|error| call_error(&error))?;
        let Some(id) = listed.detector_ids().first() else { return Ok(Found::Missing) };
        let detector = self.client.get_detector().detector_id(id).send().await.map_err(|error| call_error(&error))?;
        let on = detector.status() != Some(&DetectorStatus::Disabled);
        Ok(if on { Found::On(id.clone()) } else { Found::Suspended(id.clone()) })
    }

    /// Makes the detector there is none of. Another run may have been faster: then its detector is found.
    pub async fn create_detector(&self) -> Result<String, CallError> {
        match self.client.create_detector().enable(true).send().await.map_err(|error| call_error(&error)) {
            Ok(created) => created.detector_id.ok_or_else(|| CallError::Transient("a detector without an id".into())),
            Err(CallError::Refused(Refusal::DetectorExists)) => match self.find_detector().await? {
                Found::On(id) => Ok(id),
                Found::Suspended(id) => self.enable_detector(&id).await.map(|()| id),
                Found::Missing => Err(CallError::Transient("the detector exists but is not listed yet".into())),
            },
            Err(trouble) => Err(trouble),
        }
    }

    /// Switches a suspended detector on.
    pub async fn enable_detector(&self, id: &str) -> Result<(), CallError> {
        let updated = self.client.update_detector().detector_id(id).enable(true).send().await;
        updated.map(drop).map_err(|error| call_error(&error))
    }

    /// What GuardDuty shows of these accounts. One that it does not know is left out, whatever `unprocessedAccounts`
    /// says about it (its text there is not documented).
    pub async fn members(&self, detector: &str, accounts: &[&Account]) -> (HashMap<AccountId, Member>, Refusals) {
        let mut members = HashMap::new();
        let mut batches = Batches::of(accounts);
        while let Some(batch) = batches.next() {
            // The semaphore is never closed.
            let _permit = self.in_flight.acquire().await;
            let call = self.client.get_members().detector_id(detector).set_account_ids(Some(ids(batch)));
            // Boxed, so that the chunks that wait are small.
            let got = Box::pin(call.send()).await.map_err(|error| call_error(&error));
            batches.take(
                batch,
                got.map(|got| {
                    members.extend(got.members().iter().filter_map(member).map(|member| (member.id, member)));
                    Vec::new()
                }),
            );
        }
        (members, batches.refusals())
    }

    /// Carries out one write for all of these accounts: at most 50, which is what a call takes.
    pub async fn write(&self, detector: &str, write: &Write, accounts: &[&Account]) -> Refusals {
        let mut batches = Batches::of(accounts);
        while let Some(batch) = batches.next() {
            let _permit = self.in_flight.acquire().await;
            batches
                .take(batch, Box::pin(self.write_batch(detector, write, batch)).await.map(Option::unwrap_or_default));
        }
        batches.refusals()
    }

    async fn write_batch(
        &self,
        detector: &str,
        write: &Write,
        batch: &[&Account],
    ) -> Result<Option<Vec<UnprocessedAccount>>, CallError> {
        let client = &self.client;
        let ids = Some(ids(batch));
        Ok(match write {
            Write::Create => {
                let details = Some(batch.iter().map(|account| detail(account)).collect());
                let call = client.create_members().detector_id(detector).set_account_details(details);
                call.send().await.map_err(|error| call_error(&error))?.unprocessed_accounts
            }
            Write::Invite { message, email_notification } => {
                let call = client.invite_members().detector_id(detector).set_account_ids(ids);
                let call = call.disable_email_notification(!email_notification).set_message(message.clone());
                call.send().await.map_err(|error| call_error(&error))?.unprocessed_accounts
            }
            Write::Resume => {
                let call = client.start_monitoring_members().detector_id(detector).set_account_ids(ids);
                call.send().await.map_err(|error| call_error(&error))?.unprocessed_accounts
            }
            Write::Delete => {
                let call = client.delete_members().detector_id(detector).set_account_ids(ids);
                call.send().await.map_err(|error| call_error(&error))?.unprocessed_accounts
            }
        })
    }
}

fn ids(batch: &[&Account]) -> Vec<String> {
    batch.iter().map(|account| account.id.to_string()).collect()
}

fn detail(account: &Account) -> AccountDetail {
    AccountDetail::builder().account_id(account.id.to_string()).email(account.email.expose()).build()
}

fn member(member: &SdkMember) -> Option<Member> {
    Some(Member {
        id: AccountId::parse(member.account_id()?)?,
        status: Status::parse(member.relationship_status().unwrap_or("")),
        email: member.email().map(|email| MemberEmail(email.into())),
        invited_at: member.invited_at().map(Into::into),
    })
}
