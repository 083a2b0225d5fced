"""Tags of roots, units, accounts and policies (W-221)."""

from sekisho.access.context import ContextValue, passed_tags_context, tag_context
from sekisho.directory.queries import control_policies, organizations
from sekisho.model.organizations import Organization
from sekisho.services.operation import Call, Desk, Output, Target, operation
from sekisho.services.organizations.faults import constrained, invalid, not_found
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import a_node, managed, seen, the_organization

MOST_TAGS = 50


def new_tags(call: Call) -> dict[str, str]:
    """The tags of the input. Raises InvalidInput for reserved or repeated keys; keys that differ
    in case alone count as one, as conditions cannot tell them apart (PE-147)."""
    given = call.input.get("Tags", ())
    if any(tag["Key"].lower().startswith("aws:") for tag in given):
        said = "You specified a tag key that is a system tag."
        raise invalid("INVALID_SYSTEM_TAGS_PARAMETER", said)
    if len({tag["Key"].lower() for tag in given}) != len(given):
        said = "Tag keys must be unique among the tags attached to the same entity."
        raise invalid("DUPLICATE_TAG_KEY", said)
    return checked({tag["Key"]: tag["Value"] for tag in given})


def given_tags(call: Call) -> dict[str, ContextValue]:
    """The condition keys of the tags that are passed."""
    return passed_tags_context({tag["Key"]: tag["Value"] for tag in call.input.get("Tags", ())})


def checked(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > MOST_TAGS:
        said = "You have exceeded the number of tags allowed on this resource."
        raise constrained("TAG_LIMIT_EXCEEDED", said)
    return tags


def resource_tags(desk: Desk, organization: Organization, resource: str) -> dict[str, ContextValue]:
    """The condition keys of the tags of a root, unit, account or policy."""
    tags = organizations.get_tags(desk.tx, organization.id, resource)
    return tag_context("aws:resourcetag", tags)


def a_resource(call: Call, desk: Desk) -> Target:
    """The resource of ResourceId, which may be a policy too."""
    name: str = call.input["ResourceId"]
    if name.startswith("p-"):
        organization = the_organization(call, desk)
        policy = control_policies.get_policy(desk.tx, organization.id, name)
        if policy is None:
            raise not_found("Target")
        keys = {**resource_tags(desk, organization, name), "organizations:policytype": policy.kind}
        return Target(policy.arn(organization), keys)
    found = a_node("ResourceId")(call, desk)
    assert isinstance(found, Target)
    return found


def tagged(call: Call, desk: Desk) -> Target:
    """The resource of ResourceId, with the keys of the tags that are passed or taken away."""
    found = a_resource(call, desk)
    context = {**found.context, **given_tags(call)}
    if "TagKeys" in call.input:
        context["aws:tagkeys"] = tuple(call.input["TagKeys"])
    return Target(found.arn, context)


@operation("organizations:TagResource", resource=tagged, writes=True)
def tag_resource(call: Call, desk: Desk) -> Output:
    """Set tags on a root, unit, account or policy; at most 50.

    Raises: TargetNotFound, InvalidInput, ConstraintViolation.
    """
    organization = managed(call, desk)
    resource = taggable(call, desk, organization)
    new = new_tags(call)
    folded = {key.lower() for key in new}
    old = organizations.get_tags(desk.tx, organization.id, resource)
    kept = {key: value for key, value in old.items() if key.lower() not in folded}
    organizations.put_tags(desk.tx, organization.id, resource, checked({**kept, **new}))
    return {}


@operation("organizations:UntagResource", resource=tagged, writes=True)
def untag_resource(call: Call, desk: Desk) -> Output:
    """Take tags away; keys that are not there are passed over. Raises: TargetNotFound."""
    organization = managed(call, desk)
    resource = taggable(call, desk, organization)
    gone = set(call.input["TagKeys"])
    old = organizations.get_tags(desk.tx, organization.id, resource)
    left = {key: value for key, value in old.items() if key not in gone}
    organizations.put_tags(desk.tx, organization.id, resource, left)
    return {}


@operation("organizations:ListTagsForResource", resource=a_resource)
def list_tags(call: Call, desk: Desk) -> Output:
    """List the tags of a root, unit, account or policy. Raises: TargetNotFound."""
    organization = seen(call, desk)
    resource = taggable(call, desk, organization)
    tags = organizations.get_tags(desk.tx, organization.id, resource)
    shown = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
    kept, rest = page(call, shown, lambda tag: tag["Key"])
    return {"Tags": kept, **rest}


def taggable(call: Call, desk: Desk, organization: Organization) -> str:
    """The id in ResourceId, of something that is there."""
    resource: str = call.input["ResourceId"]
    if resource == organization.root:
        return resource
    policy = control_policies.get_policy(desk.tx, organization.id, resource)
    if policy is not None and not policy.is_aws:
        return resource
    member = organizations.get_member(desk.tx, resource)
    units = organizations.list_units(desk.tx, organization.id)
    is_member = member is not None and member.organization == organization.id
    if is_member or any(unit.id == resource for unit in units):
        return resource
    raise not_found("Target")
