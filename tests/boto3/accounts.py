"""Accounts, and what the administrator and a member of one Region do with GuardDuty when all goes well."""

from typing import Any

from tests.boto3.answers import empty, unprocessed
from tests.boto3.simulator import HOME, Client, Keys, Simulator


class Account:
    """An account in one Region, with keys of its own."""

    def __init__(self, simulator: Simulator, number: str, region: str = HOME, keys: Keys | None = None):
        self._simulator = simulator
        self._keys = keys or simulator.assume(number)
        self.number = number
        self.email = f"root+{number}@example.com"
        # As CreateMembers wants it.
        self.details = {"AccountId": number, "Email": self.email}
        self.guardduty = simulator.client("guardduty", region, self._keys)
        # What most operations ask for: its own detector, once it has one.
        self.own: dict[str, str] = {}

    def elsewhere(self, region: str) -> "Account":
        """The same account in another Region."""
        return Account(self._simulator, self.number, region, self._keys)

    def client(self, service: str) -> Client:
        return self._simulator.client(service, keys=self._keys)

    def enable(self, **parameters: object) -> "Account":
        """Switches GuardDuty on."""
        self.own = {"DetectorId": self.guardduty.create_detector(Enable=True, **parameters)["DetectorId"]}
        return self

    def detector(self) -> dict[str, Any]:
        return self.guardduty.get_detector(**self.own)

    def features(self) -> dict[str, str]:
        return {feature["Name"]: feature["Status"] for feature in self.detector()["Features"]}

    def create(self, *members: "Account"):
        details = [member.details for member in members]
        unprocessed(self.guardduty.create_members(**self.own, AccountDetails=details), {})

    def invite(self, *members: "Account"):
        """Creates and invites them. The simulator verifies their e-mail addresses at once by default."""
        self.create(*members)
        self.invite_again(*members)

    def invite_again(self, *members: "Account"):
        numbers = [member.number for member in members]
        unprocessed(self.guardduty.invite_members(**self.own, AccountIds=numbers), {})

    def onboard(self, *members: "Account"):
        """Creates and invites them, and each accepts."""
        self.invite(*members)
        for member in members:
            member.accept(self)

    def sees(self, member: "Account") -> dict[str, Any] | None:
        """Its view of one account; `None` if GetMembers has no entry."""
        found = self.guardduty.get_members(**self.own, AccountIds=[member.number])["Members"]
        assert len(found) <= 1
        return found[0] if found else None

    def status_of(self, member: "Account") -> str | None:
        found = self.sees(member)
        return found["RelationshipStatus"] if found else None

    def members(self, **parameters: object) -> set[str]:
        """The account ids that ListMembers has."""
        found = self.guardduty.list_members(**self.own, **parameters)["Members"]
        return {member["AccountId"] for member in found}

    def invitations(self) -> list[dict[str, Any]]:
        return self.guardduty.list_invitations()["Invitations"]

    def inviters(self) -> list[str]:
        return [invitation["AccountId"] for invitation in self.invitations()]

    def count_of_invitations(self) -> int:
        return self.guardduty.get_invitations_count()["InvitationsCount"]

    def invitation(self, administrator: "Account") -> dict[str, str]:
        """Its one pending invitation from there, as AcceptAdministratorInvitation wants it."""
        (pending,) = (
            invitation["InvitationId"]
            for invitation in self.invitations()
            if (invitation["AccountId"], invitation["RelationshipStatus"]) == (administrator.number, "Invited")
        )
        return {"AdministratorId": administrator.number, "InvitationId": pending}

    def accept(self, administrator: "Account"):
        invitation = self.invitation(administrator)
        empty(self.guardduty.accept_administrator_invitation(**self.own, **invitation))
