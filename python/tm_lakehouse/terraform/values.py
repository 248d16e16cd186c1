"""The values of one environment, as far as they are needed before Terraform runs."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GEOMETRY_JOB = "geometry_job"
ORCHESTRATOR = "orchestrator"
_ASSIGNMENT = re.compile(r"^(\w+)[ \t]*=[ \t]*(.+?)[ \t]*(?:#.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class EnvironmentValues:
    """The files of values in `terraform/environments/<name>`."""

    folder: Path

    @property
    def backend_file(self) -> Path:
        return self.folder / "backend.hcl"

    @property
    def variables_file(self) -> Path:
        return self.folder / "terraform.tfvars"

    @property
    def bootstrap_file(self) -> Path:
        return self.folder / "bootstrap.tfvars"

    @property
    def state_bucket(self) -> str:
        return str(simple_values(self.backend_file)["bucket"])

    @property
    def state_object(self) -> str:
        """Key of the lakehouse's state in its bucket."""
        return str(simple_values(self.backend_file)["key"])

    @property
    def name_prefix(self) -> str:
        """Start of every name."""
        return str(simple_values(self.variables_file)["name_prefix"])

    @property
    def suffix(self) -> str:
        """End of every name."""
        return str(simple_values(self.variables_file).get("suffix", ""))

    @property
    def allowed_account_ids(self) -> list[str] | None:
        """Accounts that the environment may be applied to; None: any."""
        return simple_values(self.variables_file).get("allowed_account_ids")

    @property
    def permissions_boundary_arn(self) -> str | None:
        """Policy that bounds every role; None: none is asked for."""
        return simple_values(self.variables_file).get("permissions_boundary_arn")

    @property
    def is_disposable(self) -> bool:
        """Whether destroying may delete data, and so the record of what existed too."""
        return bool(simple_values(self.variables_file).get("force_destroy", False))

    def wants_geometry(self, variables: Mapping[str, Any]) -> bool:
        """Whether geometry_job is more than null; `variables` of the command line win over the file."""
        if GEOMETRY_JOB in variables:
            return variables[GEOMETRY_JOB] is not None
        assigned: dict[str, str] = dict(_ASSIGNMENT.findall(self.variables_file.read_text(encoding="utf-8")))
        return assigned.get(GEOMETRY_JOB, "null") != "null"

    def wants_airflow(self, variables: Mapping[str, Any]) -> bool:
        """Whether an Airflow conducts the pipeline; `variables` of the command line win over the file."""
        default = simple_values(self.variables_file).get(ORCHESTRATOR, "none")
        return bool(variables.get(ORCHESTRATOR, default) != "none")


def simple_values(path: Path) -> dict[str, Any]:
    """The assignments on one line whose value is written as in JSON: texts, numbers, booleans, null and lists."""
    values = {}
    for name, text in _ASSIGNMENT.findall(path.read_text(encoding="utf-8")):
        try:
            values[name] = json.loads(text)
        except ValueError:
            continue
    return values
