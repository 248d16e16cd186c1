"""Every test here needs an AWS."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tm_lakehouse.settings import Settings
from tm_lakehouse.terraform import mirror
from tm_lakehouse.terraform.process import LoggedTerraform, process_environment

TERRAFORM = Path(__file__).resolve().parents[2] / "terraform"


@pytest.fixture(scope="session", autouse=True)
def _aws(aws):
    """Start it before the first test."""


@pytest.fixture
def bucket(client, unique):
    """Make versioned buckets; they go with all their versions."""
    s3, made = client("s3"), []

    def make(prefix: str) -> str:
        name = unique(prefix)
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        made.append(name)
        return name

    yield make
    for name in made:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
        s3.delete_bucket(Bucket=name)


@pytest.fixture(scope="session")
def apply_catalog(aws, tmp_path_factory) -> Callable[[Settings], None]:
    """Make the settings' databases, tables over JSON and views with Terraform's own module."""
    provider = mirror.Provider.locked(TERRAFORM / "lakehouse" / ".terraform.lock.hcl")
    folder = mirror.find(provider)

    def apply(settings: Settings) -> None:
        copy = tmp_path_factory.mktemp("catalog")
        module = shutil.copytree(TERRAFORM / "modules" / "catalog", copy / "module")
        log = copy / "terraform.log"
        terraform = LoggedTerraform(module, process_environment(os.environ), log, lambda _: None)
        code, text, _ = terraform.init(backend=False, plugin_dir=folder and str(folder), var=None)
        assert code == 0, text
        code, text, _ = terraform.apply(skip_plan=True, var=_variables(settings))
        assert code == 0, text

    return apply


def _variables(settings: Settings) -> dict[str, object]:
    databases = {
        "silver": (settings.db_silver, settings.iceberg_warehouse_silver),
        "gold": (settings.db_gold, settings.iceberg_warehouse_gold),
        "gold_build": (settings.db_gold_build, settings.iceberg_warehouse_gold),
        "observability": (settings.db_observability, f"s3://{settings.bucket_observability}"),
    }
    return {
        "databases": {
            key: {"name": name, "description": f"Of a test: {key}.", "location": f"{root}/{name}"}
            for key, (name, root) in databases.items()
        },
        "run_summaries_location": f"s3://{settings.bucket_observability}/silver/",
        "quarantine_location": f"s3://{settings.bucket_quarantine}/silver/",
    }
