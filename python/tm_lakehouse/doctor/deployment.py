"""The deployment that is looked at: its settings, its names and its AWS clients."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tm_lakehouse.settings import Settings
from tm_lakehouse.terraform.values import EnvironmentValues


@dataclass(frozen=True)
class Deployment:
    """One deployment. `values` are what Terraform was told, `environment` the variables that it told in turn."""

    name: str
    project: Path
    values: EnvironmentValues
    settings: Settings
    environment: Mapping[str, str]
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)

    def client(self, service: str) -> Any:
        """The service's client, made once; clients differ in type, so it has none here."""
        import boto3

        if service not in self._clients:
            self._clients[service] = boto3.client(service)  # type: ignore[call-overload]
        return self._clients[service]

    @cached_property
    def account_id(self) -> str:
        return str(self.client("sts").get_caller_identity()["Account"])

    @property
    def region(self) -> str:
        return self.environment["AWS_REGION"]

    @property
    def buckets(self) -> dict[str, str]:
        """Name of each zone's bucket."""
        zones = ("landing", "source", "serve", "quarantine", "observability")
        return {zone: getattr(self.settings, f"bucket_{zone}") for zone in zones}

    @property
    def databases(self) -> dict[str, str]:
        """Name of each database, by what it holds."""
        return {
            kind: getattr(self.settings, f"db_{kind}") for kind in ("silver", "gold", "gold_build", "observability")
        }

    @property
    def jobs(self) -> list[str]:
        """Names of the Glue jobs that the deployment has."""
        kinds = ("silver", "maintenance", "parity", "geometry")
        return [name for name in (getattr(self.settings, f"glue_job_{kind}") for kind in kinds) if name]

    def role_name(self, who: str) -> str:
        """Name of the role that somebody works under, as `terraform/modules/iam` makes it."""
        return f"{self.values.name_prefix}-{who}{self.values.suffix}"

    def role_arn(self, who: str) -> str:
        return f"arn:aws:iam::{self.account_id}:role/{self.role_name(who)}"

    def tables(self, database: str) -> Iterator[dict[str, Any]]:
        """A database's tables, as Glue tells them."""
        for page in self.client("glue").get_paginator("get_tables").paginate(DatabaseName=database):
            yield from page["TableList"]
