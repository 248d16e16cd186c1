"""One run of Gold in a process of its own, over a dbt project of the test; arguments: run id, folder of the test."""

import sys
from pathlib import Path

import boto3

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.gold_publication.gate import publish_run, with_tested
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.dbt_runner import Dbt, DbtOutcome, find_dbt
from tm_lakehouse.silver_to_gold.gold_run import build_gold
from tm_lakehouse.silver_to_gold.publish import upload_summary


class QuickDbt(Dbt):
    """Without the documentation, which takes as long as the build, and without sources to look at."""

    def freshness(self) -> DbtOutcome:
        return DbtOutcome(0)

    def docs(self) -> DbtOutcome:
        return DbtOutcome(0)


def main(run_id: str, folder: Path) -> int:
    """Build, test, publish; exit code 1 where a test failed."""
    settings = Settings.from_environment()
    gold = Gold.of(settings)
    dbt = QuickDbt(find_dbt(project_root(), run_id).executable, folder / "project", folder / "runs" / run_id)
    summary = with_tested(gold, build_gold(dbt, settings, run_id), is_whole=True)
    if not summary.tested_snapshots:
        sys.stdout.write(dbt.log.read_text(encoding="utf-8"))
        return 1
    upload_summary(settings.bucket_observability, run_id, summary.as_dict())
    publish_run(gold, boto3.client("s3"), settings.bucket_observability, run_id)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
