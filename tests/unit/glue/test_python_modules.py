"""Additional Python modules: installed once for each distinct set, whole or not at all."""

import os
import shutil
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tm_localstack.glue.python_modules import ModuleCache
from tm_localstack.glue.s3_files import LaunchError
from tm_localstack.launcher.settings import LauncherSettings, uv_program

OFFLINE = ["--no-index"]


class Folder:
    """Stands in for S3: a bucket is a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def fetch(self, uri: str, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        name = uri.removeprefix("s3://bucket/")
        return Path(shutil.copy(self._root / name, folder / name))


@pytest.fixture
def bucket(tmp_path):
    folder = tmp_path / "bucket"
    folder.mkdir()
    return folder


@pytest.fixture
def cache(tmp_path):
    uv = uv_program(LauncherSettings.from_environment())
    return ModuleCache(tmp_path / "cache", uv, Path(sys.executable))


@pytest.fixture
def provide(cache, bucket, tmp_path):
    """Install modules; each call works in a folder of its own, as each run does."""
    calls = iter(range(1000))

    def install(*modules: str, options: list[str] = OFFLINE) -> Path:
        return cache.provide(modules, options, Folder(bucket), tmp_path / f"run-{next(calls)}")

    return install


def wheel(folder: Path, name: str, version: str = "1.0", requires: str = "") -> Path:
    """A tiny pure-Python wheel: module `name` with VERSION."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += f"Requires-Dist: {requires}\n" if requires else ""
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"VERSION = {version!r}\n")
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(f"{info}/WHEEL", tags)
        archive.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return path


def gluewheels(bucket: Path, name: str, *wheels: Path) -> str:
    with zipfile.ZipFile(bucket / name, "w") as archive:
        for file in wheels:
            archive.write(file, f"wheels/{file.name}")
    return f"s3://bucket/{name}"


def test_zip_of_wheels_is_installed_whole(provide, bucket, tmp_path):
    first, second = wheel(tmp_path, "tm_first", requires="tm_second"), wheel(tmp_path, "tm_second", "2.0")
    folder = provide(gluewheels(bucket, "set.gluewheels.zip", first, second))

    assert (folder / "tm_first.py").read_text() == "VERSION = '1.0'\n"
    assert (folder / "tm_second.py").read_text() == "VERSION = '2.0'\n"


def test_same_content_is_installed_once_and_other_content_anew(provide, bucket, tmp_path):
    module = gluewheels(bucket, "set.gluewheels.zip", wheel(tmp_path, "tm_first"))
    folder = provide(module)
    (folder / "mark").touch()
    assert provide(module) == folder
    assert (folder / "mark").exists()

    gluewheels(bucket, "set.gluewheels.zip", wheel(tmp_path, "tm_first", "1.1"))
    other = provide(module)
    assert other != folder
    assert (other / "tm_first.py").read_text() == "VERSION = '1.1'\n"


def test_single_wheel_and_requirements_file(provide, bucket):
    wheel(bucket, "tm_first")
    (bucket / "requirements.txt").write_text("tm-first==1.0\n")
    folder = provide("s3://bucket/tm_first-1.0-py3-none-any.whl", "s3://bucket/requirements.txt")

    assert (folder / "tm_first.py").exists()


def test_requirement_that_no_index_has_fails_with_its_name(provide, cache):
    with pytest.raises(LaunchError, match="tm-absent"):
        provide("tm-absent==1.0")
    assert os.listdir(cache.folder) == []


def test_what_the_runtime_has_is_not_needed_in_the_zip(provide, bucket, tmp_path):
    needs_runtime = wheel(tmp_path, "tm_first", requires="pyarrow")
    folder = provide(gluewheels(bucket, "set.gluewheels.zip", needs_runtime))

    assert (folder / "tm_first.py").exists()
    assert not (folder / "pyarrow").exists()


def test_a_wheel_replaces_what_the_runtime_has(provide, bucket, tmp_path):
    folder = provide(gluewheels(bucket, "set.gluewheels.zip", wheel(tmp_path, "boto3", "99.0")))

    assert (folder / "boto3.py").exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("set.gluewheels.zip", b"no zip", "not a zip"),
        ("set.tar", b"", "no wheel"),
        ("tm_first-1.0-py3-none-any.whl", b"no wheel", "failed"),
    ],
)
def test_unusable_file_is_refused_and_leaves_nothing(provide, cache, bucket, name, content, reason):
    (bucket / name).write_bytes(content)
    with pytest.raises(LaunchError, match=reason):
        provide(f"s3://bucket/{name}")
    assert not cache.folder.exists() or os.listdir(cache.folder) == []


def test_missing_dependency_fails_with_its_name(provide, cache, bucket, tmp_path):
    incomplete = wheel(tmp_path, "tm_first", requires="tm_absent")
    with pytest.raises(LaunchError, match="tm-absent"):
        provide(gluewheels(bucket, "set.gluewheels.zip", incomplete))
    assert os.listdir(cache.folder) == []


def test_archive_cannot_write_outside_its_folder(provide, bucket, tmp_path):
    inner = wheel(tmp_path, "tm_first")
    with zipfile.ZipFile(bucket / "set.gluewheels.zip", "w") as archive:
        archive.write(inner, f"../../../{inner.name}")
    provide("s3://bucket/set.gluewheels.zip")

    assert sorted(tmp_path.rglob(inner.name)) == sorted({inner, *tmp_path.glob(f"run-*/unpacked-*/{inner.name}")})


def test_concurrent_runs_share_one_installation(provide, bucket, tmp_path, cache):
    module = gluewheels(bucket, "set.gluewheels.zip", wheel(tmp_path, "tm_first"))
    with ThreadPoolExecutor(6) as pool:
        folders = set(pool.map(provide, [module] * 6))

    assert len(folders) == 1
    assert os.listdir(cache.folder) == [folders.pop().name]
