"""AssumeRoot: into the root user of a member account, for one task."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sekisho.access.decide import EVERYTHING, NO_POLICIES, Ask
from sekisho.access.membership import Membership
from sekisho.model.arn import AWS_POLICY, root_arn
from sekisho.model.faults import Fault
from sekisho.model.identifiers import is_account_id
from sekisho.model.organizations import IAM_SERVICE, ROOT_CREDENTIALS, ROOT_SESSIONS
from sekisho.model.principal import PrincipalKind, Session
from sekisho.policy import CompiledPolicySet, Layer, Source, compile_set, parse_policy
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.sts.tokens import issue

MOST_SECONDS = 900
_TASKS = f"{AWS_POLICY}/root-task/"

TASKS: Mapping[str, str] = MappingProxyType(
    {
        f"{_TASKS}IAMAuditRootUserCredentials": ROOT_CREDENTIALS,
        f"{_TASKS}IAMCreateRootUserPassword": ROOT_CREDENTIALS,
        f"{_TASKS}IAMDeleteRootUserCredentials": ROOT_CREDENTIALS,
        f"{_TASKS}S3UnlockBucketPolicy": ROOT_SESSIONS,
        f"{_TASKS}SQSUnlockQueuePolicy": ROOT_SESSIONS,
    }
)
"""The policies of the tasks, and the feature of the organization that each belongs to."""


def assume_root_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """sts:AssumeRoot on the member's root user, who trusts whom the organization lets in.

    An account that is no member, or does not exist, is denied in the same words.
    """
    target, task = target_account(call), task_policy(call)
    evidence = desk.access.evidence
    home, there = evidence.membership(call.account), evidence.membership(target)
    trust = NO_POLICIES
    if home is not None and there is not None and lets_in(home, there, TASKS[task]):
        trust = trusting(home.account, target)
    context = {"sts:taskpolicyarn": task}
    return [Ask("sts:AssumeRoot", root_arn(target), target, context, trust, trust=True)]


@operation("sts:AssumeRoot", asks=assume_root_asks, waits=False)
def assume_root(call: Call, desk: Desk) -> Output:
    """Give the caller temporary credentials of a member's root user, limited to a task (W-100).

    The task's policy denies all else, within what a root user may; the caller's source identity
    goes on.
    Input: TargetPrincipal (an account's id, or the ARN of its root user), TaskPolicyArn (one of
        TASKS), DurationSeconds (0-900, default 900), MinimumSessionTokenSize (0-4,096 bytes).
    Output: Credentials; SourceIdentity if set.
    Raises: AccessDenied, ValidationError.
    """
    target, task = target_account(call), task_policy(call)
    session = Session(
        issued=call.now,
        expires=call.now + call.input.get("DurationSeconds", MOST_SECONDS),
        source_identity="" if call.caller.session is None else call.caller.session.source_identity,
        policy=EVERYTHING,
        policy_arns=(task,),
    )
    credentials = issue(
        desk.directory.ring(),
        PrincipalKind.ROOT,
        target,
        target,
        "",
        session,
        call.input.get("MinimumSessionTokenSize", 0),
    )
    return {**credentials.as_output(), "SourceIdentity": session.source_identity or None}


def target_account(call: Call) -> str:
    given: str = call.input["TargetPrincipal"]
    account = given if is_account_id(given) else given.removesuffix(":root").rpartition(":")[2]
    if not is_account_id(account) or given not in (account, root_arn(account)):
        raise Fault("ValidationError", 400, f"{given} is invalid")
    return account


def task_policy(call: Call) -> str:
    arn: str = call.input["TaskPolicyArn"].get("arn", "")
    if arn not in TASKS:
        raise Fault("ValidationError", 400, f"{arn or 'TaskPolicyArn'} is invalid")
    return arn


def lets_in(home: Membership, there: Membership, feature: str) -> bool:
    """Whether an organization lets principals of one account into the root user of another."""
    organization = there.organization
    return (
        home.organization.id == organization.id
        and not there.is_management
        and (home.is_management or IAM_SERVICE in home.delegated)
        and IAM_SERVICE in organization.services
        and feature in organization.root_features
    )


def trusting(account: str, target: str) -> CompiledPolicySet:
    """What the organization says in place of a trust policy."""
    text = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoot",'
        f'"Principal":{{"AWS":"{root_arn(account)}"}}}}}}'
    )
    source = Source(Layer.TRUST, "centralised root access", root_arn(target))
    return compile_set([(source, parse_policy(text))])
