"""What publishing and rolling back work on: the two databases, the journal, and who acts."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from tm_lakehouse.athena import Athena
from tm_lakehouse.gold_publication.catalog import Catalog
from tm_lakehouse.gold_publication.journal import Journal
from tm_lakehouse.settings import Settings


@dataclass(frozen=True)
class Gold:
    """`build` is the database that dbt builds and tests, `database` the one that readers query."""

    catalog: Catalog
    journal: Journal
    athena: Athena
    build: str
    database: str
    warehouse: str
    by: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """With the credentials of the environment."""
        import boto3

        return cls(
            Catalog(boto3.client("glue"), boto3.client("s3")),
            Journal(boto3.client("s3"), settings.bucket_observability),
            Athena(settings.athena_workgroup),
            settings.db_gold_build,
            settings.db_gold,
            settings.iceberg_warehouse_gold,
            boto3.client("sts").get_caller_identity()["Arn"],
        )

    def location(self, table: str) -> str:
        """Where the published table's metadata lies; its data files are those of the build table."""
        return f"{self.warehouse}/{self.database}/{table}"


def now() -> str:
    """ISO time in UTC."""
    return datetime.now(UTC).isoformat()
