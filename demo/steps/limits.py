"""Durations, session names, role names: what is refused before or beside any policy."""

from datetime import UTC, datetime

from demo.expect import Expectation, refused, shows
from demo.policies import allow, trust
from demo.scene import DESTINATION, DESTINATION_ROOT, Scene
from demo.steps.cast import (
    Role,
    assume,
    enrol,
    found_role,
    permit_assuming,
    permit_user,
    turned_away,
    user_arn,
)

JUNE = user_arn("june")
HARBOUR = Role("Harbour")
PATTERN = r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
ABOVE_ROLE = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
SLACK = 120  # seconds


def play(scene: Scene) -> None:
    enrol(scene, "june")
    found_role(scene, HARBOUR.name, trust(JUNE))
    permit_assuming(scene, "june", HARBOUR)
    scene.profile("june-unchecked", {"parameter_validation": "false"})
    keys = scene.keys("june")
    scene.carry_keys("june-unchecked", keys.access_key, keys.secret_key)
    durations(scene)
    names(scene)
    roles(scene)


def durations(scene: Scene) -> None:
    above = refused("ValidationError", "AssumeRole", ABOVE_ROLE)
    last(scene, "an hour, if nothing is said", "", 3600, "W-97")
    last(scene, "a quarter of an hour is the least", "--duration-seconds 900", 900, "W-97")
    for seconds, bound in (
        (899, "greater than or equal to 900"),
        (43201, "less than or equal to 43200"),
    ):
        said = f"Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must"
        assume(
            scene,
            f"{seconds} seconds are outside 900 to 43,200",
            "june-unchecked",
            HARBOUR,
            invalid(f"{said} have value {bound}"),
            "W-130, PE-201",
            session="june",
            more=f"--duration-seconds {seconds}",
        )
    long = "--duration-seconds 43200"
    assume(
        scene,
        "a role allows one hour unless it says otherwise",
        "june",
        HARBOUR,
        above,
        "W-127, W-129",
        more=long,
    )
    scene.aws(
        "this one says twelve",
        DESTINATION_ROOT,
        f"iam update-role --role-name {HARBOUR.name} --max-session-duration 43200",
    )
    scene.aws(
        "and shows it",
        DESTINATION_ROOT,
        f"iam get-role --role-name {HARBOUR.name}",
        shows({"Role.MaxSessionDuration": is_twelve_hours}),
        "W-129, W-163",
    )
    last(scene, "now twelve hours are granted", long, 43200, "W-129")


def is_twelve_hours(found: object) -> bool:
    """43200"""
    return found == 43200


def last(scene: Scene, title: str, more: str, seconds: int, facts: str) -> None:
    """Assume Harbour; the session must end that many seconds from now."""
    begun = datetime.now(UTC).timestamp()

    def ends_then(found: object) -> bool:
        if not isinstance(found, str):
            return False
        ends = datetime.fromisoformat(found).timestamp()
        return begun + seconds - 2 <= ends <= begun + seconds + SLACK

    ends_then.__doc__ = f"in {seconds} seconds"
    wanted = shows(
        {"AssumedRoleUser.Arn": HARBOUR.session("june"), "Credentials.Expiration": ends_then}
    )
    assume(scene, title, "june", HARBOUR, wanted, facts, more=more)


def invalid(*clauses: str) -> Expectation:
    """A ValidationError with these clauses (W-130, W-131)."""
    count = f"{len(clauses)} validation error{'s' if len(clauses) > 1 else ''} detected: "
    return refused("ValidationError", "AssumeRole", count + "; ".join(clauses))


def names(scene: Scene) -> None:
    long = "x" * 65

    def fails(name: str) -> str:
        return f"Value '{name}' at 'roleSessionName' failed to satisfy constraint: "

    at_most, at_least = "less than or equal to 64", "greater than or equal to 2"
    for title, name, clauses in (
        ("a session name with a space and a sign", "june & co", [fails("june & co") + PATTERN]),
        (
            "one of 65 characters",
            long,
            [fails(long) + f"Member must have length {at_most}"],
        ),
        ("one of a single character", "x", [fails("x") + f"Member must have length {at_least}"]),
        (
            "wrong in two ways",
            f"{long}!",
            [
                fails(f"{long}!") + PATTERN,
                fails(f"{long}!") + f"Member must have length {at_most}",
            ],
        ),
    ):
        assume(
            scene,
            title,
            "june-unchecked",
            HARBOUR,
            invalid(*clauses),
            "W-130, W-131",
            session=name,
        )


def roles(scene: Scene) -> None:
    scene.say("A role that is not there is refused in the words of one that does not trust.")
    permit_user(
        scene, "june may ask for any role", "june", allow("sts:AssumeRole", "*"), policy="any"
    )
    shut = found_role(scene, "Shut", trust(DESTINATION))
    for title, role in (
        ("a role that does not trust her", shut.arn),
        ("a role that does not exist", Role("Nowhere").arn),
        ("a role in another case", Role("harbour").arn),
        ("a role at another path", f"arn:aws:iam::{DESTINATION}:role/docks/Harbour"),
        ("a role of an account that does not exist", Role("Harbour", "999988887777").arn),
    ):
        assume(scene, title, "june", role, turned_away(JUNE, role), "PE-202, PE-201")
    kai = enrol(scene, "kai", DESTINATION)
    file = scene.document("everything", allow("*", "*"))
    scene.aws(
        "kai may do everything in the destination",
        DESTINATION_ROOT,
        f"iam put-user-policy --user-name kai --policy-name all --policy-document {file}",
    )
    nowhere = Role("Nowhere").arn
    assume(
        scene,
        "but learns no more about a role that is not there",
        "kai",
        nowhere,
        turned_away(kai, nowhere),
        "PE-202, W-141",
    )
    for title, text in (
        ("what is no ARN at all", "nothing-valid-in-here"),
        ("an ARN of nothing", "arn:a:a::aaaaaaaaaa:"),
    ):
        wanted = refused("ValidationError", "AssumeRole", f"{text} is invalid")
        assume(scene, title, "june", text, wanted, "W-132, PE-206")
