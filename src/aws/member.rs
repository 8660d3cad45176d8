//! GuardDuty in one Region, called with the credentials of a member.

use aws_sdk_guardduty::Client;
use aws_sdk_guardduty::config::Builder;
use aws_sdk_guardduty::operation::get_administrator_account::GetAdministratorAccountOutput;
use aws_sdk_guardduty::types::{DetectorStatus, Invitation as SdkInvitation};

use super::session::Session;
use super::{Aws, TOKEN_LENGTH, features};
use crate::account::{AccountId, Region};
use crate::membership::{CallError, Invitation, Refusal, Status, ours, quoted, strangers};
use crate::protection::Plan;

/// How many pages of invitations are read: a thousand invitations. Any account may send one, so strangers decide how
/// many there are (AWS I21).
const PAGES: usize = 20;
/// The most characters of a detector id (AWS D11). The SDK panics on a path or query longer than 65,534 bytes.
const ID_LENGTH: usize = 300;

/// One client for all members in a Region. It signs each call with the credentials of one member.
#[derive(Debug)]
pub(crate) struct MemberClient {
    client: Client,
}

/// The tag of every detector that this function creates in a member. Its value is the administrator's account id.
const TAG: &str = "guardduty-onboarding";

/// The answer to CreateDetector, with the detector's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Created {
    Tagged(String),
    /// The role may not tag it.
    Untagged(String),
    /// The account already has one, enabled or not.
    Exists,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Looked {
    pub ours: Ours,
    /// Accounts other than ours whose invitations wait there. They are left alone.
    pub strangers: Vec<AccountId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ours {
    Accepted,
    NotVisible,
    /// It is not among those that were read, and there are more.
    OutOfSight,
}

impl MemberClient {
    #[must_use]
    pub(crate) fn new(aws: &Aws, region: &Region) -> Self {
        Self { client: aws.guardduty(region) }
    }

    /// Creates the detector, enabled, with these protection plans (all others are GuardDuty's default, AWS P1), and tagged
    /// as created for `administrator`. InviteMembers requires one (AWS I1).
    pub(crate) async fn create_detector(
        &self,
        session: &Session,
        administrator: AccountId,
        plans: &[Plan],
    ) -> Result<Created, CallError> {
        let create = |tags| {
            let call = self.client.create_detector().enable(true).set_tags(tags);
            let call = call.set_features(features::of_detector(plans)).customize();
            call.config_override(signed_by(session)).send()
        };
        let tags = [(TAG.to_owned(), administrator.to_string())].into();
        let (answer, tagged) = match create(Some(tags)).await.map_err(CallError::from) {
            // A role that was deployed before there was a tag.
            Err(CallError::Denied(denial)) if denial.names("guardduty:TagResource") => {
                (create(None).await.map_err(CallError::from), false)
            }
            answer => (answer, true),
        };
        match answer {
            Ok(created) => {
                let id = usable(created.detector_id.unwrap_or_default())?;
                Ok(if tagged { Created::Tagged(id) } else { Created::Untagged(id) })
            }
            Err(CallError::Refused(Refusal::DetectorExists)) => Ok(Created::Exists),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn existing_detector(&self, session: &Session) -> Result<String, CallError> {
        let not_listed = || CallError::Transient("the detector exists but is not listed yet".into());
        self.listed_detector(session).await?.ok_or_else(not_listed)
    }

    /// The account's detector, if it has one.
    pub(crate) async fn listed_detector(&self, session: &Session) -> Result<Option<String>, CallError> {
        let call = self.client.list_detectors().customize().config_override(signed_by(session));
        let listed = call.send().await?;
        listed.detector_ids.unwrap_or_default().into_iter().next().map(usable).transpose()
    }

    /// Whether this function created the detector for `administrator`.
    pub(crate) async fn is_tagged(
        &self,
        session: &Session,
        detector: &str,
        administrator: AccountId,
    ) -> Result<bool, CallError> {
        let call = self.client.get_detector().detector_id(detector).customize().config_override(signed_by(session));
        let got = call.send().await?;
        let tag = got.tags().and_then(|tags| tags.get(TAG));
        Ok(tag.is_some_and(|value| value == administrator.as_str()))
    }

    /// Needs a session of [`Access::DeleteDetector`](super::Access).
    pub(crate) async fn delete_detector(&self, session: &Session, detector: &str) -> Result<(), CallError> {
        let call = self.client.delete_detector().detector_id(detector).customize();
        match call.config_override(signed_by(session)).send().await.map_err(CallError::from) {
            // Its owner was faster.
            Ok(_) | Err(CallError::Refused(Refusal::DetectorGone)) => Ok(()),
            // The answer to the first attempt may have been lost: a policy that asks for the detector's tag denies the
            // second one.
            Err(denied @ CallError::Denied(_)) => match self.listed_detector(session).await? {
                Some(listed) if listed == detector => Err(denied),
                _ => Ok(()),
            },
            Err(error) => Err(error),
        }
    }

    /// Whether the detector is on, and its protection plans.
    pub(crate) async fn looks(&self, session: &Session, detector: &str) -> Result<(bool, Vec<Plan>), CallError> {
        let call = self.client.get_detector().detector_id(detector).customize().config_override(signed_by(session));
        let got = call.send().await?;
        Ok((got.status() != Some(&DetectorStatus::Disabled), features::shown_by_detector(got.features())))
    }

    /// Enables the detector, with these protection plans. Needs a session of
    /// [`Access::UpdateDetector`](super::Access).
    pub(crate) async fn update_detector(
        &self,
        session: &Session,
        detector: &str,
        plans: &[Plan],
    ) -> Result<(), CallError> {
        let call = self.client.update_detector().detector_id(detector).enable(true);
        let call = call.set_features(features::of_detector(plans)).customize();
        call.config_override(signed_by(session)).send().await?;
        Ok(())
    }

    /// Accepts the newest invitation from `administrator` (AWS I15), never anybody else's.
    pub(crate) async fn accept(
        &self,
        session: &Session,
        detector: &str,
        administrator: AccountId,
    ) -> Result<Looked, CallError> {
        let (invitations, more) = self.invitations(session).await?;
        let strangers = strangers(&invitations, administrator);
        let Some(invitation) = ours(&invitations, administrator) else {
            let ours = if more { Ours::OutOfSight } else { Ours::NotVisible };
            return Ok(Looked { ours, strangers });
        };
        let call = self.client.accept_administrator_invitation().detector_id(detector);
        let call = call.administrator_id(administrator.to_string()).invitation_id(&invitation.id).customize();
        call.config_override(signed_by(session)).send().await?;
        Ok(Looked { ours: Ours::Accepted, strangers })
    }

    /// The account's invitations, and whether there are more.
    async fn invitations(&self, session: &Session) -> Result<(Vec<Invitation>, bool), CallError> {
        let mut invitations = Vec::new();
        let mut next_token = None;
        for _ in 0..PAGES {
            let call = self.client.list_invitations().max_results(50).set_next_token(next_token).customize();
            let page = call.config_override(signed_by(session)).send().await?;
            invitations.extend(page.invitations().iter().filter_map(invitation));
            next_token = page.next_token.filter(|token| !token.is_empty());
            match &next_token {
                None => return Ok((invitations, false)),
                Some(token) if token.len() > TOKEN_LENGTH => break,
                Some(_) => {}
            }
        }
        Ok((invitations, true))
    }

    pub(crate) async fn administrator(
        &self,
        session: &Session,
        detector: &str,
    ) -> Result<Option<AccountId>, CallError> {
        let call = self.client.get_administrator_account().detector_id(detector).customize();
        named(&call.config_override(signed_by(session)).send().await?)
    }
}

/// The account's administrator, if it has one now.
pub(super) fn named(got: &GetAdministratorAccountOutput) -> Result<Option<AccountId>, CallError> {
    // Without an administrator the answer is empty, which the SDK reads as one without an id (AWS M21).
    let Some((id, administrator)) = got.administrator().and_then(|one| Some((one.account_id()?, one))) else {
        return Ok(None);
    };
    let past = [Status::Removed, Status::Resigned, Status::Deleted];
    if id.is_empty() || past.contains(&Status::parse(administrator.relationship_status().unwrap_or(""))) {
        return Ok(None);
    }
    // An id that cannot be read is not ours. The account belongs to somebody else and is left alone.
    let unreadable = || CallError::Refused(Refusal::Unknown(quoted(&format!("the administrator is \"{id}\""))));
    AccountId::parse(id).map(Some).ok_or_else(unreadable)
}

/// The detector id, if it has a length that the SDK can send.
fn usable(id: String) -> Result<String, CallError> {
    match id.chars().count() {
        1..=ID_LENGTH => Ok(id),
        length => Err(CallError::Transient(format!("a detector id of {length} characters"))),
    }
}

fn signed_by(session: &Session) -> Builder {
    Builder::new().credentials_provider(session.credentials.clone()).retry_partition(session.retries.clone())
}

fn invitation(invitation: &SdkInvitation) -> Option<Invitation> {
    Some(Invitation {
        // An empty id is refused (AWS I17).
        id: invitation.invitation_id().filter(|id| !id.is_empty())?.to_owned(),
        inviter: AccountId::parse(invitation.account_id()?)?,
        invited_at: invitation.invited_at().unwrap_or("").to_owned(),
        status: Status::parse(invitation.relationship_status().unwrap_or("")),
    })
}
