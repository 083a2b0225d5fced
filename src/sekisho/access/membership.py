"""What is held in memory of an account's place in its organization (PE-130…PE-136, W-240)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sekisho.access.context import ContextValue
from sekisho.access.held import Text
from sekisho.directory.queries import control_policies, organizations
from sekisho.directory.store import Transaction
from sekisho.model.organizations import (
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    Organization,
    lineage,
    path_of,
)
from sekisho.policy import Layer, Rails, Source, compile_texts

LAYERS = {SERVICE_CONTROL: Layer.SCP, RESOURCE_CONTROL: Layer.RCP}


@dataclass(frozen=True, slots=True)
class Membership:
    """path: the value of aws:PrincipalOrgPaths of the account's principals.

    delegated: the services for which the account administers the organization. rails: the control
    policies that reach the account. scp_texts: the service control policies once more, by level,
    for whoever would compile them with others. weight: characters of all.
    """

    account: str
    organization: Organization
    path: str
    delegated: frozenset[str]
    rails: Rails
    scp_texts: tuple[Sequence[Text], ...]
    weight: int

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
    texts = {
        kind: [texts_at(tx, organization, node, kind) for node in (*way, account)]
        for kind in organization.policy_types
    }
    rails = Rails(
        organization.management == account,
        scps=tuple(map(compile_texts, texts.get(SERVICE_CONTROL, ()))),
        rcps=tuple(map(compile_texts, texts.get(RESOURCE_CONTROL, ()))),
    )
    weight = sum(len(text) for levels in texts.values() for level in levels for _, text in level)
    return Membership(
        account,
        organization,
        path_of(organization, way),
        delegated,
        rails,
        tuple(texts.get(SERVICE_CONTROL, ())),
        weight,
    )


def texts_at(tx: Transaction, organization: Organization, node: str, kind: str) -> list[Text]:
    """The policies of a kind that are attached to a root, a unit or an account itself."""
    attached = control_policies.list_attached(tx, organization.id, node, kind)
    found = [control_policies.get_policy(tx, organization.id, each) for each in attached]
    return [
        (Source(LAYERS[kind], policy.name, node), policy.content)
        for policy in found
        if policy is not None
    ]
