"""Whether each permission is needed, by what a run asked for: judged by the evaluator that judged the run."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from record import Role

from tm_localstack.iam.documents import Statement
from tm_localstack.iam.evaluation import Policies, Request, decide, is_about
from tm_localstack.iam.patterns import matches

JUSTIFICATIONS = Path(__file__).parent / "justified.toml"


@dataclass(frozen=True)
class Justification:
    """Why a permission stays that the run did not need. Names are patterns."""

    roles: str
    statements: str
    actions: tuple[str, ...]
    reason: str

    def covers(self, role: str, sid: str, action: str) -> bool:
        return (
            fnmatchcase(role, self.roles)
            and fnmatchcase(sid, self.statements)
            and any(fnmatchcase(action, each.lower()) for each in self.actions)
        )


@dataclass(frozen=True)
class Refusal:
    """Why a role asks for an action that it does not have."""

    role: str
    action: str
    reason: str

    def covers(self, role: str, request: Request) -> bool:
        return (role, request.action.lower()) == (self.role, self.action.lower())


@dataclass(frozen=True)
class Permission:
    """One action of one statement. `needed_by` is a call that would be refused without it, `used_by` one it allows."""

    role: str
    sid: str
    action: str
    resources: tuple[str, ...]
    used_by: Request | None
    needed_by: Request | None
    reason: str | None

    @property
    def has_no_ground(self) -> bool:
        return self.needed_by is None and self.reason is None

    @property
    def is_for_everything(self) -> bool:
        return "*" in self.resources


def justifications() -> list[Justification]:
    """What `justified.toml` says."""
    entries = tomllib.loads(JUSTIFICATIONS.read_text(encoding="utf-8"))["unused"]
    return [
        Justification(each["roles"], each["statements"], tuple(each["actions"]), each["reason"]) for each in entries
    ]


def refusals() -> list[Refusal]:
    """What `justified.toml` says of refused calls."""
    entries = tomllib.loads(JUSTIFICATIONS.read_text(encoding="utf-8"))["refused"]
    return [Refusal(each["role"], each["action"], each["reason"]) for each in entries]


def permissions(role: Role, justified: Sequence[Justification]) -> list[Permission]:
    """Every permission of a role, in the order of its policy."""
    return [
        _permission(role, statement, action, justified)
        for statement in role.statements
        if statement.effect == "Allow"
        for action in statement.actions
    ]


def _permission(role: Role, statement: Statement, action: str, justified: Sequence[Justification]) -> Permission:
    using = [each for each in role.allowed if matches(action, each.action.lower()) and is_about(each, statement)]
    without = _without(role.statements, statement, action)
    needed = next((each for each in using if not _allows(without, each)), None)
    reason = next((each.reason for each in justified if each.covers(role.name, statement.sid, action)), None)
    used = using[0] if using else None
    return Permission(role.name, statement.sid, action, statement.resources or (), used, needed, reason)


def _without(statements: Sequence[Statement], taken: Statement, action: str) -> tuple[Statement, ...]:
    narrowed = replace(taken, actions=tuple(each for each in taken.actions if each != action))
    # A statement without an action would be about all but the actions that it does not name.
    kept = (narrowed if each is taken else each for each in statements)
    return tuple(each for each in kept if each.actions or each.not_actions)


def _allows(statements: tuple[Statement, ...], request: Request) -> bool:
    return decide(request, Policies(identity=(statements,))).is_allowed
