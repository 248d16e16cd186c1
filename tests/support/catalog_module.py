"""The lakehouse's databases and what they hold besides dbt's and the job's tables, by Terraform's own module."""

import os
import shutil
from pathlib import Path

from tm_lakehouse.settings import Settings
from tm_lakehouse.terraform import mirror
from tm_lakehouse.terraform.process import LoggedTerraform, process_environment

TERRAFORM = Path(__file__).resolve().parents[2] / "terraform"


def apply_catalog(settings: Settings, folder: Path) -> None:
    """Make the settings' databases, tables over JSON and views; `folder` keeps Terraform's copy, state and log."""
    plugins = mirror.find(mirror.Provider.locked(TERRAFORM / "lakehouse" / ".terraform.lock.hcl"))
    module = shutil.copytree(TERRAFORM / "modules" / "catalog", folder / "module")
    terraform = LoggedTerraform(module, process_environment(os.environ), folder / "terraform.log", lambda _: None)
    code, text, _ = terraform.init(backend=False, plugin_dir=plugins and str(plugins), var=None)
    assert code == 0, text
    code, text, _ = terraform.apply(skip_plan=True, var=_variables(settings))
    assert code == 0, text


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
