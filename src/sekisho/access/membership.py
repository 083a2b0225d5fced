"""What is held in memory of an account's place in its organization (PE-130…PE-136, W-240)."""

from dataclasses import dataclass

from sekisho.access.context import ContextValue
from sekisho.directory.queries import organizations
from sekisho.directory.store import Transaction
from sekisho.model.organizations import Organization, lineage, path_of


@dataclass(frozen=True, slots=True)
class Membership:
    """path: the value of aws:PrincipalOrgPaths of the account's principals.

    delegated: the services for which the account administers the organization.
    """

    account: str
    organization: Organization
    path: str
    delegated: frozenset[str] = frozenset()

    @property
    def is_management(self) -> bool:
        return self.account == self.organization.management

    def keys_of_principal(self) -> dict[str, ContextValue]:
        """PE-175."""
        return {
            "aws:principalorgid": self.organization.id,
            "aws:principalorgpaths": (self.path,),
        }

    def keys_of_resource(self) -> dict[str, ContextValue]:
        """PE-178."""
        return {
            "aws:resourceorgid": self.organization.id,
            "aws:resourceorgpaths": (self.path,),
        }


def load_membership(tx: Transaction, account: str) -> Membership | None:
    """None for an account that is in no organization."""
    member = organizations.get_member(tx, account)
    organization = (
        None if member is None else organizations.get_organization(tx, member.organization)
    )
    if member is None or organization is None:
        return None
    units = {unit.id: unit for unit in organizations.list_units(tx, organization.id)}
    way = lineage(organization, units, member.parent)
    delegates = organizations.list_delegates(tx, organization.id)
    delegated = frozenset(one.service for one in delegates if one.account == account)
    return Membership(account, organization, path_of(organization, way), delegated)
