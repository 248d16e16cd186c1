"""What Maven brings, by coordinates and checksum: Spark's jars, Trino with its two connectors, the site's script."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from places import cache
from prerequisites import SetupError

PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
# server-core brings more plugins than a catalog of Iceberg and Hive tables needs; these are kept.
KEPT_TRINO_PARTS = ("bin/", "lib/", "plugin/geospatial/")


@dataclass(frozen=True)
class Artifact:
    """One file of a Maven repository. `bytes` is its size, `engine` is spark, trino or site."""

    group: str
    artifact: str
    version: str
    type: str
    sha256: str
    bytes: int
    engine: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.{self.type}"


def artifacts(engine: str) -> list[Artifact]:
    """The pinned artifacts of one engine."""
    listed = json.loads((Path(__file__).parent / "artifacts.json").read_text(encoding="utf-8"))
    return [artifact for artifact in (Artifact(**entry) for entry in listed) if artifact.engine == engine]


def spark_jars() -> Path:
    return cache() / "spark-jars"


def trino_home() -> Path:
    """Trino's folder; its name holds the version, so that two checkouts with different pins don't meet."""
    return cache() / f"trino-{artifacts('trino')[0].version}"


def site_script() -> Path:
    """The script that draws diagrams in the documentation's site."""
    return cache() / "site" / f"mermaid-{artifacts('site')[0].version}.min.js"


def is_current(engine: str) -> bool:
    if engine == "trino":
        return (trino_home() / ".complete").exists()
    if engine == "site":
        return site_script().is_file()
    return all((spark_jars() / a.file_name).is_file() for a in artifacts("spark"))


def install(engine: str, report: Callable[[str], None]) -> None:
    """Download what is missing, check every sum, and put it in place whole.

    Raises:
        SetupError: Maven failed, or a file isn't the one that was pinned.
    """
    with tempfile.TemporaryDirectory(dir=_made(cache())) as room:
        folder = Path(room)
        _download(artifacts(engine), folder, report)
        if engine == "spark":
            for artifact in artifacts("spark"):
                (folder / artifact.file_name).replace(_made(spark_jars()) / artifact.file_name)
        elif engine == "site":
            _unpack_site_script(folder)
        else:
            report("unpacking Trino")
            _unpack_trino(folder)


def _download(wanted: list[Artifact], folder: Path, report: Callable[[str], None]) -> None:
    report(f"downloading {len(wanted)} files, {sum(a.bytes for a in wanted) / 1e6:.0f} MB, with Maven")
    project = folder / "pom.xml"
    project.write_text(_project(wanted, folder), encoding="utf-8")
    done = subprocess.run(
        ["mvn", "--batch-mode", "--no-transfer-progress", "--file", str(project), f"{PLUGIN}:copy"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")] or ["no message"]
        raise SetupError(f"Maven could not download the engines: {errors[0][8:]} Run it again; what came is kept.")
    for artifact in wanted:
        _check_sum(folder / artifact.file_name, artifact)


def _check_sum(path: Path, artifact: Artifact) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != artifact.sha256:
        raise SetupError(
            f"{artifact.file_name} has the checksum {found}, not the pinned {artifact.sha256}: "
            "remove it from Maven's local repository and run the set-up again."
        )


def _project(wanted: list[Artifact], folder: Path) -> str:
    items = "".join(
        f"<artifactItem><groupId>{a.group}</groupId><artifactId>{a.artifact}</artifactId>"
        f"<version>{a.version}</version><type>{a.type}</type></artifactItem>"
        for a in wanted
    )
    group, name, version = PLUGIN.split(":")
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>tm</groupId><artifactId>engines</artifactId><version>1</version><packaging>pom</packaging>"
        f"<build><plugins><plugin><groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version><configuration><outputDirectory>{escape(str(folder))}</outputDirectory>"
        f"<artifactItems>{items}</artifactItems></configuration></plugin></plugins></build></project>"
    )


def _unpack_trino(folder: Path) -> None:
    core, *connectors = artifacts("trino")
    unpacked = folder / "trino"
    with tarfile.open(folder / core.file_name) as archive:
        archive.extractall(unpacked, members=_kept_members(archive), filter="data")
    for connector in connectors:
        with zipfile.ZipFile(folder / connector.file_name) as archive:
            archive.extractall(folder)
        plugin = unpacked / "plugin" / connector.artifact.removeprefix("trino-")
        (folder / f"{connector.artifact}-{connector.version}").replace(plugin)
    (unpacked / ".complete").touch()
    shutil.rmtree(trino_home(), ignore_errors=True)
    unpacked.replace(trino_home())


def _unpack_site_script(folder: Path) -> None:
    [jar] = artifacts("site")
    with zipfile.ZipFile(folder / jar.file_name) as archive:
        [script] = [name for name in archive.namelist() if name.endswith("/dist/mermaid.min.js")]
        unpacked = Path(archive.extract(script, folder))
    _made(site_script().parent)
    unpacked.replace(site_script())


def _kept_members(archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Members of the kept parts, without the archive's top folder."""
    kept = []
    for member in archive.getmembers():
        name = member.name.partition("/")[2]
        if name.startswith(KEPT_TRINO_PARTS):
            linkname = member.linkname.partition("/")[2] if member.islnk() else member.linkname
            kept.append(member.replace(name=name, linkname=linkname, deep=False))
    return kept


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
