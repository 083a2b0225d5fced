"""Permissions that are, or lead to, all permissions."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft, Entry, Part
from sekisho.advice.check.overlap import covers
from sekisho.policy.resources import PARTS
from sekisho.policy.words import say, together

PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action
ASSUME_ROLE = "sts:AssumeRole"
LIMITING_KEYS = frozenset({"iam:passedtoservice", "iam:associatedresourcearn"})

# Actions by which whoever may do them to anything gives themselves any permission, and the kind
# of resource that they are done on.
TAKING_OVER = {
    "iam:AddUserToGroup": "group",
    "iam:AttachGroupPolicy": "group",
    "iam:AttachRolePolicy": "role",
    "iam:AttachUserPolicy": "user",
    "iam:CreateAccessKey": "user",
    "iam:CreateLoginProfile": "user",
    "iam:CreatePolicyVersion": "policy",
    "iam:PutGroupPolicy": "group",
    "iam:PutRolePolicy": "role",
    "iam:PutUserPolicy": "user",
    "iam:SetDefaultPolicyVersion": "policy",
    "iam:UpdateLoginProfile": "user",
}
# The same, for actions that do it together.
TOGETHER = (
    ("iam:UpdateAssumeRolePolicy", ASSUME_ROLE),
    (PASS_ROLE, "cloudformation:CreateStack"),
    (PASS_ROLE, "codebuild:CreateProject", "codebuild:StartBuild"),
    (PASS_ROLE, "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
    (PASS_ROLE, "ec2:RunInstances"),
    (PASS_ROLE, "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    (PASS_ROLE, "glue:CreateDevEndpoint"),
    (PASS_ROLE, "glue:CreateJob", "glue:StartJobRun"),
    (PASS_ROLE, "lambda:CreateFunction", "lambda:InvokeFunction"),
    (PASS_ROLE, "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
)
ROLE_ACTIONS = frozenset({PASS_ROLE, "iam:UpdateAssumeRolePolicy", ASSUME_ROLE})
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Gift:
    """An action that a statement allows on everything that it can be done on."""

    action: str
    entry: Entry


def check_privileges(draft: Draft) -> Iterator[Remark]:
    """What an identity policy gives away."""
    if draft.kind.name not in ("identity", "managed"):
        return
    parts = [part for part in draft.parts() if part.allows and part.statement.actions]
    everything = [part for part in parts if _is_everything(part)]
    for part in everything:
        entry = next(entry for entry in part.entries("Action") if _means_all(entry.text))
        said = say("this allows every action on every resource")
        yield Remark("FullAdmin", entry.steps, said)
    if everything:
        return
    for part in parts:
        yield from _check_pass_role(part)
        yield from _check_assume_role(part)
    gifts = list(_gifts(draft, parts))
    yield from _check_alone(gifts)
    yield from _check_together(gifts)


def _means_all(action: str) -> bool:
    return action.strip("*") in ("", ":")


def _is_everything(part: Part) -> bool:
    statement = part.statement
    return (
        not statement.conditions
        and any(map(_means_all, statement.actions or ()))
        and any(text.strip("*") == "" for text in statement.resources or ())
    )


def _check_pass_role(part: Part) -> Iterator[Remark]:
    if any(test.key in LIMITING_KEYS for test in part.tests()) or not _is_on_all(part, "role"):
        return
    entry = _giving(part, PASS_ROLE)
    if entry is not None:
        said = say(
            "any role can be handed to any service: name the roles in Resource, or the services"
            " in a condition on iam:PassedToService"
        )
        yield Remark("PassRoleAnywhere", entry.steps, said)


def _check_assume_role(part: Part) -> Iterator[Remark]:
    """sts:AssumeRole on all roles of all accounts; those of one account may well be meant."""
    arns = [text.split(":", PARTS - 1) for text in part.statement.resources or ()]
    anywhere = [
        parts for parts in arns if parts == ["*"] or (len(parts) == PARTS and parts[4] == "*")
    ]
    if part.statement.conditions or not anywhere or not _is_on_all(part, "role"):
        return
    entry = _giving(part, ASSUME_ROLE)
    if entry is not None:
        said = say(
            "any role of any account that trusts this one can be assumed: name the roles, or at"
            " least their accounts, in Resource"
        )
        yield Remark("AssumeRoleAnywhere", entry.steps, said)


def _giving(part: Part, action: str) -> Entry | None:
    """The entry of Action that means an action; None if none does."""
    for entry in part.entries("Action"):
        if not _means_all(entry.text) and covers(entry.text.lower(), action.lower()):
            return entry
    return None


def _is_on_all(part: Part, kind: str) -> bool:
    """Whether the statement reaches every resource of a kind, of an account at least."""
    for text in part.statement.resources or ():
        parts = text.split(":", PARTS - 1)
        if text.strip("*") == "":
            return True
        if (
            len(parts) == PARTS
            and parts[-1] in ("*", f"{kind}/*", f"{kind}*")
            and (not kind or parts[2] == "iam")
        ):
            return True
    return False


def _gifts(draft: Draft, parts: Iterable[Part]) -> Iterator[Gift]:
    """What is allowed on everything without condition, and nowhere denied on everything.

    Of each action the first statement that gives it.
    """
    wanted = dict(TAKING_OVER)
    for action in itertools.chain.from_iterable(TOGETHER):
        wanted.setdefault(action, "role" if action in ROLE_ACTIONS else "")
    denied = _denied_everywhere(draft)
    wanted = {
        action: kind
        for action, kind in wanted.items()
        if not any(covers(text, action.lower()) for text in denied)
    }
    for part in parts:
        if part.statement.conditions:
            continue
        for action, kind in tuple(wanted.items()):
            entry = _giving(part, action) if _is_on_all(part, kind) else None
            if entry is not None:
                del wanted[action]
                yield Gift(action, entry)


def _denied_everywhere(draft: Draft) -> frozenset[str]:
    """The actions, in lower case, that are denied on every resource without condition."""
    return frozenset(
        text.lower()
        for part in draft.parts()
        if not part.allows
        and not part.statement.conditions
        and "*" in (part.statement.resources or ())
        for text in part.statement.actions or ()
    )


def _check_alone(gifts: list[Gift]) -> Iterator[Remark]:
    by_entry: dict[Entry, list[str]] = {}
    for gift in gifts:
        if gift.action in TAKING_OVER:
            by_entry.setdefault(gift.entry, []).append(gift.action)
    for entry, actions in by_entry.items():
        shown = ", ".join(actions[:MOST_NAMED])
        if len(actions) > MOST_NAMED:
            shown = say("{} and {} more", shown, len(actions) - MOST_NAMED)
        said = say("whoever may do this to everything can take any permission: {}", shown)
        yield Remark("Escalation", entry.steps, said)


def _check_together(gifts: list[Gift]) -> Iterator[Remark]:
    given = {gift.action: gift for gift in gifts}
    for group in TOGETHER:
        if all(action in given for action in group):
            said = say(
                "together these can take any permission of a role: {}", together("{} and {}", group)
            )
            yield Remark("EscalationTogether", given[group[0]].entry.steps, said)
