"""Actions that are no operations of their own, and operations that need no permission."""

# Nothing can deny these to a caller who has signed (PE-125).
NEEDS_NO_PERMISSION = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})


def needs_permission(action: str) -> bool:
    """Whether policies are asked at all; the action in any case. `decide` is for those that are."""
    return action.lower() not in NEEDS_NO_PERMISSION


def assume_role_actions(*, tags: bool, source_identity: bool, contexts: bool) -> tuple[str, ...]:
    """Every action that one AssumeRole must be allowed, each by itself, on the role (PE-116).

    tags: whether session tags are passed, or transitive ones inherited. source_identity: whether
    one is passed, or set on the calling session. contexts: whether ProvidedContexts are passed.
    """
    further = (
        ("sts:TagSession", tags),
        ("sts:SetSourceIdentity", source_identity),
        ("sts:SetContext", contexts),
    )
    return ("sts:AssumeRole", *(action for action, needed in further if needed))
