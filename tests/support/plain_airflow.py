"""An Airflow as anyone installs one: a runtime, the DAGs' wheels, a folder of DAGs, and variables. No MWAA."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tm_localstack.launcher.settings import LauncherSettings, uv_program

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = PROJECT / ".runtime" / "airflow" / "bin" / "python"
REQUIREMENTS = PROJECT / "requirements" / "airflow_dags.txt"


@dataclass
class PlainAirflow:
    """One home of the project's Airflow runtime; `folder` holds it and the wheels."""

    folder: Path
    dags: Path
    variables: Mapping[str, str]

    def install(self) -> None:
        """Put what the DAGs need beside Airflow, and make its database."""
        assert PYTHON.is_file(), f"{PYTHON} is missing: `make test` installs it."
        wheels = ["--target", str(self.folder / "wheels"), "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS)]
        _checked(
            [
                uv_program(LauncherSettings.from_environment()),
                "pip",
                "install",
                "--quiet",
                "--python",
                str(PYTHON),
                *wheels,
            ],
            dict(os.environ),
        )
        self.call("db", "migrate")

    def call(self, *arguments: str, seconds: float = 600) -> str:
        """What a command of Airflow's printed; AssertionError where it failed."""
        return _checked([str(PYTHON), "-m", "airflow", *arguments], self._environment(), seconds)

    def script(self, script: Path, *arguments: str, seconds: float = 300) -> str:
        """What a script printed that Airflow's Python ran."""
        return _checked([str(PYTHON), str(script), *arguments], self._environment(), seconds)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AIRFLOW_HOME": str(self.folder / "home"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            # The processor of DAGs adds their folder itself; `dags test` does not.
            "PYTHONPATH": os.pathsep.join(map(str, (self.folder / "wheels", PROJECT / "python", self.dags))),
            **self.variables,
        }


def _checked(command: list[str], environment: dict[str, str], seconds: float = 300) -> str:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-6000:]
    return said
