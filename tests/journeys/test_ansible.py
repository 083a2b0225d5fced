"""Ansible's modules for IAM and STS set an account up, find it as it was left, and clear it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo.policies import allow

from journeys.crossing import Crossing
from journeys.traveller import ONE_WAY, STRANGERS, Traveller, stranger
from journeys.world import World, inhabited
from services.iam import papers

PLAYS = Path(__file__).parent / "ansible"
RECAP = re.compile(r"changed=(\d+) +unreachable=0 +failed=0")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Accounts of its own: password policies are an account's."""
    with inhabited(tmp_path_factory.mktemp("ansible")) as world:
        yield world


@dataclass(frozen=True, slots=True)
class Controller:
    """Runs plays as the role in the other account."""

    traveller: Traveller
    program: str
    facts: Path

    def changes(self, play: str) -> int:
        """How many tasks changed something; all succeeded."""
        words = [self.program, "-i", "localhost,", "-e", f"@{self.facts}", str(PLAYS / play)]
        more = {
            "AWS_PROFILE": "there",
            "ANSIBLE_COLLECTIONS_PATH": str(STRANGERS),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
        }
        told = self.traveller.run(words, more, self.facts.parent)
        found = RECAP.search(told)
        assert found, told[-4000:]
        return int(found.group(1))


@pytest.fixture
def controller(world: World, crossing: Crossing, tmp_path: Path) -> Controller:
    program = stranger("ansible-playbook")
    traveller = Traveller(world, crossing, tmp_path / "home", allow(["iam:*", "sts:*"], "*"))
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps(
            {
                "account": crossing.there.account,
                "person": traveller.arn,
                "metadata": papers.saml_metadata(),
                "certificate": papers.certificate_pem(),
                "private_key": papers.private_pem(),
            }
        )
    )
    return Controller(traveller, program, facts)


@ONE_WAY
def test_an_account_is_set_up_once(controller: Controller, crossing: Crossing) -> None:
    before = inventory(crossing)
    assert controller.changes("identities.yml") == 9
    made = inventory(crossing)
    assert controller.changes("identities.yml") == 0
    assert inventory(crossing) == made
    controller.changes("visit.yml")
    assert inventory(crossing) == made
    assert controller.changes("departure.yml") == 9
    assert inventory(crossing) == before
    assert controller.changes("departure.yml") == 0


def inventory(crossing: Crossing) -> dict[str, object]:
    """The summary of the account, and the details of all that is in it."""
    iam = crossing.there.iam
    details = iam.get_account_authorization_details()
    for role in details["RoleDetailList"]:
        del role["RoleLastUsed"]  # by the plays themselves
    kinds = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    summary = iam.get_account_summary()["SummaryMap"]
    return {"summary": summary, **{kind: details[kind] for kind in kinds}}
