"""Plan, apply and destroy one environment's lakehouse, or what lets workflows deploy it."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_terraform import IsFlagged

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.terraform import kept_plan, mirror
from tm_lakehouse.terraform.kept_plan import KeptPlan
from tm_lakehouse.terraform.process import LoggedTerraform, process_environment
from tm_lakehouse.terraform.values import EnvironmentValues

# The provider mostly waits for AWS; with Terraform's default of 10 its slowest resources queue up.
PARALLELISM = 24
_CHANGES = 2
_NEXT_STEPS = {
    "account ID not allowed": "Use credentials of an account that the environment's terraform.tfvars allows.",
    "acquiring the state lock": "Wait for the other run; if it died, `terraform force-unlock` with the id in the log.",
    "BucketNotEmpty": "Empty the bucket first; this environment keeps data (force_destroy = false).",
    "BucketAlreadyExists": "Choose another suffix in terraform.tfvars: bucket names are global.",
    "BucketAlreadyOwnedByYou": "Name the zone in adopt_buckets to take the bucket over.",
    "Saved plan is stale": "Something was applied since; plan again, and have the new plan reviewed.",
    "ResourceAlreadyExistsException": "Name it in adopt_log_groups to take an existing log group over.",
}


@dataclass(frozen=True)
class Lakehouse:
    """One environment's lakehouse, as Terraform sees it. `state` is this machine's folder for it."""

    project: Path
    name: str
    state: Path
    variables: Mapping[str, Any] = field(default_factory=dict)
    on_line: Callable[[str], None] = lambda _: None

    @property
    def values(self) -> EnvironmentValues:
        return EnvironmentValues(self.project / "terraform" / "environments" / self.name)

    @property
    def root(self) -> Path:
        return self.project / "terraform" / "lakehouse"

    @property
    def data(self) -> Path:
        """Where Terraform keeps what it fetched, and the plan."""
        return self.state / "terraform"

    @property
    def backend(self) -> list[str]:
        """Where the state lies: a file of values, and values that replace some of them."""
        return [str(self.values.backend_file)]

    @property
    def inputs(self) -> dict[str, Any]:
        """The root's variables: a file, and values that replace some of them."""
        return {"var_file": str(self.values.variables_file), "var": dict(self.variables) or None}

    @property
    def log(self) -> Path:
        return self.state / "logs" / "terraform.log"

    def init(self) -> None:
        """Fetch the provider and connect to the state.

        Raises:
            LakehouseError: the provider can't be had, or the state can't be read.
        """
        provider = mirror.Provider.locked(self.root / ".terraform.lock.hcl")
        folder = mirror.find(provider)
        code, text, error = self._terraform().init(
            backend_config=self.backend,
            plugin_dir=str(folder) if folder else None,
            lockfile="readonly",
            var=None,
            var_file=None,
        )
        if code and folder is None and "registry.terraform.io" in text:
            raise mirror.registry_unreachable(provider)
        self._check(code, error, "init")

    def plan(self, destroy: bool = False) -> bool:
        """Work out the changes and keep them for `apply`; False: there are none."""
        code, _, error = self._terraform().plan(
            out=str(self._plan_file),
            destroy=IsFlagged if destroy else None,
            parallelism=PARALLELISM,
            lock_timeout="60s",
            **self.inputs,
        )
        self._check(0 if code == _CHANGES else code, error, "plan")
        return bool(code == _CHANGES)

    def keep_plan(self, kept: KeptPlan) -> None:
        """Copy the last plan into a folder, with what people and other plans read of it."""
        text = self._shown(no_color=IsFlagged)
        shown = json.loads(self._shown(json=IsFlagged))
        kept_plan.keep(kept, self.name, text, shown, self.project)
        shutil.copyfile(self._plan_file, kept.file)

    def take_plan(self, kept: KeptPlan) -> bool:
        """Make a kept plan the one that `apply` carries out; False: it changes nothing.

        Raises:
            LakehouseError: the folder holds no kept plan.
        """
        changes = kept.changes()
        if not kept.file.is_file():
            raise LakehouseError(f"{kept.file} is missing.", "Keep a plan anew: `tm-lakehouse plan --out FOLDER`.")
        shutil.copyfile(kept.file, self._plan_file)
        return bool(changes)

    def apply(self) -> None:
        """Carry out the last plan."""
        try:
            code, _, error = self._terraform().apply(
                str(self._plan_file), skip_plan=True, parallelism=PARALLELISM, var=None
            )
        finally:
            self._plan_file.unlink(missing_ok=True)
        self._check(code, error, "apply")

    def output(self, name: str) -> Any:
        """The value of one of the root's outputs.

        Raises:
            LakehouseError: nothing is applied.
        """
        code, text, error = self._terraform().cmd("output", json=IsFlagged)
        self._check(code, error, "output")
        outputs = json.loads(text)
        if name not in outputs:
            raise LakehouseError(
                f"Terraform has not been applied to {self.name}.", f"Run `make apply ENV={self.name}`."
            )
        return outputs[name]["value"]

    def _shown(self, **options: Any) -> str:
        code, text, error = self._terraform().cmd("show", str(self._plan_file), **options)
        self._check(code, error, "show")
        return text

    @property
    def _plan_file(self) -> Path:
        return self.data / "lakehouse.tfplan"

    def _terraform(self) -> LoggedTerraform:
        environment = process_environment(os.environ, TF_DATA_DIR=str(self.data))
        return LoggedTerraform(self.root, environment, self.log, self.on_line)

    def _check(self, code: int, error: str, what: str) -> None:
        if code == 0:
            return
        next_step = next((step for text, step in _NEXT_STEPS.items() if text in error), f"Read {self.log}.")
        raise LakehouseError(f"terraform {what} failed: {error or f'exit code {code}'}", next_step)


@dataclass(frozen=True)
class Bootstrap(Lakehouse):
    """What is there before the lakehouse: the state's bucket and key, GitHub's provider, and the deployers' roles."""

    @property
    def root(self) -> Path:
        return self.project / "terraform" / "bootstrap"

    @property
    def data(self) -> Path:
        return self.state / "terraform-bootstrap"

    @property
    def backend(self) -> list[str]:
        return [*super().backend, "key=bootstrap/terraform.tfstate"]

    @property
    def inputs(self) -> dict[str, Any]:
        values = self.values
        known = {
            "environment": self.name,
            "allowed_account_ids": values.allowed_account_ids,
            "name_prefix": values.name_prefix,
            "suffix": values.suffix,
            "state_bucket": values.state_bucket,
            "state_object": values.state_object,
            "may_delete_data": values.is_disposable,
        }
        return {"var_file": str(values.bootstrap_file), "var": {**known, **self.variables}}
