"""What Athena remembers of one account and region."""

import threading
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tm_localstack.athena.execution import Execution

PRIMARY = "primary"
AWS_DATA_CATALOG = "AwsDataCatalog"
ENGINE_VERSION = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}


def now() -> datetime:
    """The time with its zone."""
    return datetime.now(UTC)


@dataclass
class WorkGroup:
    """`configuration` is the WorkGroupConfiguration of Athena's API."""

    name: str
    configuration: dict[str, Any]
    description: str = ""
    state: str = "ENABLED"
    created: datetime = field(default_factory=now)

    @property
    def is_enforced(self) -> bool:
        return bool(self.configuration.get("EnforceWorkGroupConfiguration"))

    @property
    def result_configuration(self) -> dict[str, Any]:
        configuration: dict[str, Any] = self.configuration.get("ResultConfiguration") or {}
        return configuration

    @property
    def scan_limit(self) -> int | None:
        """The bytes one query may scan; None without a limit."""
        return self.configuration.get("BytesScannedCutoffPerQuery")

    def as_summary(self) -> dict[str, Any]:
        return {
            "Name": self.name,
            "State": self.state,
            "Description": self.description,
            "CreationTime": self.created,
            "EngineVersion": self.configuration["EngineVersion"],
        }

    def as_work_group(self) -> dict[str, Any]:
        return {
            "Name": self.name,
            "State": self.state,
            "Description": self.description,
            "CreationTime": self.created,
            "Configuration": self.configuration,
        }


@dataclass
class NamedQuery:
    name: str
    database: str
    query: str
    workgroup: str
    description: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def as_named_query(self) -> dict[str, Any]:
        return {
            "NamedQueryId": self.id,
            "Name": self.name,
            "Database": self.database,
            "QueryString": self.query,
            "WorkGroup": self.workgroup,
            "Description": self.description,
        }


@dataclass
class PreparedStatement:
    name: str
    query: str
    workgroup: str
    description: str = ""
    modified: datetime = field(default_factory=now)

    def as_prepared_statement(self) -> dict[str, Any]:
        return {
            "StatementName": self.name,
            "QueryStatement": self.query,
            "WorkGroupName": self.workgroup,
            "Description": self.description,
            "LastModifiedTime": self.modified,
        }


def default_configuration() -> dict[str, Any]:
    """What a workgroup has that CreateWorkGroup did not name."""
    return {
        "EnforceWorkGroupConfiguration": True,
        "PublishCloudWatchMetricsEnabled": False,
        "RequesterPaysEnabled": False,
        "EnableMinimumEncryptionConfiguration": False,
        "ResultConfiguration": {},
        "EngineVersion": dict(ENGINE_VERSION),
    }


def primary() -> WorkGroup:
    """The workgroup that every account has."""
    return WorkGroup(PRIMARY, default_configuration() | {"EnforceWorkGroupConfiguration": False})


@dataclass
class Store:
    """Everything of one account and region. `prepared` and `requests` are by workgroup (token) and name.

    `active` are the executions that were under way when the last one was admitted, under `lock`.
    """

    workgroups: dict[str, WorkGroup] = field(default_factory=lambda: {PRIMARY: primary()})
    named_queries: dict[str, NamedQuery] = field(default_factory=dict)
    prepared: dict[tuple[str, str], PreparedStatement] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    requests: dict[str, Execution] = field(default_factory=dict)
    active: list[Execution] = field(default_factory=list)
    tags: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    lock: threading.Lock = field(default_factory=threading.Lock)


_STORES: dict[tuple[str, str], Store] = {}
_STORES_LOCK = threading.Lock()


def store_of(account_id: str, region: str) -> Store:
    """What Athena remembers of an account and region."""
    with _STORES_LOCK:
        return _STORES.setdefault((account_id, region), Store())


@dataclass(frozen=True)
class PreparedStatements:
    """The prepared statements of one workgroup."""

    store: Store
    workgroup: str

    def get(self, name: str) -> PreparedStatement | None:
        return self.store.prepared.get((self.workgroup, name))

    def put(self, name: str, query: str, description: str = "") -> None:
        """Make a prepared statement, or replace the one of this name."""
        self.store.prepared[self.workgroup, name] = PreparedStatement(name, query, self.workgroup, description)

    def remove(self, name: str) -> bool:
        """Remove a prepared statement; False if there is none of this name."""
        return self.store.prepared.pop((self.workgroup, name), None) is not None

    def all(self) -> list[PreparedStatement]:
        """Every prepared statement, by name."""
        found = [item for (workgroup, _), item in self.store.prepared.items() if workgroup == self.workgroup]
        return sorted(found, key=lambda item: item.name)
