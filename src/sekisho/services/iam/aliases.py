"""The alias of an account: a name for its sign-in page (W-217)."""

from dataclasses import replace

from sekisho.directory.queries import settings
from sekisho.model.identifiers import is_account_id
from sekisho.services.iam.faults import exists, invalid_input, no_such_entity
from sekisho.services.operation import Call, Desk, Output, everything, operation


@operation("iam:CreateAccountAlias", resource=everything, writes=True)
def create_account_alias(call: Call, desk: Desk) -> Output:
    """Give the account an alias, in the place of the one it has.

    Input: AccountAlias (3-63 characters of a-z, 0-9 and single hyphens within; no account id).
    Raises: EntityAlreadyExists if any account has it.
    """
    alias = call.input["AccountAlias"]
    if is_account_id(alias):
        raise invalid_input("The account alias must not be a number of 12 digits.")
    bearer = settings.find_alias(desk.tx, alias)
    if bearer is not None and bearer != call.account:
        raise exists(f"The account alias {alias} already exists.")
    decided = settings.get_settings(desk.tx, call.account)
    settings.put_settings(desk.tx, replace(decided, alias=alias))
    return {}


@operation("iam:ListAccountAliases", resource=everything)
def list_account_aliases(call: Call, desk: Desk) -> Output:
    """List the alias; there is one at most."""
    alias = settings.get_settings(desk.tx, call.account).alias
    return {"AccountAliases": [alias] if alias else [], "IsTruncated": False}


@operation("iam:DeleteAccountAlias", resource=everything, writes=True)
def delete_account_alias(call: Call, desk: Desk) -> Output:
    alias = call.input["AccountAlias"]
    decided = settings.get_settings(desk.tx, call.account)
    if decided.alias != alias:
        raise no_such_entity(f"The account alias {alias} cannot be found.")
    settings.put_settings(desk.tx, replace(decided, alias=""))
    return {}
