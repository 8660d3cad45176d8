"""The words in which GuardDuty refuses, as AWS has them."""


def _rejected(because: str) -> str:
    return f"The request is rejected because {because}"


# Per account, in an answer with status 200.
CANNOT_CREATE_AS_MEMBER = _rejected(
    "the current account cannot create members since it is already an associated member of another master account."
)
CANNOT_BE_ITS_OWN_MEMBER = _rejected("an account cannot become a member of itself.")
ALREADY_A_MEMBER = _rejected("the given account ID is already a member or associated member of the current account.")
CANNOT_INVITE_AS_MEMBER = _rejected(
    "the current account cannot invite other accounts since it is already an associated member of another"
    " master account."
)
CANNOT_INVITE_ITSELF = _rejected("the current account cannot invite itself.")
EMAIL_MISSING = _rejected("member account's email address is missing.")
ALREADY_INVITED = _rejected(
    "the current account has already invited or is already the GuardDuty master of the given member account ID."
)
STILL_ASSOCIATED = _rejected(
    "the current account cannot delete the given member account ID since it is still associated to it."
)
TOO_MANY_MEMBERS = _rejected(
    "the current account cannot create anymore members since it cannot exceed the maximum number of allowed members."
)
NOT_YET_ASSOCIATED = _rejected(
    "the current account cannot disassociate the given member account ID since the latter is not yet associated to it."
)
NOT_AN_ASSOCIATED_MEMBER = _rejected("the given account ID is not an associated member of account the current account.")
INVITATION_IN_USE = _rejected(
    "the current account cannot delete the invitation from the given master account ID since it is still "
    "associated to it or has not declined their invitation yet."
)

# For the whole call, with status 400.
INVALID_OR_OUT_OF_RANGE = _rejected("an invalid or out-of-range value is specified as an input parameter.")
INVALID_VALUES = _rejected("one or more input parameters have invalid values.")
DETECTOR_MALFORMED = _rejected("the parameter detectorId has an invalid value.")
DETECTOR_NOT_OWNED = _rejected("the input detectorId is not owned by the current account.")
MEMBERS_CANNOT_MANAGE = _rejected("member accounts cannot manage specified resources or properties.")
FEATURES_AND_DATA_SOURCES = (
    "The request failed because both data sources and features were provided. You can provide only one; "
    "it is recommended to use features."
)
BOTH_RUNTIMES = "EKS_RUNTIME_MONITORING and RUNTIME_MONITORING cannot be provided in the same request"
CONCURRENT_CHANGE = _rejected("another update of the detector configuration is in progress.")
DETECTOR_EXISTS = _rejected("a detector already exists for the current account.")
DETECTOR_HAS_MEMBERS = _rejected(
    "the current account cannot delete detector while it has invited or associated members."
)
SUSPENDED_WITH_MEMBERS = _rejected(
    "the current account cannot disable detector while it has invited or associated members."
)
MAX_RESULTS_OUT_OF_BOUNDS = _rejected("the parameter maxResults is out-of-bounds.")
ONLY_ASSOCIATED_INVALID = _rejected("the parameter onlyAssociated has an invalid value.")
ACCEPT_HAS_MEMBERS = _rejected(
    "the current account cannot accept invitations since it still has created, invited or associated members."
)
ACCEPT_ALREADY_MEMBER = _rejected(
    "the current account cannot accept invitations since it is already an associated member of some master account."
)
ACCEPT_NO_PENDING = _rejected(
    "the current account has no pending invitation from the given master account ID or is already an "
    "associated member of another master account."
)
NOT_ASSOCIATED_TO_AN_ADMINISTRATOR = _rejected("the current account is not associated to a master account.")
BATCH_TOO_LONG = "The request failed because the length provided for the {} array was 51. Max allowed length is 50."
