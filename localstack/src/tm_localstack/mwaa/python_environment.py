"""The Python environment that an environment's requirements ask for, made once for each distinct set of them."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tm_localstack.mwaa.requirements_file import Requirements, RequirementsError, pin_of, pins

INSTALL_SECONDS = 540
STAMP = ".complete"
# Trust the machine's certificates, as pip does: uv's older and newer name of the setting.
SYSTEM_TRUST = {"UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1"}
LINES_TOLD = 8
PIP_SETTINGS = frozenset({"PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_NO_INDEX"})


@dataclass(frozen=True)
class PythonEnvironments:
    """A folder of environments, and the image they all begin with: its interpreter and its lock.

    `exported` is what the startup script set: settings of the installer may be among it.
    """

    folder: Path
    uv: str
    image_python: Path
    image_lock: Path
    exported: Mapping[str, str]

    def provide(self, requirements: Requirements, wheels: Path, work: Path, log: Path) -> Path:
        """The interpreter that has the image's packages and the requirements; the installer's output goes to `log`.

        `wheels` is the plugins folder, whose files requirements may name.

        Raises:
            RequirementsError: they can't be installed together with the image, or not within MWAA's time.
        """
        if requirements.are_empty:
            log.write_text("Nothing to install.\n", encoding="utf-8")
            return self.image_python
        home = self.folder / self._key(requirements, wheels)
        if not (home / STAMP).exists():
            self._make(home, requirements, work, log)
        return home / "bin" / "python"

    def _key(self, requirements: Requirements, wheels: Path) -> str:
        digest = hashlib.sha256(self.image_lock.read_bytes() + requirements.text().encode())
        for file in sorted(wheels.rglob("*.whl")):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _make(self, home: Path, requirements: Requirements, work: Path, log: Path) -> None:
        lock = self.image_lock.read_text(encoding="utf-8")
        wanted, bounds = work / "requirements.txt", work / "constraints.txt"
        wanted.write_text(requirements.text(), encoding="utf-8")
        bounds.write_text(pins(lock) if requirements.is_bound_to_image else pin_of(lock, "apache-airflow"), "utf-8")
        python = str(home / "bin" / "python")
        install = [self.uv, "pip", "install", "--python", python]
        shutil.rmtree(home, ignore_errors=True)
        with log.open("w", encoding="utf-8") as output:
            for command in (
                [self.uv, "venv", "--quiet", "--python", str(self.image_python), str(home)],
                [*install, "--quiet", "--no-deps", "--require-hashes", "-r", str(self.image_lock)],
                # A wheel among the plugins may have changed without a new version, which uv's cache would not see.
                [*install, "--refresh", "-r", str(wanted), "--constraint", str(bounds)],
            ):
                self._run(command, output.fileno(), log)
        (home / STAMP).touch()

    def _run(self, command: list[str], output: int, log: Path) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment = {**own, **SYSTEM_TRUST, **self._of_the_installer()}
        try:
            done = subprocess.run(command, env=environment, stdout=output, stderr=output, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise RequirementsError(f"Installing the requirements took over {INSTALL_SECONDS} s.") from error
        if done.returncode:
            told = log.read_text(encoding="utf-8").strip().splitlines()[-LINES_TOLD:]
            raise RequirementsError(f"The requirements can't be installed: {' '.join(' '.join(told).split())}")

    def _of_the_installer(self) -> dict[str, str]:
        """The script's settings of pip, as uv calls them where it knows them."""
        settings = {name: value for name, value in self.exported.items() if name.startswith(("PIP_", "UV_"))}
        uv = {f"UV_{name.removeprefix('PIP_')}": value for name, value in settings.items() if name in PIP_SETTINGS}
        return settings | uv
