"""docs/permissions.md: each permission of each role, and what needs it."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from proof import Permission, Refusal
from record import Role

from tm_lakehouse.cli.target import project_root

PAGE = project_root() / "docs" / "permissions.md"
POLICIES = ("terraform/modules/iam", "terraform/modules/airflow/role")
MARK = "<!-- policies: "
INTRODUCTION = """\
Written by `make iam-proof`: the whole pipeline runs under enforced policies, through Airflow and without, with history,
maintenance, parity, failures and their repair, and each kind of call that a role makes is noted. An action is needed
when, without it in its statement, one of those calls would be refused; such a call stands beside it. Not here is
`table-optimizer`: Glue's own optimizers do not run on the local AWS, so nothing here proves its policy."""


def write(roles: Sequence[Role], permissions: Sequence[Permission], refusals: Sequence[Refusal]) -> None:
    """Write the page."""
    lines = [*_lines(roles, permissions), *_refused(refusals)]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def digest_of_policies() -> str:
    """A digest of the Terraform that says what each role may do."""
    digest = hashlib.sha256()
    for folder in POLICIES:
        for file in sorted((project_root() / folder).rglob("*.tf")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def digest_told(page: Path = PAGE) -> str:
    """The digest of the policies that the page is about."""
    text = page.read_text(encoding="utf-8")
    return text.partition(MARK)[2].partition(" -->")[0]


def _lines(roles: Sequence[Role], permissions: Sequence[Permission]) -> Iterator[str]:
    needed = sum(each.needed_by is not None for each in permissions)
    yield "# Permissions, and what needs them"
    yield f"{MARK}{digest_of_policies()} -->"
    yield ""
    yield INTRODUCTION
    yield ""
    rest = len(permissions) - needed
    yield f"{len(permissions)} permissions of {len(roles)} roles: {needed} needed, {rest} kept for a reason."
    for role in roles:
        yield from ("", f"## {role.name}", "| statement | action | without it is refused, or why it stays |")
        yield "|---|---|---|"
        for each in permissions:
            if each.role == role.name:
                everything = " on `*`" if each.is_for_everything else ""
                yield f"| {each.sid} | `{each.action}`{everything} | {_ground(each)} |"


def _refused(refusals: Sequence[Refusal]) -> Iterator[str]:
    yield from ("", "## Refused on purpose", "Any other refused call fails the proof.", "")
    yield from ("| role | action | why it asks |", "|---|---|---|")
    for each in refusals:
        yield f"| {each.role} | `{each.action}` | {each.reason} |"


def _ground(permission: Permission) -> str:
    if permission.needed_by:
        told = f"{permission.needed_by.action} on `{permission.needed_by.resource}`"
        return f"{told}. For `*`: {permission.reason}" if permission.is_for_everything and permission.reason else told
    return f"*not needed by the run:* {permission.reason or 'NO REASON GIVEN'}"
