"""Terraform on a copy of the modules: a test leaves nothing in the checkout."""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tm_lakehouse.terraform import mirror
from tm_lakehouse.terraform.process import LoggedTerraform, process_environment

PROJECT = Path(__file__).resolve().parents[2]
NOT_SOURCES = shutil.ignore_patterns(".terraform", "*.tfstate*")


@pytest.fixture(scope="session")
def terraform_copy(tmp_path_factory) -> Path:
    """The folder `terraform` as it is in the checkout."""
    return Path(
        shutil.copytree(PROJECT / "terraform", tmp_path_factory.mktemp("copy") / "terraform", ignore=NOT_SOURCES)
    )


@pytest.fixture(scope="session")
def initialised(terraform_copy) -> Callable[[str], LoggedTerraform]:
    """python-terraform in a folder of the copy, with the provider and without a backend, initialised once."""
    provider = mirror.Provider.locked(terraform_copy / "lakehouse" / ".terraform.lock.hcl")
    folder = mirror.find(provider)

    @cache
    def init(name: str) -> LoggedTerraform:
        log = terraform_copy / "logs" / f"{name.replace('/', '-')}.log"
        terraform = LoggedTerraform(terraform_copy / name, process_environment(os.environ), log, lambda _: None)
        code, text, _ = terraform.init(backend=False, reconfigure=None, plugin_dir=folder and str(folder), var=None)
        assert code == 0, text
        return terraform

    return init
