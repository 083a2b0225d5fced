"""Terraform keeps its state in a bucket of the other account, with its own S3 backend."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo.policies import allow, trust

from journeys.crossing import Crossing
from journeys.traveller import ONE_WAY, Traveller

PLAN = Path(__file__).parent / "terraform" / "main.tf"
KEY = "gates/live.tfstate"
EXTERNAL_ID = "barrier-7"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a plan, and a bucket over there for its state."""

    traveller: Traveller
    program: str
    folder: Path
    bucket: str

    def attempt(self, *words: str) -> "subprocess.CompletedProcess[str]":
        more = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_VAR_guards": "7"}
        return self.traveller.attempt([self.program, *words], more, self.folder)

    def run(self, *words: str) -> str:
        done = self.attempt(*words)
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-8000:]
        return done.stdout

    def init(self, external_id: str = EXTERNAL_ID) -> "subprocess.CompletedProcess[str]":
        role = f'{{role_arn="{self.traveller.role}",external_id="{external_id}"}}'
        given = (f"bucket={self.bucket}", f"assume_role={role}")
        options = [f"-backend-config={setting}" for setting in given]
        return self.attempt("init", "-input=false", "-no-color", "-reconfigure", *options)

    def apply(self, *options: str) -> "subprocess.CompletedProcess[str]":
        return self.attempt("apply", "-auto-approve", "-input=false", "-no-color", *options)

    def keys(self) -> list[str]:
        listed = self.traveller.crossing.there.s3.list_objects_v2(Bucket=self.bucket)
        return [found["Key"] for found in listed.get("Contents", [])]


@pytest.fixture
def project(crossing: Crossing, traveller: Traveller, tmp_path: Path) -> Project:
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("no terraform")
    bucket = crossing.there.bucket()
    crossing.there.iam.update_assume_role_policy(
        RoleName=traveller.role.rpartition("/")[2],
        PolicyDocument=json.dumps(
            trust(crossing.here.account, {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}})
        ),
    )
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(PLAN, folder)
    return Project(traveller, program, folder, bucket)


@ONE_WAY
def test_state_lives_in_the_other_account(project: Project) -> None:
    assert project.init().returncode == 0
    assert project.apply().returncode == 0
    assert project.keys() == [KEY]
    assert project.run("state", "list").split() == ["terraform_data.gate"]
    assert project.run("output", "-raw", "guards") == "7"
    assert "No changes." in project.run("plan", "-input=false", "-no-color")
    assert project.apply("-var", "guards=9").returncode == 0
    assert project.run("output", "-raw", "guards") == "9"
    project.run("workspace", "new", "night")
    listed = project.run("workspace", "list").replace("*", "").split()
    assert listed == ["default", "night"]
    assert project.run("state", "list") == ""


@ONE_WAY
def test_a_held_lock_keeps_others_out(project: Project) -> None:
    """The lock is an object that is put only where there is none (If-None-Match)."""
    assert project.init().returncode == 0
    s3 = project.traveller.crossing.there.s3
    lock = {"ID": "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "Who": "another", "Operation": "apply"}
    s3.put_object(Bucket=project.bucket, Key=f"{KEY}.tflock", Body=json.dumps(lock).encode())
    refused = project.apply()
    assert refused.returncode == 1
    assert "Error acquiring the state lock" in refused.stderr
    assert "PreconditionFailed" in refused.stderr
    assert lock["ID"] in refused.stderr
    project.run("force-unlock", "-force", lock["ID"])
    assert project.keys() == []
    assert project.apply().returncode == 0
    assert project.keys() == [KEY]


@ONE_WAY
def test_a_refused_role_is_told(project: Project) -> None:
    """PE-214, W-141."""
    refused = project.init(external_id="another")
    assert refused.returncode == 1
    told = unwrapped(refused.stderr)
    assert "AccessDenied: User: arn:aws:iam::" in told
    assert f"to perform: sts:AssumeRole on resource: {project.traveller.role}" in told


@ONE_WAY
def test_a_role_that_may_not_lock_is_told(project: Project) -> None:
    name = project.traveller.role.rpartition("/")[2]
    here = f"arn:aws:s3:::{project.bucket}"
    bounded = allow(["s3:ListBucket", "s3:GetObject"], [here, f"{here}/*"])
    iam = project.traveller.crossing.there.iam
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(bounded))
    assert project.init().returncode == 0
    refused = project.apply()
    assert refused.returncode == 1
    told = unwrapped(refused.stderr)
    assert "because no identity-based policy allows the s3:PutObject action" in told
    assert project.keys() == []


def unwrapped(said: str) -> str:
    """Terraform breaks its lines where they are full."""
    return " ".join(said.split())
