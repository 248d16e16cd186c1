"""What an Airflow of the project's finds in its folder of DAGs."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
DAGS = PROJECT / "python" / "airflow" / "dags"


def found_by(environment: str, home: Path, **variables: str) -> dict[str, Any]:
    """What a fresh Airflow of one of the runtimes finds, with nothing of a deployment but `variables`.

    Raises:
        AssertionError: the runtime is not there, or Airflow could not even look.
    """
    python = PROJECT / ".runtime" / environment / "bin" / "python"
    assert python.is_file(), f"{python} is missing: `make test` installs it."
    result = home / "found.json"
    done = subprocess.run(
        [str(python), str(Path(__file__).parent / "dag_probe.py"), str(DAGS), str(result)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
            **variables,
        },
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(result.read_text())
    return found
