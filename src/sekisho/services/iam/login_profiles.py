"""Login profiles: the passwords of users (W-207)."""

from collections.abc import Sequence
from dataclasses import replace

from sekisho.access.decide import Ask
from sekisho.directory.queries import console, passwords, settings
from sekisho.model.credentials import LoginProfile
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.principal import PrincipalKind
from sekisho.model.records import Owner, User
from sekisho.policy import Kind
from sekisho.services.guesses import FREE_OF_USER, count_guess
from sekisho.services.iam.faults import exists, invalid, no_such_entity
from sekisho.services.iam.passwords import (
    MOST_REMEMBERED,
    Hashed,
    check_password,
    check_unused,
    hash_password,
    is_password,
    names_of,
    was_used,
)
from sekisho.services.iam.targets import concerns_root, named, the_user, user_or_root
from sekisho.services.operation import Call, Desk, Output, ask_for, operation


def stage_password(call: Call, desk: Desk) -> Hashed | None:
    """Check and hash the password of the input, if there is one."""
    password = call.input.get("Password")
    if password is None:
        return None
    decided = settings.get_settings(desk.tx, call.account)
    check_password(password, decided.password_policy, names_of(desk.tx, call.account))
    profile = passwords.get_login_profile(desk.tx, the_user(call, desk).unique_id)
    used = profile is not None and was_used(password, profile, decided.password_policy)
    return Hashed(hash_password(password), used)


@operation("iam:CreateLoginProfile", resource=named(Owner.USER), writes=True, stage=stage_password)
def create_login_profile(call: Call, desk: Desk) -> Output:
    """Give a user a password.

    Input: UserName (the caller's own if left out), Password, PasswordResetRequired.
    Raises: NoSuchEntity, EntityAlreadyExists, PasswordPolicyViolation.
    """
    user, hashed = the_user(call, desk), call.staged
    if hashed is None:
        raise invalid(
            "1 validation error detected: Value null at 'password' failed to satisfy constraint:"
            " Member must not be null"
        )
    if passwords.get_login_profile(desk.tx, user.unique_id) is not None:
        raise exists(f"Login Profile for user {user.name} already exists.")
    profile = LoginProfile(
        account=user.account,
        owner=user.unique_id,
        created=call.now,
        changed=call.now,
        reset=call.input.get("PasswordResetRequired", False),
        hashed=hashed.text,
    )
    passwords.add_login_profile(desk.tx, profile)
    return {"LoginProfile": shown_profile(user, profile)}


@operation("iam:GetLoginProfile", resource=user_or_root)
def get_login_profile(call: Call, desk: Desk) -> Output:
    """Show when a user got a password; by default the caller, who may be the root user (W-100)."""
    if concerns_root(call):
        password = console.get_root_password(desk.tx, call.account)
        if password is None:
            raise no_such_profile("root")
        return {"LoginProfile": {"CreateDate": password.changed, "PasswordResetRequired": False}}
    user = the_user(call, desk)
    return {"LoginProfile": shown_profile(user, the_profile(desk, user))}


@operation("iam:UpdateLoginProfile", resource=named(Owner.USER), writes=True, stage=stage_password)
def update_login_profile(call: Call, desk: Desk) -> Output:
    """Set another password, or say whether it must be replaced at the next sign-in."""
    user = the_user(call, desk)
    profile = the_profile(desk, user)
    if call.staged is not None:
        profile = changed(profile, call.staged, call.now)
    reset = call.input.get("PasswordResetRequired", profile.reset)
    passwords.update_login_profile(desk.tx, replace(profile, reset=reset))
    return {}


@operation("iam:DeleteLoginProfile", resource=user_or_root, writes=True)
def delete_login_profile(call: Call, desk: Desk) -> Output:
    """Take a password away; by default the caller's, who may be the root user (W-100)."""
    if concerns_root(call):
        if not console.remove_root_password(desk.tx, call.account):
            raise no_such_profile("root")
        return {}
    user = the_user(call, desk)
    if not passwords.remove_login_profile(desk.tx, user.account, user.unique_id):
        raise no_such_profile(user.name)
    return {}


def may_change_own(call: Call, desk: Desk) -> Sequence[Ask]:
    """ChangePassword: the account's policy may let all users do it, unless one denies it."""
    if call.caller.principal.kind is not PrincipalKind.USER:
        raise only_users()
    ask = ask_for(call, "iam:ChangePassword", named(Owner.USER)(call, desk))
    policy = settings.get_settings(desk.tx, call.account).password_policy
    if policy is None or not policy.users_may_change:
        return (ask,)
    decision = desk.access.decide(call.caller, call.ambient, ask).decision
    return (ask,) if decision.kind is Kind.EXPLICIT_DENY else ()


def stage_change(call: Call, desk: Desk) -> Hashed:
    """Check the old password, and the new one as CreateLoginProfile does."""
    user = the_user(call, desk)
    profile = the_profile(desk, user)
    check_old_password(call, desk, profile)
    decided = settings.get_settings(desk.tx, call.account)
    password = call.input["NewPassword"]
    check_password(password, decided.password_policy, names_of(desk.tx, call.account))
    used = was_used(password, profile, decided.password_policy)
    return Hashed(hash_password(password), used, against=profile.hashed)


def check_old_password(call: Call, desk: Desk, profile: LoginProfile) -> None:
    """Whoever has an access key must not learn the password by guessing; raises AccessDenied.

    After five wrong ones in a row all are refused unseen, ever longer.
    """
    subject = f"old password of {profile.owner}"
    with desk.directory.writing() as tx:
        is_barred = console.refused_until(tx, subject) > call.now
        if not is_barred:
            count_guess(tx, subject, FREE_OF_USER, call.now)
    if is_barred or not is_password(call.input["OldPassword"], profile.hashed):
        raise AccessDenied("The old password was incorrect.")
    with desk.directory.writing() as tx:
        console.forget_attempts(tx, subject)


@operation("iam:ChangePassword", asks=may_change_own, writes=True, stage=stage_change)
def change_password(call: Call, desk: Desk) -> Output:
    """Replace the caller's own password.

    Raises: InvalidUserType for all but users, AccessDenied for a wrong old password,
        PasswordPolicyViolation.
    """
    profile = the_profile(desk, the_user(call, desk))
    if profile.hashed != call.staged.against:
        said = "The password was changed by another request."
        raise Fault("EntityTemporarilyUnmodifiable", 409, said)
    renewed = replace(changed(profile, call.staged, call.now), reset=False)
    passwords.update_login_profile(desk.tx, renewed)
    return {}


def changed(profile: LoginProfile, new: Hashed, now: int) -> LoginProfile:
    check_unused(new)
    earlier = (profile.hashed, *profile.earlier)[: MOST_REMEMBERED - 1]
    return replace(profile, changed=now, hashed=new.text, earlier=earlier)


def the_profile(desk: Desk, user: User) -> LoginProfile:
    profile = passwords.get_login_profile(desk.tx, user.unique_id)
    if profile is None:
        raise no_such_profile(user.name)
    return profile


def no_such_profile(name: str) -> Fault:
    return no_such_entity(f"Login Profile for User {name} cannot be found.")


def only_users() -> Fault:
    return Fault("InvalidUserType", 400, "Only IAM Users can change their own password")


def shown_profile(user: User, profile: LoginProfile) -> Output:
    return {
        "UserName": user.name,
        "CreateDate": profile.created,
        "PasswordResetRequired": profile.reset,
    }
