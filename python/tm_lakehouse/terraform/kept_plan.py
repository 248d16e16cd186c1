"""A plan kept in a folder: what a person reviews, what is applied later, and what another plan is compared with."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.files import write_whole

# GitHub takes 65,536 characters in a comment, which shows the plans of two environments.
SUMMARY_TEXT_CHARACTERS = 28_000
_VERBS = {"create": "add", "update": "change", "delete": "destroy", "import": "import"}
_MASK = "(sensitive)"


@dataclass(frozen=True)
class KeptPlan:
    """One plan's files: Terraform's own, its text, its changes as JSON, and a summary in Markdown."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "lakehouse.tfplan"

    @property
    def text(self) -> Path:
        return self.folder / "plan.txt"

    @property
    def changes_file(self) -> Path:
        return self.folder / "changes.json"

    @property
    def summary(self) -> Path:
        return self.folder / "summary.md"

    def changes(self) -> dict[str, Any]:
        """What the plan changes, by the address of the resource or the name of the output.

        Raises:
            LakehouseError: the folder holds no kept plan.
        """
        try:
            found: dict[str, Any] = json.loads(self.changes_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise LakehouseError(
                f"{self.folder} holds no kept plan.", "Keep one: `tm-lakehouse plan --out FOLDER`."
            ) from None
        return found


def keep(kept: KeptPlan, environment: str, text: str, shown: Mapping[str, Any], project: Path) -> None:
    """Write what people and other plans read of a plan; `shown` is `terraform show -json` of it."""
    found = changes_of(shown, project)
    kept.folder.mkdir(parents=True, exist_ok=True)
    write_whole(kept.text, text)
    write_whole(kept.changes_file, json.dumps(found, indent=1, sort_keys=True) + "\n")
    write_whole(kept.summary, summary(environment, found, text))


def changes_of(shown: Mapping[str, Any], project: Path) -> dict[str, Any]:
    """What a plan changes, without sensitive values and without where the project lies on this machine.

    Reading a data source changes nothing, and is left out.
    """
    found = {}
    for resource in shown.get("resource_changes", ()):
        change = resource["change"]
        actions = [*(["import"] if change.get("importing") else []), *change["actions"]]
        if actions in (["no-op"], ["read"]):
            continue
        found[resource["address"]] = {"actions": actions, **_values(change, project)}
    for name, change in shown.get("output_changes", {}).items():
        if change["actions"] != ["no-op"]:
            found[f"output.{name}"] = {"actions": change["actions"], **_values(change, project)}
    return found


def differences(reviewed: Mapping[str, Any], present: Mapping[str, Any]) -> list[str]:
    """How a plan differs from the one that was reviewed, a line for each resource."""
    return list(_differences(reviewed, present))


def summary(environment: str, changes: Mapping[str, Any], text: str) -> str:
    """The plan as a comment shows it: one line, and the text to unfold."""
    heading = f"### Plan for {environment}: {counted(changes)}\n"
    if not changes:
        return heading
    shown = text.strip()
    if len(shown) > SUMMARY_TEXT_CHARACTERS:
        shown = f"{shown[:SUMMARY_TEXT_CHARACTERS]}\n... cut here; the artifact's plan.txt has all of it"
    # A value of several lines may itself hold a fence.
    fence = "~" * 12
    return f"{heading}\n<details><summary>The plan</summary>\n\n{fence}diff\n{shown}\n{fence}\n\n</details>\n"


def counted(changes: Mapping[str, Any]) -> str:
    """For example `2 to add, 1 to destroy`; outputs are told where nothing else changes."""
    resources = [each["actions"] for address, each in changes.items() if not address.startswith("output.")]
    counts = {verb: sum(action in actions for actions in resources) for action, verb in _VERBS.items()}
    told = ", ".join(f"{count} to {verb}" for verb, count in counts.items() if count)
    return told or ("outputs only" if changes else "nothing to change")


def _values(change: Mapping[str, Any], project: Path) -> dict[str, Any]:
    def plain(side: str) -> Any:
        return _without_path(_masked(change.get(side), change.get(f"{side}_sensitive")), str(project))

    return {"before": plain("before"), "after": plain("after"), "unknown": change.get("after_unknown")}


def _masked(value: Any, sensitive: Any) -> Any:
    if sensitive is True:
        return None if value is None else _MASK
    if isinstance(value, dict) and isinstance(sensitive, dict):
        return {name: _masked(item, sensitive.get(name)) for name, item in value.items()}
    if isinstance(value, list) and isinstance(sensitive, list):
        marks = [*sensitive, *[None] * (len(value) - len(sensitive))]
        return [_masked(item, mark) for item, mark in zip(value, marks, strict=False)]
    return value


def _without_path(value: Any, project: str) -> Any:
    if isinstance(value, str):
        return value.replace(project, ".")
    if isinstance(value, dict):
        return {name: _without_path(item, project) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_path(item, project) for item in value]
    return value


def _differences(reviewed: Mapping[str, Any], present: Mapping[str, Any]) -> Iterator[str]:
    for address in sorted({*reviewed, *present}):
        was, now = reviewed.get(address), present.get(address)
        if was is None:
            yield f"{address}: would {_told(now)}, which the reviewed plan does not"
        elif now is None:
            yield f"{address}: the reviewed plan would {_told(was)}, this one leaves it"
        elif was != now:
            yield f"{address}: {_difference(was, now)}"


def _told(change: Any) -> str:
    return " and ".join(change["actions"])


def _difference(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if was["actions"] != now["actions"]:
        return f"would {_told(now)}, the reviewed plan would {_told(was)}"
    names = sorted(
        {
            name
            for side in ("before", "after", "unknown")
            for name in _differing(was.get(side), now.get(side))
        }
    )
    return f"other values of {', '.join(names)}" if names else "other values"


def _differing(was: Any, now: Any) -> set[str]:
    if not isinstance(was, dict) or not isinstance(now, dict):
        return set()
    return {name for name in {*was, *now} if was.get(name) != now.get(name)}
