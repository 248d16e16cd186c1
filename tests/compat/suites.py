"""The suites that run, what of them is left out, and what is known to fail: each with its reason."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BUCKET = "compat-suites"
WORKGROUPS = ("pyathena", "pyathena-spark", "dbt")


@dataclass(frozen=True)
class Suite:
    """One pytest run. `source` names whose tests they are; `left_out` are paths or parts of test ids, by reason."""

    name: str
    source: str
    arguments: tuple[str, ...]
    left_out: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class KnownFailure:
    """`test` is a regular expression for whole test ids."""

    suite: str
    test: str
    reason: str


@cache
def _settings() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "suites.toml").read_text(encoding="utf-8"))


def suites() -> list[Suite]:
    """Every suite, in the order in which they run."""
    return [
        Suite(
            name=entry["name"],
            source=entry["source"],
            arguments=tuple(entry["arguments"]),
            left_out={reason: tuple(tests) for reason, tests in entry.get("left_out", {}).items()},
        )
        for entry in _settings()["suite"]
    ]


def reason_of(suite: str, test: str) -> str | None:
    """Why a test is known to fail; None when it should pass."""
    known = [KnownFailure(**entry) for entry in _settings().get("known", [])]
    return next((k.reason for k in known if k.suite == suite and re.fullmatch(k.test, test)), None)


def environment(source: str) -> dict[str, str]:
    """The configuration that a source's tests read: bucket, workgroups, schema."""
    if source == "pyathena":
        return {
            "AWS_ATHENA_S3_STAGING_DIR": f"s3://{BUCKET}/pyathena/",
            "AWS_ATHENA_WORKGROUP": "pyathena",
            "AWS_ATHENA_SPARK_WORKGROUP": "pyathena-spark",
        }
    return {
        "DBT_TEST_ATHENA_S3_STAGING_DIR": f"s3://{BUCKET}/dbt/results/",
        "DBT_TEST_ATHENA_S3_TMP_TABLE_DIR": f"s3://{BUCKET}/dbt/temporary/",
        "DBT_TEST_ATHENA_REGION_NAME": "us-east-1",
        "DBT_TEST_ATHENA_DATABASE": "awsdatacatalog",
        "DBT_TEST_ATHENA_SCHEMA": "dbt_tests",
        "DBT_TEST_ATHENA_WORK_GROUP": "dbt",
        "DBT_TEST_ATHENA_THREADS": "1",
        "DBT_TEST_ATHENA_POLL_INTERVAL": "0.3",
        "DBT_TEST_ATHENA_NUM_RETRIES": "0",
    }
