"""The whole walk has left no operation out."""

from tests.boto3.simulator import Simulator

# What onboarding needs of GuardDuty.
NEEDED = {
    "AcceptAdministratorInvitation",
    "AcceptInvitation",
    "CreateDetector",
    "CreateMembers",
    "DeclineInvitations",
    "DeleteDetector",
    "DeleteInvitations",
    "DeleteMembers",
    "DescribeOrganizationConfiguration",
    "DisassociateFromAdministratorAccount",
    "DisassociateFromMasterAccount",
    "DisassociateMembers",
    "GetAdministratorAccount",
    "GetDetector",
    "GetInvitationsCount",
    "GetMasterAccount",
    "GetMemberDetectors",
    "GetMembers",
    "GetRemainingFreeTrialDays",
    "InviteMembers",
    "ListDetectors",
    "ListInvitations",
    "ListMembers",
    "ListOrganizationAdminAccounts",
    "ListTagsForResource",
    "StartMonitoringMembers",
    "StopMonitoringMembers",
    "TagResource",
    "UntagResource",
    "UpdateDetector",
    "UpdateMemberDetectors",
}


def test_every_guardduty_operation_that_is_needed_was_called(simulator: Simulator):
    """It runs after all others."""
    assert {name for service, name in simulator.operations if service == "guardduty"} >= NEEDED
