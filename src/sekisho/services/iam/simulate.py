"""SimulateCustomPolicy and SimulatePrincipalPolicy (W-214, W-215)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sekisho.access.context import ContextValue, principal_context, principal_tags
from sekisho.access.held import Text
from sekisho.directory.queries import users
from sekisho.model.arn import iam_arn, parse_arn
from sekisho.model.principal import Principal, session_principal, user_principal
from sekisho.model.records import Group, Role
from sekisho.policy import (
    InvalidPolicy,
    Layer,
    PolicyType,
    Source,
    parse_policy,
    refusal,
    scps_for,
)
from sekisho.services.iam.faults import invalid_input
from sekisho.services.iam.paging import cut_short, numbered, page_of
from sekisho.services.iam.simulation import Scene, Simulation, account_of, policy_id
from sekisho.services.iam.sources import (
    Granted,
    granted_to,
    read_entity,
    source_target,
    the_entity_of,
)
from sekisho.services.iam.targets import Entity
from sekisho.services.operation import Call, Desk, Output, everything, operation

MOST_QUESTIONS = 20_000
LOOKED_AT = 40_000  # statements, each once for every question, on one page
MOST_LOOKED_AT = 200_000  # of one action
SIMULATED = "simulated"


@operation("iam:SimulateCustomPolicy", resource=everything)
def simulate_custom_policy(call: Call, desk: Desk) -> Output:
    """Say what policies would allow, for a principal who has none but these.

    Input: PolicyInputList (identity-based), PermissionsBoundaryPolicyInputList (one at most),
        OrderedOrganizationPolicyInputList (levels of service control policies, the root's first),
        ResourcePolicy (with CallerArn, the ARN of a user), ActionNames, ResourceArns (else ``*``),
        ResourceOwner (an account's ARN), ContextEntries.
    Raises: InvalidInput, also for more than 20,000 questions, or 200,000 looks at statements for
        one action. A page may have fewer actions than MaxItems, though more follow.
    """
    principal = caller_of(call, desk)
    if principal is None:
        if "ResourcePolicy" in call.input:
            raise invalid_input("CallerArn is needed where a ResourcePolicy is given.")
        arn = iam_arn(call.account, "user", "/", SIMULATED)
        principal = user_principal(call.account, arn, "", SIMULATED)
        own: Mapping[str, ContextValue] = {}
    else:
        own = principal_context(principal)
    scene = Scene(
        principal=principal,
        texts=given_texts(call, "PolicyInputList", Layer.IDENTITY),
        limits=boundary_texts(call),
        resource=resource_texts(call),
        organization=organization_texts(call),
        context={**own, **context_entries(call)},
        owner=owner_of(call),
    )
    return simulate(call, scene)


@operation("iam:SimulatePrincipalPolicy", resource=source_target)
def simulate_principal_policy(call: Call, desk: Desk) -> Output:
    """Say what a user (with its groups), a group or a role may do.

    Input: PolicySourceArn; PolicyInputList adds policies, PolicyExclusionList leaves some out, a
        boundary in PermissionsBoundaryPolicyInputList takes the place of its own; the rest as in
        SimulateCustomPolicy. The account's service control policies count.
    Raises: NoSuchEntity, InvalidInput.
    """
    entity = the_entity_of(call, desk, call.input["PolicySourceArn"])
    granted = without_excluded(call, granted_to(desk, entity))
    principal = principal_of(call, entity)
    tags = {} if isinstance(entity, Group) else entity.tags
    own = {**principal_context(principal), **principal_tags(tags, None)}
    organization: tuple[Sequence[Text], ...] = ()
    membership = desk.access.evidence.membership(call.account)
    if membership is not None:
        own |= membership.keys_of_principal()
        if scps_for(principal, membership.rails):
            organization = membership.scp_texts
    asking = caller_of(call, desk)
    scene = Scene(
        principal=principal if asking is None else asking,
        texts=(*granted.texts, *given_texts(call, "PolicyInputList", Layer.IDENTITY)),
        limits=boundary_texts(call) or granted.limits,
        resource=resource_texts(call),
        organization=organization,
        context={**own, **context_entries(call)},
        owner=owner_of(call),
    )
    return simulate(call, scene)


def simulate(call: Call, scene: Scene) -> Output:
    """One page of results, an action each, in the order of the input."""
    actions: Sequence[str] = call.input["ActionNames"]
    resources: Sequence[str] = tuple(dict.fromkeys(call.input.get("ResourceArns", ())))
    for action in actions:
        vendor, colon, name = action.partition(":")
        if not (vendor and colon and name):
            raise invalid_input(f"Invalid action name: {action}")
    kept, rest = page_of(call, numbered(actions), lambda entry: entry[0])
    questions = len(kept) * max(len(resources), 1)
    if questions > MOST_QUESTIONS:
        raise invalid_input(f"More than {MOST_QUESTIONS} actions and resources were given.")
    simulation = Simulation(scene)
    looks = max(len(resources), 1) * simulation.statements
    if looks > MOST_LOOKED_AT:
        raise invalid_input("The policies are too large for so many resources.")
    most = max(LOOKED_AT // max(looks, 1), 1)
    if len(kept) > most:
        kept, rest = cut_short(kept[:most], lambda entry: entry[0])
    results = [simulation.result(action, resources) for _, action in kept]
    return {"EvaluationResults": results, **rest}


def given_texts(call: Call, member: str, layer: Layer) -> tuple[Text, ...]:
    """The policies of a list in the input, named by their places as AWS does."""
    return checked(call.input.get(member, ()), member, layer)


def checked(texts: Iterable[str], member: str, layer: Layer) -> tuple[Text, ...]:
    read = []
    for number, text in enumerate(texts, 1):
        said = refusal(text, PolicyType.IDENTITY)
        if said is not None:
            raise invalid_input(said)
        read.append((Source(layer, f"{member}.{number}", ""), text))
    return tuple(read)


def boundary_texts(call: Call) -> tuple[Text, ...]:
    texts = given_texts(call, "PermissionsBoundaryPolicyInputList", Layer.BOUNDARY)
    if len(texts) > 1:
        raise invalid_input("Only one permissions boundary policy can be given.")
    return texts


def organization_texts(call: Call) -> tuple[tuple[Text, ...], ...]:
    return tuple(
        checked(
            level.get("ServiceControlPolicyInputList", ()),
            f"OrderedOrganizationPolicyInputList.{number}",
            Layer.SCP,
        )
        for number, level in enumerate(call.input.get("OrderedOrganizationPolicyInputList", ()), 1)
    )


def resource_texts(call: Call) -> tuple[Text, ...]:
    """The resource's policy; its principals need not exist."""
    text = call.input.get("ResourcePolicy")
    if text is None:
        return ()
    try:
        parse_policy(text)
    except InvalidPolicy:
        raise invalid_input("Syntax errors in policy.") from None
    return ((Source(Layer.RESOURCE, "ResourcePolicy", ""), text),)


def owner_of(call: Call) -> str:
    """The account in ResourceOwner; empty if it is not given."""
    arn = call.input.get("ResourceOwner")
    if arn is None:
        return ""
    account = account_of(arn)
    if not account:
        raise invalid_input(f"Invalid ResourceOwner: {arn}")
    return account


def caller_of(call: Call, desk: Desk) -> Principal | None:
    """The user of CallerArn, who need not exist. Of other accounts nothing is looked up."""
    arn = call.input.get("CallerArn")
    if arn is None:
        return None
    if not account_of(arn) or ":user/" not in arn:
        raise invalid_input("CallerArn must be the ARN of an IAM user.")
    account, (_, name) = parse_arn(arn).account, read_entity(arn)
    user = users.get_user(desk.tx, account, name) if account == call.account else None
    unique_id = user.unique_id if user is not None and user.arn == arn else ""
    return user_principal(account, arn, unique_id, name)


def principal_of(call: Call, entity: Entity) -> Principal:
    """Who asks in the name of an entity; of a group, any user in it."""
    if isinstance(entity, Role):
        return session_principal(
            entity.account, entity.arn, entity.unique_id, entity.name, SIMULATED
        )
    if isinstance(entity, Group):
        arn = iam_arn(entity.account, "user", "/", SIMULATED)
        return user_principal(entity.account, arn, "", SIMULATED)
    return user_principal(entity.account, entity.arn, entity.unique_id, entity.name)


def context_entries(call: Call) -> dict[str, ContextValue]:
    """ContextEntries as condition keys; a type that ends in List makes a key of several values."""
    found: dict[str, ContextValue] = {}
    for entry in call.input.get("ContextEntries", ()):
        name, values = entry.get("ContextKeyName", ""), tuple(entry.get("ContextKeyValues", ()))
        if not values:
            continue
        is_list = entry.get("ContextKeyType", "").endswith("List")
        if len(values) > 1 and not is_list:
            raise invalid_input(f"Context key {name} takes one value.")
        found[name.lower()] = values if is_list else values[0]
    return found


def without_excluded(call: Call, granted: Granted) -> Granted:
    """What PolicyExclusionList leaves (W-215)."""
    excluded = call.input.get("PolicyExclusionList", ())
    if not excluded:
        return granted
    arns = {entry["PolicyArn"] for entry in excluded if "PolicyArn" in entry}
    kinds = {entry.get("PolicyType") for entry in excluded if not _names_one(entry)}
    inline = {
        f"{one['AttachmentType']}_{one['AttachmentName']}_{one['PolicyName']}"
        for entry in excluded
        if (one := entry.get("InlinePolicyIdentifier")) is not None
    }

    def stays(source: Source) -> bool:
        is_managed = source.name.startswith("arn:")
        if is_managed and source.name in arns:
            return False
        if not is_managed and policy_id(source) in inline:
            return False
        return _kind_of(source) not in kinds

    return replace(
        granted,
        texts=tuple(text for text in granted.texts if stays(text[0])),
        limits=tuple(text for text in granted.limits if stays(text[0])),
    )


def _names_one(entry: Mapping[str, object]) -> bool:
    return "PolicyArn" in entry or "InlinePolicyIdentifier" in entry


def _kind_of(source: Source) -> str:
    if source.layer is Layer.BOUNDARY:
        return "permission-boundary"
    if not source.name.startswith("arn:"):
        return "inline"
    return "aws-managed" if source.name.startswith("arn:aws:iam::aws:") else "user-managed"
