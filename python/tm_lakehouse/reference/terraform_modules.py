"""Every Terraform module: what it takes and what it tells, from its own files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2

from tm_lakehouse.reference.page import joined, table

HEADER = """# Terraform modules

Written by `make docs` from the modules' `variables.tf` and `outputs.tf`. Values of an environment stand in
`terraform/environments/<env>/terraform.tfvars`; [deployment](../deploy.md) says which are yours to set.
"""
# The two that are applied come first, then what they are made of.
ROOTS = ("lakehouse", "bootstrap")


def page(terraform: Path) -> str:
    """The whole page."""
    modules = [terraform / root for root in ROOTS]
    modules += sorted(file.parent for file in (terraform / "modules").rglob("variables.tf"))
    names = [str(module.relative_to(terraform)) for module in modules]
    contents = "\n".join(f"- [{name}](#{_anchor(name)})" for name in names) + "\n"
    return joined([HEADER, contents, *(part for module in modules for part in _section(module, terraform))])


def blocks(file: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The blocks of one kind in a file, by their name, each with its arguments as Terraform's own text."""
    told = hcl2.loads(file.read_text(encoding="utf-8")).get(kind, [])
    return {name.strip('"'): body for block in told for name, body in block.items()}


def _section(module: Path, terraform: Path) -> Iterator[str]:
    yield f"## {module.relative_to(terraform)}\n"
    variables, outputs = blocks(module / "variables.tf", "variable"), blocks(module / "outputs.tf", "output")
    rows = ((f"`{name}`", _type(body["type"]), _default(body), _text(body)) for name, body in variables.items())
    yield table(("variable", "type", "default", "meaning"), rows)
    yield table(("output", "meaning"), ((f"`{name}`", _text(body)) for name, body in outputs.items()))


def _type(text: str) -> str:
    """A type as written: `string`, and what is more than a word without the braces around it."""
    return f"`{_plain(text)}`"


def _default(body: dict[str, Any]) -> str:
    if "default" not in body:
        return "required"
    return f"`{_value(body['default'])}`"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_value(each)}" for key, each in value.items() if key != "__is_block__")
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    return _plain(value) if isinstance(value, str) else json.dumps(value)


def _plain(text: str) -> str:
    return re.sub(r"^\$\{(.*)\}$", r"\1", text, flags=re.DOTALL)


def _text(body: dict[str, Any]) -> str:
    described = str(body.get("description", ""))
    return str(json.loads(described)) if described.startswith('"') else described


def _anchor(name: str) -> str:
    return name.replace("/", "")
