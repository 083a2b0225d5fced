"""An authority without a wire: operations called as the gate calls them."""

import json
from collections.abc import Mapping
from typing import Any

from sekisho.access.context import Ambient
from sekisho.access.decide import Access
from sekisho.access.denial import denial
from sekisho.catalog import Shape, service_model
from sekisho.directory.queries import accounts, roles, users
from sekisho.directory.store import Directory
from sekisho.model.columns import Columns
from sekisho.model.faults import Fault
from sekisho.model.identifiers import new_account_id, new_canonical_id
from sekisho.model.principal import (
    Caller,
    Session,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.model.records import Account
from sekisho.services import OPERATIONS, Call, Desk, Operation, Output

NOW = 1_738_314_000


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trusting(principal: Mapping[str, Any]) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


ALLOW_ALL = document(allow("*"))


KINDS = {"string": str, "boolean": bool, "integer": int, "timestamp": int, "blob": bytes}


def check_shape(shape: Shape | None, value: object, place: str) -> None:
    """What an operation answers must have the names and the kinds of its model."""
    if shape is None:
        assert value == {}, place
    elif shape.kind == "structure":
        assert isinstance(value, dict), place
        assert value.keys() <= shape.members.keys(), place
        for name, part in value.items():
            check_shape(shape.members[name].shape, part, f"{place}.{name}")
    elif shape.kind == "list":
        assert isinstance(value, list), place
        assert shape.member is not None
        for part in value:
            check_shape(shape.member.shape, part, place)
    elif shape.kind == "map":
        assert isinstance(value, dict), place
        assert shape.key is not None
        assert shape.value is not None
        for name, part in value.items():
            assert not shape.key.shape.enum or name in shape.key.shape.enum, f"{place}.{name}"
            check_shape(shape.value.shape, part, f"{place}.{name}")
    else:
        assert type(value) is KINDS[shape.kind], place


def one_by_one(output: Output) -> Output:
    """An output with its lists as clients see them, structure by structure."""
    return {
        name: list(value) if isinstance(value, Columns) else value for name, value in output.items()
    }


class Office:
    """One account of a store, and its root user at the desk."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.access = Access(directory)
        self.now = float(NOW)
        self.account = Account(new_account_id(), "test", NOW - 86_400, new_canonical_id())
        with directory.writing() as tx:
            accounts.add_account(tx, self.account)
        self.root = Caller(root_principal(self.account.id), "AKIAROOT")

    @property
    def id(self) -> str:
        return self.account.id

    def arn(self, rest: str) -> str:
        return f"arn:aws:iam::{self.id}:{rest}"

    def user(self, name: str) -> Caller:
        with self.directory.reading() as tx:
            user = users.get_user(tx, self.id, name)
        assert user is not None
        return Caller(user_principal(self.id, user.arn, user.unique_id, user.name), "AKIAUSER")

    def session(self, role_name: str) -> Caller:
        with self.directory.reading() as tx:
            role = roles.get_role(tx, self.id, role_name)
        assert role is not None
        principal = session_principal(self.id, role.arn, role.unique_id, role.name, "visit")
        return Caller(principal, "ASIASESSION", Session(issued=NOW, expires=NOW + 3_600))

    def do(self, name: str, caller: Caller | None = None, /, **given: Any) -> Output:
        """The output of an IAM operation; raises its Fault. Nothing is kept of a refused one."""
        operation = OPERATIONS[f"iam:{name}"]
        ambient = Ambient(self.now, "request", "127.0.0.1", secure=True)
        call = Call(caller or self.root, given, ambient)
        self.access.evidence.refresh()
        if operation.stage is not None:
            with self.directory.reading() as tx:
                desk = Desk(tx, self.directory, self.access)
                self.permit(operation, call, desk)
                call = call._replace(staged=operation.stage(call, desk))
        opened = self.directory.writing() if operation.writes else self.directory.reading()
        with opened as tx:
            desk = Desk(tx, self.directory, self.access)
            self.permit(operation, call, desk)
            output = one_by_one(operation.run(call, desk))
        check_shape(service_model("iam").operations[name].output, output, name)
        return output

    def permit(self, operation: Operation, call: Call, desk: Desk) -> None:
        for ask in operation.asks(call, desk):
            ruling = self.access.decide(call.caller, call.ambient, ask)
            if not ruling.decision.allowed:
                raise denial(call.caller, ruling)

    def refusal(
        self, name: str, caller: Caller | None = None, /, **given: Any
    ) -> tuple[str, int, str]:
        """Code, status and message of an operation that is refused."""
        try:
            self.do(name, caller, **given)
        except Fault as fault:
            return fault.code, fault.status, fault.message
        raise AssertionError(f"{name} was not refused")

    def new_user(self, name: str, *statements: Mapping[str, Any]) -> Caller:
        """A user with one inline policy of these statements."""
        self.do("CreateUser", UserName=name)
        if statements:
            self.do(
                "PutUserPolicy",
                UserName=name,
                PolicyName="p",
                PolicyDocument=document(*statements),
            )
        return self.user(name)

    def new_policy(self, name: str, **more: Any) -> str:
        given = {"PolicyName": name, "PolicyDocument": ALLOW_ALL, **more}
        arn: str = self.do("CreatePolicy", **given)["Policy"]["Arn"]
        return arn

    def new_role(self, name: str, **more: Any) -> Output:
        trust = trusting({"AWS": self.id})
        given = {"RoleName": name, "AssumeRolePolicyDocument": trust, **more}
        role: Output = self.do("CreateRole", **given)["Role"]
        return role
