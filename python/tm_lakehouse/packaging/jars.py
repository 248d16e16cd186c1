"""Jars of the Glue jobs: pinned by Maven coordinate and checksum, downloaded once."""

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tm_lakehouse.errors import LakehouseError

_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"


@dataclass(frozen=True)
class Jar:
    """One jar of a Maven repository: `coordinate` is group:artifact:version, `file_name` its name in the package."""

    coordinate: str
    sha256: str
    file_name: str

    @property
    def maven_name(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


# For Glue 5.1's Spark 3.5 and Scala 2.12. The geometry job calls functions by SQL, none of them on rasters or other
# coordinate systems: so it needs neither Sedona's Python package nor GeoTools.
SEDONA = Jar(
    coordinate="org.apache.sedona:sedona-spark-shaded-3.5_2.12:1.8.0",
    sha256="8f393fc4d1c7f4dfd894ea44fe02011664f337ae9a8d7e1d516afd99cfb90cec",
    file_name="sedona.jar",
)


def fetch(jar: Jar, cache: Path) -> Path:
    """The jar in the cache, downloaded with Maven where it isn't there yet.

    Raises:
        LakehouseError: Maven is missing or fails, or the file isn't the one that was pinned.
    """
    kept = cache / "jars" / jar.sha256[:16] / jar.maven_name
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=kept.parent))
        try:
            _download(jar, draft)
            _check_sum(draft / jar.maven_name, jar)
            (draft / jar.maven_name).replace(kept)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return kept


def _download(jar: Jar, folder: Path) -> None:
    command = ["mvn", "--batch-mode", "--no-transfer-progress", f"{_PLUGIN}:copy"]
    command += [f"-Dartifact={jar.coordinate}:jar", f"-DoutputDirectory={folder}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise LakehouseError("Maven is missing.", "Get it with `apt install maven`, then try again.") from None
    if done.returncode:
        errors = [line[8:] for line in done.stdout.splitlines() if line.startswith("[ERROR]")] or ["no message"]
        raise LakehouseError(
            f"{jar.coordinate} can't be downloaded: {errors[0]}", "Check the network and Maven's settings; try again."
        )


def _check_sum(path: Path, jar: Jar) -> None:
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != jar.sha256:
        raise LakehouseError(
            f"{jar.coordinate} has the checksum {found}, not the pinned {jar.sha256}.",
            "Remove it from Maven's local repository and try again.",
        )
