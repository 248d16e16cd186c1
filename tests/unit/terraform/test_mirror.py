"""Where the provider is looked for when the registry can't be reached."""

from pathlib import Path

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.terraform import mirror
from tm_lakehouse.terraform.mirror import Provider

PROVIDER = Provider(version="5.100.0", system="linux_amd64")
SOURCE = Path("registry.terraform.io/hashicorp/aws")
NO_VARIABLES: dict[str, str] = {}


def _unpacked(folder: Path, version: str = "5.100.0", system: str = "linux_amd64") -> Path:
    (folder / SOURCE / version / system).mkdir(parents=True)
    return folder


@pytest.mark.parametrize("place", [".", "plugins", "terraform/providers"])
def test_a_mirror_is_found_up_to_two_folders_deep(tmp_path, place):
    folder = _unpacked(tmp_path / place)
    assert mirror.find(PROVIDER, [tmp_path], NO_VARIABLES) == folder


def test_a_packed_provider_counts_too(tmp_path):
    (tmp_path / SOURCE).mkdir(parents=True)
    (tmp_path / SOURCE / "terraform-provider-aws_5.100.0_linux_amd64.zip").touch()
    assert mirror.find(PROVIDER, [tmp_path], NO_VARIABLES) == tmp_path


@pytest.mark.parametrize(("version", "system"), [("5.99.0", "linux_amd64"), ("5.100.0", "darwin_arm64")])
def test_a_mirror_of_another_version_or_system_is_passed_over(tmp_path, version, system):
    _unpacked(tmp_path / "a", version, system)
    right = _unpacked(tmp_path / "b")
    assert mirror.find(PROVIDER, [tmp_path], NO_VARIABLES) == right


def test_without_a_mirror_the_registry_is_asked(tmp_path):
    assert mirror.find(PROVIDER, [tmp_path, tmp_path / "nowhere"], NO_VARIABLES) is None


def test_the_named_folder_wins(tmp_path):
    _unpacked(tmp_path / "usual")
    named = _unpacked(tmp_path / "named" / "deeper" / "still")
    assert mirror.find(PROVIDER, [tmp_path], {"TF_PLUGIN_DIR": str(named)}) == named


def test_a_named_folder_without_the_provider_is_an_error_that_says_where_to_put_it(tmp_path):
    with pytest.raises(LakehouseError, match=r"holds no hashicorp/aws 5\.100\.0 for linux_amd64") as caught:
        mirror.find(PROVIDER, [_unpacked(tmp_path)], {"TF_PLUGIN_DIR": str(tmp_path / "empty")})
    assert f"{tmp_path}/empty/{SOURCE}/5.100.0/linux_amd64/" in caught.value.next_step


def test_the_version_is_the_lock_files(tmp_path):
    lock = tmp_path / ".terraform.lock.hcl"
    lock.write_text('provider "registry.terraform.io/hashicorp/aws" {\n  version     = "5.101.2"\n}\n')
    assert Provider.locked(lock).version == "5.101.2"


def test_a_lock_without_the_provider_is_an_error(tmp_path):
    lock = tmp_path / ".terraform.lock.hcl"
    lock.write_text("")
    with pytest.raises(LakehouseError, match="does not name hashicorp/aws"):
        Provider.locked(lock)
