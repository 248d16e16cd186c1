"""Installs a job's additional Python modules, once for each distinct set of them."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tm_localstack.glue.s3_files import LaunchError, S3Files

ZIP_OF_WHEELS = ".gluewheels.zip"
INSTALL_SECONDS = 600
# Trust the machine's certificates, as pip does: uv's older and newer name of the setting.
SYSTEM_TRUST = {"UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1"}
_REQUIREMENT_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
_LIST_INSTALLED = "import importlib.metadata as m, json; print(json.dumps([d.name for d in m.distributions()]))"


@dataclass(frozen=True)
class ModuleCache:
    """A folder of installed sets of modules, named by the hash of what they were made of."""

    folder: Path
    uv: str
    python: Path

    def provide(self, modules: Sequence[str], options: Sequence[str], files: S3Files, work: Path) -> Path:
        """The folder to put on the Python path for these modules.

        `modules` are requirements (`name==1.0`) and S3 paths of wheels, requirements files and zips of wheels.

        Raises:
            LaunchError: something can't be fetched or installed.
        """
        sources = [_Source(name, _fetched(name, files, work / str(place))) for place, name in enumerate(modules)]
        key = self._key(sources, options)
        target = self.folder / key
        with _lock_of(target):
            if not target.is_dir():
                self._install(sources, options, target, work)
        return target

    def _key(self, sources: "Sequence[_Source]", options: Sequence[str]) -> str:
        content = {"sources": [source.fingerprint for source in sources], "options": list(options)}
        return hashlib.sha256(json.dumps(content | {"python": str(self.python)}).encode()).hexdigest()

    def _install(self, sources: "Sequence[_Source]", options: Sequence[str], target: Path, work: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        wheels = [wheel for source in sources for wheel in source.wheels(work)]
        named = [source.requirement for source in sources if source.requirement]
        asked = {_normal(wheel.name.split("-")[0]) for wheel in wheels} | {_name_of(line) for line in named}
        kept = self._preinstalled - asked - {name for source in sources for name in source.names_in_requirements_file()}
        work.mkdir(parents=True, exist_ok=True)
        excludes = work / "excludes.txt"
        excludes.write_text("\n".join(sorted(kept)), encoding="utf-8")
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=self.folder))
        command = [self.uv, "pip", "install", "--quiet", "--target", str(draft), "--python", str(self.python)]
        command += ["--excludes", str(excludes), *_uv_options(options)]
        for folder in sorted({wheel.parent for wheel in wheels}):
            command += ["--find-links", str(folder)]
        command += [*map(str, wheels), *named]
        for source in sources:
            command += source.requirements_file
        try:
            self._run(command)
            _publish(draft, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    @cached_property
    def _preinstalled(self) -> set[str]:
        """What the runtime has already. As with pip on Glue, a dependency on it is not installed again."""
        listed = subprocess.run([str(self.python), "-I", "-c", _LIST_INSTALLED], check=True, capture_output=True)
        return {_normal(name) for name in json.loads(listed.stdout)}

    def _run(self, command: list[str]) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | SYSTEM_TRUST
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise LaunchError(f"LAUNCH ERROR | Installing Python modules took over {INSTALL_SECONDS} s.") from error
        if done.returncode:
            reason = " ".join(done.stderr.split())
            raise LaunchError(f"LAUNCH ERROR | Installing additional Python modules failed: {reason}")


@dataclass(frozen=True)
class _Source:
    """One entry of --additional-python-modules, and its file where it is in S3."""

    name: str
    file: Path | None

    @property
    def fingerprint(self) -> list[str]:
        if self.file is None:
            return [self.name]
        with self.file.open("rb") as content:
            return [self.file.name, hashlib.file_digest(content, "sha256").hexdigest()]

    @property
    def requirement(self) -> str | None:
        return self.name if self.file is None else None

    @property
    def requirements_file(self) -> list[str]:
        return ["-r", str(self.file)] if self.file and self.file.suffix == ".txt" else []

    def names_in_requirements_file(self) -> set[str]:
        if self.file is None or not self.requirements_file:
            return set()
        return {_name_of(line.strip()) for line in self.file.read_text(encoding="utf-8").splitlines()}

    def wheels(self, work: Path) -> list[Path]:
        if self.file is None or self.requirements_file:
            return []
        if self.file.name.endswith(ZIP_OF_WHEELS):
            return _unpacked(self.file, work / f"unpacked-{self.file.parent.name}")
        if self.file.suffix == ".whl":
            return [self.file]
        raise LaunchError(
            f"LAUNCH ERROR | {self.name} is no wheel (.whl), zip of wheels ({ZIP_OF_WHEELS}) or requirements (.txt)."
        )


def _fetched(name: str, files: S3Files, folder: Path) -> Path | None:
    return files.fetch(name, folder) if "://" in name else None


def _unpacked(archive: Path, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as content:
            wheels = [entry for entry in content.infolist() if entry.filename.endswith(".whl")]
            for wheel in wheels:
                # Only the name: a path in the archive must not lead out of the folder.
                (folder / Path(wheel.filename).name).write_bytes(content.read(wheel))
    except zipfile.BadZipFile as error:
        raise LaunchError(f"LAUNCH ERROR | {archive.name} is not a zip file.") from error
    if not wheels:
        raise LaunchError(f"LAUNCH ERROR | {archive.name} holds no wheels.")
    return sorted(folder.glob("*.whl"))


def _uv_options(options: Sequence[str]) -> list[str]:
    """Pip's options, which uv shares, and no network where the index is not to be used."""
    return [*options, "--offline"] if "--no-index" in options else [option for option in options if option != "-r"]


def _publish(draft: Path, target: Path) -> None:
    try:
        draft.rename(target)
    except OSError:
        # Another process was quicker with the same set.
        if not target.is_dir():
            raise


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _name_of(requirement: str) -> str:
    match = _REQUIREMENT_NAME.match(requirement)
    return _normal(match.group()) if match else requirement


_locks: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)
_locks_guard = threading.Lock()


def _lock_of(target: Path) -> threading.Lock:
    with _locks_guard:
        return _locks[target]
