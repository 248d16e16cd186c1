"""Gold's tables, from the models' YAML files: one folder is one subject."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tm_lakehouse.dictionary.page import Shown, contents, names, section


@dataclass(frozen=True)
class Model:
    """One Gold table as its YAML declares it; `subject` is its folder."""

    subject: str
    declared: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.declared["name"])

    @property
    def tests(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Kind and declaration of each test of the model."""
        return [(kind, told) for test in self.declared.get("data_tests", ()) for kind, told in test.items()]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that its sound_rows test proves to be a key."""
        keys = (told["arguments"]["key"] for kind, told in self.tests if kind == "sound_rows")
        return tuple(next(keys, ()))

    @property
    def columns(self) -> list[Mapping[str, Any]]:
        return list(self.declared.get("columns", ()))

    @property
    def shown(self) -> list[Shown]:
        """Its columns as the page shows them."""
        return [Shown(told["name"], told["data_type"], told["description"], _unit(told)) for told in self.columns]


def read_models(folder: Path) -> list[Model]:
    """Every model declared below dbt's folder of Gold, by subject and name."""
    return sorted(_declared(folder), key=lambda model: (model.subject, model.name))


def page(models: Iterable[Model]) -> list[str]:
    """Links to all tables, then a section for each, under its subject."""
    subjects: dict[str, list[Model]] = {}
    for model in models:
        subjects.setdefault(model.subject, []).append(model)
    parts = [contents({subject: [model.name for model in of_it] for subject, of_it in subjects.items()}) + "\n"]
    for subject, of_it in subjects.items():
        parts += [f"## {subject.capitalize()}\n", *(_section(model) for model in of_it)]
    return parts


def _declared(folder: Path) -> Iterator[Model]:
    for file in folder.glob("*/*.yml"):
        for declared in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]:
            yield Model(file.parent.name, declared)


def _section(model: Model) -> str:
    tested = f"Key: {names(model.key)}. Tests: {', '.join(_test(told) for _, told in model.tests) or 'none'}."
    return section(model.name, " ".join(model.declared["description"].split()), model.shown, tested)


def _unit(column: Mapping[str, Any]) -> str:
    return str(column.get("config", {}).get("meta", {}).get("unit", ""))


def _test(declared: Mapping[str, Any]) -> str:
    only_warns = declared.get("config", {}).get("severity") == "warn"
    return f"`{declared['name']}`" + (" (warns)" if only_warns else "")
