"""A release: bills of materials that name what the locks pin, checksums, and the same bytes from the same sources."""

import hashlib
import json

import pytest

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging import release
from tm_lakehouse.packaging.wheels import cache_directory, pins


@pytest.mark.parametrize("lock", release.SHIPPED_LOCKS)
def test_a_bill_of_materials_names_what_the_lock_pins(lock, tmp_path):
    path = project_root() / "requirements" / f"{lock}.txt"
    release._write_bill(path, tmp_path / "bill.json")
    bill = json.loads((tmp_path / "bill.json").read_text())

    assert bill["bomFormat"] == "CycloneDX"
    assert {f"{each['name']}=={each['version']}" for each in bill["components"]} == set(pins(path))


def test_a_lock_that_is_missing_is_told(tmp_path):
    with pytest.raises(LakehouseError, match=r"bill of materials of gone\.txt can't be made"):
        release._write_bill(tmp_path / "gone.txt", tmp_path / "bill.json")


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(LakehouseError, match="something other than a release"):
        release.build_release(project_root(), tmp_path, cache_directory(), lambda _: None)
    assert (tmp_path / "thesis.doc").read_text() == "years of work"


@pytest.mark.nightly
def test_the_same_sources_release_the_same_bytes(tmp_path):
    said = []
    files = release.build_release(project_root(), tmp_path / "dist", cache_directory(), said.append)
    first = (tmp_path / "dist" / release.CHECKSUMS).read_text()
    release.build_release(project_root(), tmp_path / "dist", cache_directory(), said.append)

    assert first == (tmp_path / "dist" / release.CHECKSUMS).read_text()
    assert {"tm_lakehouse.zip", "airflow.zip", "silver.gluewheels.zip"} <= {path.name for path in files}
    for line in first.splitlines():
        digest, name = line.split()
        assert hashlib.sha256((tmp_path / "dist" / name).read_bytes()).hexdigest() == digest
