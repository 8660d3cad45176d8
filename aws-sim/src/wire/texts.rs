//! GuardDuty's error texts, word for word. They say "master", the old word for administrator, as the live service does.
//!
//! They occur in `unprocessedAccounts` with status 200, or as a BadRequestException with status 400; others are noted.
//! Unless noted otherwise, they come from the API reference (AWS W3). Those that were also seen live are marked.

pub(crate) const CREATE_AS_MEMBER: &str = "The request is rejected because the current account cannot create members since it is already an associated member of another master account.";
pub(crate) const CREATE_SELF: &str = "The request is rejected because an account cannot become a member of itself.";
/// Seen live.
pub(crate) const CREATE_AGAIN: &str = "The request is rejected because the given account ID is already a member or associated member of the current account.";
pub(crate) const CREATE_LIMIT: &str = "The request is rejected because the current account cannot create anymore members since it cannot exceed the maximum number of allowed members.";
pub(crate) const INVITE_AS_MEMBER: &str = "The request is rejected because the current account cannot invite other accounts since it is already an associated member of another master account.";
pub(crate) const INVITE_SELF: &str = "The request is rejected because the current account cannot invite itself.";
pub(crate) const INVITE_NOT_CREATED: &str =
    "The request is rejected because member account's email address is missing.";
/// Seen live.
pub(crate) const INVITE_AGAIN: &str = "The request is rejected because the current account has already invited or is already the GuardDuty master of the given member account ID.";
pub(crate) const DELETE_ASSOCIATED: &str = "The request is rejected because the current account cannot delete the given member account ID since it is still associated to it.";
/// Inferred: seen live in Inspector, whose operations were modelled on GuardDuty's (AWS L6).
pub(crate) const NOT_YET_ASSOCIATED: &str = "The request is rejected because the current account cannot disassociate the given member account ID since the latter is not yet associated to it.";
pub(crate) const NOT_A_MEMBER: &str =
    "The request is rejected because the given account ID is not an associated member of account the current account.";
pub(crate) const HANDSHAKE_ROLE: &str = "The request is rejected because the given handshake role of the given member account ID cannot be assumed by GuardDuty on behalf of the given master account ID.";
pub(crate) const INVITATION_IN_USE: &str = "The request is rejected because the current account cannot delete the invitation from the given master account ID since it is still associated to it or has not declined their invitation yet.";

/// Seen live, for an empty invitation id (AWS I17).
pub(crate) const OUT_OF_RANGE: &str =
    "The request is rejected because an invalid or out-of-range value is specified as an input parameter.";
pub(crate) const MISSING: &str = "The request is rejected because required query or path parameters are not specified.";
pub(crate) const INVALID: &str = "The request is rejected because one or more input parameters have invalid values.";
/// Seen live.
pub(crate) const DETECTOR_MALFORMED: &str =
    "The request is rejected because the parameter detectorId has an invalid value.";
/// Seen live.
pub(crate) const DETECTOR_NOT_OWNED: &str =
    "The request is rejected because the input detectorId is not owned by the current account.";
/// Seen live.
pub(crate) const DETECTOR_EXISTS: &str =
    "The request is rejected because a detector already exists for the current account.";
/// Seen live (AWS L13).
pub(crate) const DETECTOR_HAS_MEMBERS: &str = "The request is rejected because the current account cannot delete detector while it has invited or associated members.";
/// A guess, modelled on [`DETECTOR_HAS_MEMBERS`]. That GuardDuty refuses is in its user guide.
pub(crate) const SUSPENDED_WITH_MEMBERS: &str = "The request is rejected because the current account cannot disable detector while it has invited or associated members.";
/// A guess. That GuardDuty refuses is in its API reference.
pub(crate) const AUTO_ENABLED: &str = "The request is rejected because autoEnableOrganizationMembers is set to ALL for the organization of the given member account ID.";
/// Seen live, by way of CloudFormation.
pub(crate) const FEATURES_AND_DATA_SOURCES: &str = "The request failed because both data sources and features were provided. You can provide only one; it is recommended to use features.";
/// A guess. That GuardDuty refuses is known from a lock in Terraform (AWS P6).
pub(crate) const CONCURRENT_CHANGE: &str =
    "The request is rejected because another update of the detector configuration is in progress.";
/// Seen live, by way of Cloud Control (AWS P8).
pub(crate) const BOTH_RUNTIMES: &str =
    "EKS_RUNTIME_MONITORING and RUNTIME_MONITORING cannot be provided in the same request";
/// Seen live, by way of CloudFormation.
pub(crate) const MEMBERS_CANNOT_MANAGE: &str =
    "The request is rejected because member accounts cannot manage specified resources or properties.";
pub(crate) const MAX_RESULTS_INVALID: &str =
    "The request is rejected because the parameter maxResults has an invalid value.";
pub(crate) const MAX_RESULTS_BOUNDS: &str =
    "The request is rejected because the parameter maxResults is out-of-bounds.";
pub(crate) const ONLY_ASSOCIATED_INVALID: &str =
    "The request is rejected because the parameter onlyAssociated has an invalid value.";
pub(crate) const ACCEPT_INVITER_IS_MEMBER: &str = "The request is rejected because the current account cannot accept invitation from the given account ID since the latter is an associated member of another master account.";
pub(crate) const ACCEPT_HAS_MEMBERS: &str = "The request is rejected because the current account cannot accept invitations since it still has created, invited or associated members.";
pub(crate) const ACCEPT_ALREADY_MEMBER: &str = "The request is rejected because the current account cannot accept invitations since it is already an associated member of some master account.";
/// Seen live in Macie.
pub(crate) const NO_PENDING: &str = "The request is rejected because the current account has no pending invitation from the given master account ID or is already an associated member of another master account.";
pub(crate) const NOT_ASSOCIATED: &str =
    "The request is rejected because the current account is not associated to a master account.";

/// AccessDeniedException, status 400 (AWS D4).
pub(crate) const NO_SERVICE_LINKED_ROLE: &str =
    "The request was rejected because you do not have the required iam:CreateServiceLinkedRole permission.";
/// InternalServerErrorException, status 500 (AWS W9).
pub(crate) const INTERNAL: &str = "Internal server error.";
/// UnrecognizedClientException, status 403, where a Region is not enabled in the caller's account (AWS R3).
pub(crate) const REGION_OFF: &str = "The security token included in the request is invalid.";
/// ExpiredTokenException, status 403.
pub(crate) const EXPIRED: &str = "The security token included in the request is expired";
/// TooManyRequestsException, status 429 (AWS W8).
pub(crate) const THROTTLED: &str = "Too Many Requests";

/// Seen live for `accountDetails`, inferred for `accountIds` (AWS T2).
pub(crate) fn batch_too_long(array: &str, length: usize) -> String {
    format!(
        "The request failed because the length provided for the {array} array was {length}. Max allowed length is 50."
    )
}
