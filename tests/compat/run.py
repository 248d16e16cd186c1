"""`make compat-suites`: PyAthena's and dbt-athena's own functional tests against a local AWS of this command's own.

Nothing of them is patched: they get a bucket, workgroups and the endpoint by environment variables, as in an account.
pyarrow alone gets its endpoint from a plugin (tests/support/arrow_endpoint.py): it reads no such variable.
"""

import argparse
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import sources
from outcomes import Outcome, read
from report import Result, write_report
from suites import BUCKET, WORKGROUPS, Suite, environment, reason_of, suites

from tm_lakehouse.cli.target import project_root
from tm_localstack.launcher.local_aws import LocalAws
from tm_localstack.launcher.settings import LauncherError, LauncherSettings

FOLDER = project_root() / "build" / "compat"
SUPPORT = project_root() / "tests" / "support"
PYTHON = project_root() / ".runtime" / "clients" / "bin" / "python"
AT_LEAST = 0.95
TEST_SECONDS = 600


def main() -> int:
    """Run the suites; 1 when one is under its share, or a test fails that isn't known to."""
    options = _options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [suite for suite in suites() if not options.suite or suite.name in options.suite]
    try:
        folders = {"pyathena": sources.pyathena(FOLDER, options.pyathena_from), "dbt": sources.dbt_athena(FOLDER)}
        with _local_aws() as settings:
            results = [_result(suite, folders[suite.source], settings, options) for suite in wanted]
    except (sources.SourceError, LauncherError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    if len(wanted) == len(suites()) and not options.select:
        write_report(results, project_root() / "docs" / "athena-compatibility.md")
    return int(any(result.share < AT_LEAST or result.unexpected for result in results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [suite.name for suite in suites()]
    parser.add_argument("--suite", action="append", choices=names, help="only this one; may be given again")
    parser.add_argument("--select", help="only tests whose names match, as pytest's -k")
    parser.add_argument("--workers", default="2", help="tests at once (default 2)")
    parser.add_argument("--pyathena-from", default=sources.PYATHENA, help="address or path to clone PyAthena from")
    return parser.parse_args()


def _result(suite: Suite, folder: Path, settings: LauncherSettings, options: argparse.Namespace) -> Result:
    print(f"== {suite.name}: {folder.name}", flush=True)
    outcomes = _run(suite, folder, settings, options)
    counts = Counter(outcome.result for outcome in outcomes)
    failed = {outcome: reason_of(suite.name, outcome.test) for outcome in outcomes if outcome.result == "failed"}
    result = Result(suite, folder.name, counts, failed)
    print(f"{suite.name}: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped by itself")
    for reason, number in Counter(reason or "NOT KNOWN" for reason in failed.values()).most_common():
        print(f"  {number:4} {reason}")
    for outcome in result.unexpected:
        print(f"  NOT KNOWN {outcome.test}: {outcome.message}")
    sys.stdout.flush()
    return result


def _run(suite: Suite, folder: Path, settings: LauncherSettings, options: argparse.Namespace) -> list[Outcome]:
    report = FOLDER / f"{suite.name}.xml"
    report.unlink(missing_ok=True)
    left_out = [argument for paths in suite.left_out.values() for path in paths for argument in _without(path)]
    command = [
        *(
            str(PYTHON),
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "arrow_endpoint",
            "-q",
            "--tb=short",
            "-n",
            options.workers,
        ),
        *("--timeout", str(TEST_SECONDS), "--junit-xml", str(report), *suite.arguments, *left_out),
        *(("-k", options.select) if options.select else ()),
    ]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_", "PYTEST"))}
    with (FOLDER / f"{suite.name}.log").open("w", encoding="utf-8") as log:
        subprocess.run(
            command,
            cwd=folder,
            env=inherited | settings.client_environment() | environment(suite.source) | {"PYTHONPATH": str(SUPPORT)},
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not report.exists():
        sys.exit(f"error: pytest did not run: read {FOLDER / suite.name}.log")
    return read(report)


def _without(path: str) -> tuple[str, ...]:
    return ("--deselect", path) if "::" in path else ("--ignore", path)


@contextmanager
def _local_aws() -> Iterator[LauncherSettings]:
    settings = LauncherSettings(
        aws_port=_free_port(),
        trino_port=_free_port(),
        state_directory=FOLDER / "aws",
        cache=LauncherSettings.from_environment().cache,
    )
    local_aws = LocalAws(settings)
    local_aws.start(lambda _: None)
    try:
        _prepare(settings)
        yield settings
    finally:
        local_aws.stop()


def _prepare(settings: LauncherSettings) -> None:
    """The bucket and workgroups that both projects ask for, and the database that Athena's console makes."""
    session = boto3.Session("test", "test", region_name="us-east-1")
    session.client("s3", endpoint_url=settings.gateway_url).create_bucket(Bucket=BUCKET)
    session.client("glue", endpoint_url=settings.gateway_url).create_database(DatabaseInput={"Name": "default"})
    athena = session.client("athena", endpoint_url=settings.gateway_url)
    for name in WORKGROUPS:
        results = {"OutputLocation": f"s3://{BUCKET}/workgroup={name}/"}
        configuration = {"ResultConfiguration": results, "EnforceWorkGroupConfiguration": False}
        athena.create_work_group(Name=name, Configuration=configuration)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
