"""Access keys of users and of the root user (W-206)."""

from sekisho.directory.queries import keys, users, uses
from sekisho.model.arn import root_arn
from sekisho.model.identifiers import LONG_TERM_KEY, new_access_key_id, new_secret_access_key
from sekisho.model.records import AccessKey
from sekisho.services.iam.faults import invalid, no_such_access_key, over_quota
from sekisho.services.iam.paging import page_of
from sekisho.services.iam.quotas import ACCESS_KEYS
from sekisho.services.iam.tags import tags_of_principal
from sekisho.services.iam.targets import Holder, the_holder, user_or_root
from sekisho.services.operation import Call, Desk, Output, Target, operation

ACTIVE, INACTIVE = "Active", "Inactive"


@operation("iam:CreateAccessKey", resource=user_or_root, writes=True, shares=True)
def create_access_key(call: Call, desk: Desk) -> Output:
    """Make a key; its secret is in this answer and never again.

    Raises: NoSuchEntity; LimitExceeded over two keys, inactive ones included.
    """
    holder = the_holder(call, desk)
    if keys.count_access_keys(desk.tx, call.account, holder.id) >= ACCESS_KEYS:
        raise over_quota("AccessKeysPerUser", ACCESS_KEYS)
    key = AccessKey(
        id=new_access_key_id(LONG_TERM_KEY, call.account),
        account=call.account,
        owner=holder.id,
        created=call.now,
        secret=new_secret_access_key(),
    )
    keys.add_access_key(desk.tx, key)
    return {"AccessKey": {**shown_key(holder, key), "SecretAccessKey": key.secret}}


@operation("iam:ListAccessKeys", resource=user_or_root)
def list_access_keys(call: Call, desk: Desk) -> Output:
    holder = the_holder(call, desk)
    held = keys.list_access_keys(desk.tx, call.account, holder.id)
    kept, rest = page_of(call, held, lambda key: key.id)
    return {"AccessKeyMetadata": [shown_key(holder, key) for key in kept], **rest}


@operation("iam:UpdateAccessKey", resource=user_or_root, writes=True, shares=True)
def update_access_key(call: Call, desk: Desk) -> Output:
    """Activate or deactivate a key. Nobody can set the status Expired."""
    active = read_status(call)
    keys.set_access_key_active(desk.tx, the_key(call, desk).id, active)
    return {}


def read_status(call: Call) -> bool:
    """Whether the input's Status is Active; raises ValidationError for Expired."""
    status: str = call.input["Status"]
    if status not in (ACTIVE, INACTIVE):
        raise invalid(
            "1 validation error detected: Value at 'status' failed to satisfy constraint:"
            f" Member must satisfy enum value set: [{ACTIVE}, {INACTIVE}]"
        )
    return status == ACTIVE


@operation("iam:DeleteAccessKey", resource=user_or_root, writes=True, shares=True)
def delete_access_key(call: Call, desk: Desk) -> Output:
    key = the_key(call, desk)
    keys.remove_access_key(desk.tx, key.id)
    uses.forget_uses(desk.tx, key.id)
    return {}


def key_target(call: Call, desk: Desk) -> Target:
    """The target of GetAccessKeyLastUsed: the user who has the key, if there is one."""
    shown = f"access key {call.input['AccessKeyId']}"
    key = find_key(call, desk)
    user = None if key is None else users.get_user_by_id(desk.tx, call.account, key.owner)
    if user is not None:
        return Target(user.arn, tags_of_principal(user.tags), shown)
    return Target("*" if key is None else root_arn(call.account), shown=shown)


@operation("iam:GetAccessKeyLastUsed", resource=key_target)
def get_access_key_last_used(call: Call, desk: Desk) -> Output:
    """Show when a key of this account last signed a call, for which service, in which region.

    A call may be missing for a minute, and for good if the server was killed in it.
    """
    key = find_key(call, desk)
    if key is None:
        raise no_such_access_key(call.input["AccessKeyId"])
    user = users.get_user_by_id(desk.tx, call.account, key.owner)
    shown = {} if user is None else {"UserName": user.name}
    last = desk.directory.uses.of_many(desk.tx, [key.id]).get(key.id)
    if last is None:
        return {**shown, "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}
    told = {"LastUsedDate": last.at, "ServiceName": last.service, "Region": last.region}
    return {**shown, "AccessKeyLastUsed": told}


def find_key(call: Call, desk: Desk) -> AccessKey | None:
    """The key of the input, if it is one of this account."""
    key = keys.get_access_key(desk.tx, call.input["AccessKeyId"])
    return key if key is not None and key.account == call.account else None


def the_key(call: Call, desk: Desk) -> AccessKey:
    """The key of the input, which must be the holder's own."""
    holder, wanted = the_holder(call, desk), call.input["AccessKeyId"]
    for key in keys.list_access_keys(desk.tx, call.account, holder.id):
        if key.id == wanted:
            return key
    raise no_such_access_key(wanted)


def shown_key(holder: Holder, key: AccessKey) -> Output:
    return {
        **holder.shown,
        "AccessKeyId": key.id,
        "Status": ACTIVE if key.active else INACTIVE,
        "CreateDate": key.created,
    }
