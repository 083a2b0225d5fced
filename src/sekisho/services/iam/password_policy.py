"""The password policy of an account (W-207)."""

from dataclasses import replace

from sekisho.directory.queries import settings
from sekisho.model.settings import PasswordPolicy
from sekisho.services.iam.faults import no_such_entity
from sekisho.services.operation import Call, Desk, Output, everything, operation


@operation("iam:UpdateAccountPasswordPolicy", resource=everything, writes=True)
def update_account_password_policy(call: Call, desk: Desk) -> Output:
    """Replace the policy as a whole: what is not given goes back to its default.

    Input: MinimumPasswordLength (6-128, 6), RequireSymbols, RequireNumbers,
        RequireUppercaseCharacters, RequireLowercaseCharacters, AllowUsersToChangePassword (all
        false), MaxPasswordAge (days, 1-1,095), PasswordReusePrevention (1-24), HardExpiry.
    """
    get = call.input.get
    policy = PasswordPolicy(
        length=get("MinimumPasswordLength", 6),
        symbols=get("RequireSymbols", False),
        numbers=get("RequireNumbers", False),
        uppercase=get("RequireUppercaseCharacters", False),
        lowercase=get("RequireLowercaseCharacters", False),
        users_may_change=get("AllowUsersToChangePassword", False),
        max_age=get("MaxPasswordAge", 0),
        remembered=get("PasswordReusePrevention", 0),
        hard_expiry=get("HardExpiry"),
    )
    decided = settings.get_settings(desk.tx, call.account)
    settings.put_settings(desk.tx, replace(decided, password_policy=policy))
    return {}


@operation("iam:GetAccountPasswordPolicy", resource=everything)
def get_account_password_policy(call: Call, desk: Desk) -> Output:
    """Show the policy; the rules that hold without one are not shown: raises NoSuchEntity."""
    policy = settings.get_settings(desk.tx, call.account).password_policy
    if policy is None:
        said = f"The Password Policy with domain name {call.account} cannot be found."
        raise no_such_entity(said)
    shown: Output = {
        "MinimumPasswordLength": policy.length,
        "RequireSymbols": policy.symbols,
        "RequireNumbers": policy.numbers,
        "RequireUppercaseCharacters": policy.uppercase,
        "RequireLowercaseCharacters": policy.lowercase,
        "AllowUsersToChangePassword": policy.users_may_change,
        "ExpirePasswords": policy.max_age > 0,
    }
    if policy.max_age:
        shown["MaxPasswordAge"] = policy.max_age
    if policy.remembered:
        shown["PasswordReusePrevention"] = policy.remembered
    if policy.hard_expiry is not None:
        shown["HardExpiry"] = policy.hard_expiry
    return {"PasswordPolicy": shown}


@operation("iam:DeleteAccountPasswordPolicy", resource=everything, writes=True)
def delete_account_password_policy(call: Call, desk: Desk) -> Output:
    decided = settings.get_settings(desk.tx, call.account)
    if decided.password_policy is None:
        raise no_such_entity("The account policy with name PasswordPolicy cannot be found.")
    settings.put_settings(desk.tx, replace(decided, password_policy=None))
    return {}
