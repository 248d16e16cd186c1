"""Section 6: dbt, its profile and what its runs leave."""

import json
import re
import subprocess
from collections.abc import Iterator

from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, failed, none_of, passed, warned
from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
from tm_lakehouse.validation.artifacts import DBT_ARTIFACTS

_ENV_VAR = re.compile(r"env_var\(\s*'(\w+)'\s*(,)?")
_RUN = re.compile(r"dbt_artifacts/run_id=([^/]+)/")
_PIN = re.compile(r"^dbt-(core|athena)==(\S+)", re.MULTILINE)


def _profile(deployment: Deployment) -> Verdict:
    project = deployment.project / "python" / "dbt"
    named = sorted(set(_wanted(project.joinpath("profiles.yml").read_text(encoding="utf-8"))))
    missing = [f"{name} is not set" for name in named if not deployment.environment.get(name)]
    return none_of(missing, ", ".join(named), "Run `make apply`: its output names them.")


def _wanted(text: str) -> Iterator[str]:
    """Variables that a text reads without a default."""
    return (name for name, has_default in _ENV_VAR.findall(text) if not has_default)


def _version(deployment: Deployment) -> Verdict:
    lock = (deployment.project / "requirements" / "dbt.txt").read_text(encoding="utf-8")
    pinned = dict(_PIN.findall(lock))
    executable = find_dbt(deployment.project, "doctor").executable
    done = subprocess.run([str(executable), "--version"], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    wrong = [f"{name} {version} is pinned and not installed" for name, version in pinned.items() if version not in said]
    evidence = ", ".join(f"dbt-{name} {version}" for name, version in sorted(pinned.items()))
    return none_of(wrong, evidence, "Run `make setup`.")


def _artifacts(deployment: Deployment) -> Verdict:
    bucket = deployment.buckets["observability"]
    pages = deployment.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="dbt_artifacts/")
    keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
    runs = sorted({match[1] for key in keys if (match := _RUN.match(key))})
    if not runs:
        return warned(f"s3://{bucket}/dbt_artifacts/ has no run", "Build Gold: `tm-lakehouse gold`.")
    folder = f"dbt_artifacts/run_id={runs[-1]}/"
    missing = [name for name in DBT_ARTIFACTS if folder + name not in keys]
    if missing:
        return warned(f"{folder} lacks {', '.join(missing)}", "Look at that run's log, and build Gold again.")
    return passed(f"{len(runs)} runs, the last {runs[-1]}")


def _last_run(deployment: Deployment) -> Verdict:
    s3, bucket = deployment.client("s3"), deployment.buckets["observability"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="dbt_artifacts/", Delimiter="/")
    folders = sorted(each["Prefix"] for page in pages for each in page.get("CommonPrefixes", []))
    if not folders:
        return warned("nothing was built yet", "Build Gold: `tm-lakehouse gold`.")
    summary = json.loads(s3.get_object(Bucket=bucket, Key=f"{folders[-1]}summary.json")["Body"].read())
    if summary["succeeded"]:
        return passed(f"run {summary['run_id']} succeeded")
    return failed(
        f"run {summary['run_id']}: {summary['reason']}", "Mend what the test found; readers keep the last Gold."
    )


LINES = (
    Line("dbt.profile", "Every variable of dbt's profile is set", _profile),
    Line("dbt.version", "dbt is installed as it is pinned", _version),
    Line("dbt.artifacts", "The last run left its artifacts", _artifacts),
    Line("dbt.last_run", "The last run succeeded", _last_run),
)
