"""What the local MWAA remembers: environments, by account and region."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from localstack.services.stores import AccountRegionBundle, BaseStore, LocalAttribute

from tm_localstack.mwaa.definitions import Definition

READY_STATES = frozenset({"AVAILABLE", "UPDATE_FAILED"})
SERVICE_ROLE = "aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"


@dataclass(frozen=True)
class LastUpdate:
    """How the last change of an environment went."""

    status: str
    created_at: datetime
    error: str | None = None

    def describe(self) -> dict[str, Any]:
        told: dict[str, Any] = {"Status": self.status, "CreatedAt": self.created_at}
        if self.error is not None:
            told["Error"] = {"ErrorCode": "INCORRECT_CONFIGURATION", "ErrorMessage": self.error}
        return told


@dataclass(eq=False)
class Environment:
    """One environment. `definition` is what was last asked for, `port` where its web server listens."""

    definition: Definition
    account_id: str
    region: str
    port: int
    tags: dict[str, str] = field(default_factory=dict)
    status: str = "CREATING"
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    last_update: LastUpdate | None = None
    admin_password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    token_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def name(self) -> str:
        return str(self.definition["Name"])

    @property
    def arn(self) -> str:
        return f"arn:aws:airflow:{self.region}:{self.account_id}:environment/{self.name}"

    @property
    def web_server(self) -> str:
        """Host and port of the web server."""
        return f"127.0.0.1:{self.port}"

    @property
    def is_ready(self) -> bool:
        return self.status in READY_STATES

    def settle(self, status: str, error: str | None = None) -> None:
        """End a change with its outcome; nothing happens to an environment that is being deleted."""
        with self.lock:
            if self.status != "DELETING":
                self.status = status
                self.last_update = LastUpdate("FAILED" if error else "SUCCESS", datetime.now(UTC), error)

    def describe(self) -> dict[str, Any]:
        """The environment as GetEnvironment tells it."""
        service = f"com.amazonaws.vpce.{self.region}.vpce-svc-local"
        last_update = self.last_update or LastUpdate("PENDING", self.created_at)
        return {
            **self.definition,
            "Arn": self.arn,
            "Status": self.status,
            "CreatedAt": self.created_at,
            "LastUpdate": last_update.describe(),
            "WebserverUrl": self.web_server,
            "ServiceRoleArn": f"arn:aws:iam::{self.account_id}:role/{SERVICE_ROLE}",
            "CeleryExecutorQueue": f"arn:aws:sqs:{self.region}:{self.account_id}:airflow-celery-{self.name}",
            "DatabaseVpcEndpointService": service,
            "WebserverVpcEndpointService": service,
            "Tags": self.tags,
        }


class MwaaStore(BaseStore):
    """Environments of one account and region, by name."""

    environments: dict[str, Environment] = LocalAttribute(default=dict)


mwaa_stores: AccountRegionBundle = AccountRegionBundle("mwaa", MwaaStore)
