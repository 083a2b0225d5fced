"""A switch that fails: AWS's one sentence, and beneath it what either side said."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from demo.policies import Document, allow, deny, trust
from playwright.sync_api import Locator, expect

from browser.house import House, Person, code_now
from browser.visitor import Visitor

# PE-199
SENTENCE = (
    "Invalid information in one or more fields. Check your information or contact your"
    " administrator."
)
HIDDEN = "What the other account's policies say is not shown to you."
MAY_GO = allow("sts:AssumeRole", "*")
FITS = "Your own policies allow it."
Trusting = Callable[[Person], Document]


def trusted(person: Person) -> Document:
    return trust(person.arn)


def with_external_id(person: Person) -> Document:
    return trust(person.arn, {"StringEquals": {"sts:ExternalId": "abc"}})


def with_mfa(person: Person) -> Document:
    return trust(person.arn, {"Bool": {"aws:MultiFactorAuthPresent": "true"}})


def another(person: Person) -> Document:
    return trust(person.arn, {"StringEquals": {"aws:username": "somebody-else"}})


@dataclass(frozen=True, slots=True)
class Case:
    """own, other: what the reasons of either side hold; the other's for who may read the role."""

    documents: tuple[Document, ...]
    trusting: Trusting
    own: str
    other: str


CASES = {
    "the user's half is missing": Case((), trusted, "there are no statements", ""),
    "the user's half forbids": Case(
        (MAY_GO, deny("sts:*", "*")), trusted, "denies it", "allows it"
    ),
    "the role trusts somebody else": Case((MAY_GO,), another, FITS, "aws:username"),
    "the role wants an external id": Case((MAY_GO,), with_external_id, FITS, "sts:ExternalId"),
    "the role wants MFA": Case((MAY_GO,), with_mfa, FITS, "aws:MultiFactorAuthPresent"),
}


def refusal(visitor: Visitor) -> Locator:
    alert = visitor.alert()
    expect(alert).to_contain_text(SENTENCE)
    return alert


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_of_another_account_only_the_own_half_is_told(
    house: House, visitor: Visitor, case: Case
) -> None:
    person = house.person(house.source, *case.documents)
    role = house.role(house.destination, case.trusting(person))
    visitor.signs_in(person).asks_for_role(house.destination, role)
    alert = refusal(visitor)
    expect(alert).to_contain_text(case.own)
    expect(alert).to_contain_text(HIDDEN)
    expect(alert).not_to_contain_text("trust policy of")
    visitor.acts_as_oneself()
    # What was typed is still there.
    expect(visitor.page.get_by_label("IAM role name", exact=True)).to_have_value(role)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.documents])
def test_who_may_read_the_role_is_told_both_halves(
    house: House, visitor: Visitor, name: str
) -> None:
    """Within one account a trust policy that names the user is enough (PE-94)."""
    case = CASES[name]
    person = house.person(house.source, allow("iam:GetRole", "*"), *case.documents)
    role = house.role(house.source, case.trusting(person))
    visitor.signs_in(person).asks_for_role(house.source, role)
    alert = refusal(visitor)
    expect(alert).to_contain_text(case.other)
    expect(alert).not_to_contain_text(HIDDEN)


@pytest.mark.parametrize("there", ["no such role", "another path", "another case"])
def test_a_role_that_is_not_there_looks_like_one_that_does_not_trust(
    house: House, visitor: Visitor, there: str
) -> None:
    """PE-218: path and case count."""
    person = house.person(house.source, MAY_GO)
    role = house.role(house.destination, trusted(person), path="/team/")
    asked = {
        "no such role": "NoSuchRole",
        "another path": role.removeprefix("team/"),
        "another case": role.upper(),
    }[there]
    visitor.signs_in(person).asks_for_role(house.destination, asked)
    alert = refusal(visitor)
    expect(alert).to_contain_text(FITS)
    expect(alert).to_contain_text(HIDDEN)
    visitor.switches(house.destination, role, "with its path")


def test_an_account_that_is_not_there(house: House, visitor: Visitor) -> None:
    visitor.signs_in(house.person(house.source, MAY_GO)).asks_for_role("no-such-alias", "Role")
    expect(refusal(visitor)).to_contain_text("There is no account of this id or alias")


def test_the_form_tells_what_cannot_be_a_role(house: House, visitor: Visitor) -> None:
    visitor.signs_in(house.person(house.source, MAY_GO))
    visitor.asks_for_role("", "").sees("This field is required.")
    visitor.asks_for_role(house.destination, "arn:aws:iam::444455556666:role/Reader")
    visitor.sees("Give the role's name, not its ARN.")
    visitor.asks_for_role(house.destination, "r" * 65).sees(re.compile("64 characters at most"))


def test_mfa_at_sign_in_opens_what_wants_mfa(house: House, visitor: Visitor) -> None:
    """PE-223: the session says that MFA was given."""
    person = house.person(house.source, MAY_GO)
    role = house.role(house.destination, with_mfa(person))
    seed = house.enrol(person)
    visitor.goes("/console").fills_in(person).clicks("Sign in")
    visitor.types("MFA code", code_now(seed)).clicks("Sign in").sees_title("Overview")
    visitor.switches(house.destination, role, "with MFA")
