"""A local AWS of the benchmark's own with the lakehouse applied, and the commands a user would give it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

ROOT = Path(__file__).resolve().parents[3]
TOOL = str(ROOT / ".venv" / "bin" / "tm-lakehouse")
GATEWAY_PORT = "4599"
PORTS = {"TM_LOCAL_AWS_PORT": GATEWAY_PORT, "TM_LOCAL_TRINO_PORT": "8199"}


@dataclass(frozen=True)
class Lakehouse:
    """Where it lives, and the log of what its commands said."""

    state: Path
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on this lakehouse and no other."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_"))}
        cache = {"TM_CACHE_DIR": os.environ["TM_CACHE_DIR"]} if "TM_CACHE_DIR" in os.environ else {}
        return inherited | cache | PORTS | {"TM_LOCAL_STATE_DIR": str(self.state)}

    @property
    def names(self) -> dict[str, str]:
        """How to reach the AWS, and what Terraform named the lakehouse's parts."""
        lines = [
            line
            for record in ("emulator.env", "lakehouse.env")
            for line in (self.state / record).read_text(encoding="utf-8").splitlines()
        ]
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def tool(self, *arguments: object) -> None:
        """One command of `tm-lakehouse`.

        Raises:
            SystemExit: it failed; its log is named.
        """
        with self.log.open("a", encoding="utf-8") as out:
            command = [TOOL, *map(str, arguments)]
            done = subprocess.run(command, env=self.environment, stdout=out, stderr=out, cwd=ROOT, check=False)
        if done.returncode:
            sys.exit(f"tm-lakehouse {arguments[0]} failed: read {self.log}")

    def forget_silver(self) -> None:
        """Take the fact table, its summaries and what is landed away, so that the next run finds nothing."""
        names = self.names
        session = boto3.Session(names["AWS_ACCESS_KEY_ID"], names["AWS_SECRET_ACCESS_KEY"])
        at = {"endpoint_url": names["AWS_ENDPOINT_URL"], "region_name": names["AWS_REGION"]}
        glue = session.client("glue", **at)
        tables = glue.get_tables(DatabaseName=names["TM_DB_SILVER"])["TableList"]
        if any(table["Name"] == "fact_telemetry_event" for table in tables):
            glue.delete_table(DatabaseName=names["TM_DB_SILVER"], Name="fact_telemetry_event")
        s3 = session.resource("s3", **at)
        s3.Bucket(names["TM_BUCKET_OBSERVABILITY"]).objects.filter(Prefix="silver/").delete()
        for bucket in (names["TM_BUCKET_LANDING"], names["TM_BUCKET_SOURCE"]):
            prefix = "warehouse/silver/fact_telemetry_event/" if bucket == names["TM_BUCKET_SOURCE"] else "course_id="
            s3.Bucket(bucket).object_versions.filter(Prefix=prefix).delete()


@contextmanager
def running_lakehouse(folder: Path, variables: Sequence[str] = ()) -> Iterator[Lakehouse]:
    """Start it, apply Terraform with these options, and take everything away at the end."""
    lakehouse = Lakehouse(folder / "aws", folder / "bench.log")
    print(f"log: {lakehouse.log}", flush=True)
    try:
        lakehouse.tool("up")
        lakehouse.tool("apply", "--yes", *variables)
        yield lakehouse
    finally:
        lakehouse.tool("down")
        shutil.rmtree(lakehouse.state, ignore_errors=True)
