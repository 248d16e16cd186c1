"""`make iam-proof`: is every permission of the lakehouse's roles needed, and is none missing?

Runs the end-to-end tests and those of Airflow on local AWS that enforce policies, and judges what was noted.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import page
import record
from proof import Permission, Refusal, justifications, permissions, refusals

from tm_lakehouse.cli.target import project_root

FOLDER = project_root() / "build" / "iam-proof"
TESTS = ("tests/airflow", "tests/end_to_end", "tests/emulator/mwaa/test_terraform_modules.py")
# It takes rights away to see calls refused.
NOT_OF_THE_PIPELINE = "tests/airflow/test_taken_rights.py"


def main() -> int:
    """Run, judge and write the page; 1 when a call was refused, or a permission has no ground."""
    options = _options()
    folder = options.record or FOLDER
    if options.record is None and not _run_pipeline(folder):
        sys.stderr.write("error: the pipeline's tests failed; next: mend them, then run `make iam-proof` again.\n")
        return 1
    roles = record.read(folder)
    if not roles:
        sys.stderr.write(f"error: {folder} tells of no role of the lakehouse.\n")
        return 1
    justified, meant = justifications(), refusals()
    found = [each for role in roles for each in permissions(role, justified)]
    page.write(roles, found, meant)
    return _tell(roles, found, meant)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, help="judge this folder's record instead of running the pipeline")
    return parser.parse_args()


def _run_pipeline(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pytest", "-v", *TESTS, f"--ignore={NOT_OF_THE_PIPELINE}"]
    own = {"TM_LOCAL_IAM": "enforce", "TM_LOCAL_IAM_RECORD": str(folder)}
    return subprocess.run(command, env=os.environ | own, cwd=project_root(), check=False).returncode == 0


def _tell(roles: list[record.Role], found: list[Permission], meant: list[Refusal]) -> int:
    all_refused = [(role.name, each) for role in roles for each in role.refused]
    refused = [each for each in all_refused if not any(refusal.covers(*each) for refusal in meant)]
    groundless = [each for each in found if each.has_no_ground]
    for name, request in refused:
        _say(f"called and refused: {name}: {request.action} on {request.resource}")
    for each in groundless:
        kind = "used, but another statement allows the same" if each.used_by else "never called"
        _say(f"no ground: {each.role} {each.sid}: {each.action} ({kind})")
    on_purpose = len(all_refused) - len(refused)
    _say(
        f"{len(found)} permissions of {len(roles)} roles: {len(refused)} calls refused, {on_purpose} more on purpose, "
        f"{len(groundless)} without ground"
    )
    _say(f"written: {page.PAGE}")
    return int(bool(refused or groundless))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
