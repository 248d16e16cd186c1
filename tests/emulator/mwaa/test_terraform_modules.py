"""The modules `network` and `airflow`: applied, planned again, changed, and removed without a trace."""

import json
import os
import shutil
import time
from pathlib import Path

import boto3
import pytest
from python_terraform import IsFlagged

from tm_lakehouse.packaging.archives import write_archive
from tm_lakehouse.terraform import mirror
from tm_lakehouse.terraform.process import LoggedTerraform, process_environment

TERRAFORM = Path(__file__).resolve().parents[3] / "terraform"
ROOT = """
variable "name" {{ type = string }}
variable "bucket" {{ type = object({{ name = string, arn = string, kms_key_arn = string }}) }}

provider "aws" {{
  default_tags {{
    tags = {{ Project = var.name }}
  }}
}}

module "network" {{
  source             = "./modules/network"
  name_prefix        = var.name
  cidr_block         = "10.43.0.0/24"
  way_out            = "{way_out}"
  log_key_arn        = var.bucket.kms_key_arn
  log_retention_days = 1
}}

module "airflow" {{
  source             = "./modules/airflow"
  name_prefix        = var.name
  package_directory  = "./package"
  variables          = {{ TM_DB_SILVER = "it's silver" }}
  bucket             = var.bucket
  network            = {{ vpc_id = module.network.vpc_id, private_subnet_ids = module.network.private_subnet_ids }}
  job_names          = ["${{var.name}}-landing-to-silver"]
  alerts             = {{ topic_arn = "arn:aws:sns:us-east-1:000000000000:none", kms_key_arn = var.bucket.kms_key_arn }}
  settings           = {{ environment_class = "mw1.micro", max_workers = 1, schedulers = 1 }}
  log_retention_days = 1
}}
"""
DAG = """
import os

from airflow.sdk import dag, task

@dag(schedule=None, is_paused_upon_creation=False)
def {name}():
    @task
    def tell():
        return os.environ["TM_DB_SILVER"]
    tell()

{name}()
"""


class Root:
    """A root module of the two modules, and the package that it ships."""

    def __init__(self, folder, name, bucket, way_out):
        self.folder = folder
        shutil.copytree(TERRAFORM / "modules", folder / "modules")
        (folder / "main.tf").write_text(ROOT.format(way_out=way_out))
        (folder / "terraform.tfvars.json").write_text(json.dumps({"name": name, "bucket": bucket}))
        self.put("dags/first.py", DAG.format(name="first"))
        self.put("requirements.txt", "# none\n")
        self.put("startup.sh", "echo ready\n")
        write_archive(folder / "package" / "plugins.zip", {"readme.txt": b"no plugin"})
        self._terraform = LoggedTerraform(folder, process_environment(os.environ), folder / "log", lambda _: None)
        provider = mirror.Provider.locked(TERRAFORM / "lakehouse" / ".terraform.lock.hcl")
        found = mirror.find(provider)
        code, text, _ = self._terraform.init(backend=False, plugin_dir=found and str(found), var=None)
        assert code == 0, text

    def put(self, path, text):
        target = self.folder / "package" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def apply(self):
        code, text, _ = self._terraform.apply(skip_plan=True, var=None)
        assert code == 0, text

    def assert_nothing_to_change(self):
        code, text, _ = self._terraform.plan(detailed_exitcode=IsFlagged, var=None)
        assert code == 0, text

    def destroy(self):
        code, text, _ = self._terraform.apply(skip_plan=True, destroy=IsFlagged, var=None)
        assert code == 0, text


@pytest.fixture
def key(client):
    kms = client("kms")
    made = kms.create_key(Description="Of a test.")["KeyMetadata"]
    yield made["Arn"]
    kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)


@pytest.mark.nightly
@pytest.mark.parametrize("way_out", ["nat", "endpoints"])
def test_an_environment_is_made_changed_and_removed_by_terraform(
    tmp_path, bucket, key, mwaa, unique, wait_until, record_property, way_out
):
    name, source = unique("tf"), bucket("tm-airflow")
    root = Root(tmp_path, name, {"name": source, "arn": f"arn:aws:s3:::{source}", "kms_key_arn": key}, way_out)

    def dags():
        found = mwaa.invoke_rest_api(Name=name, Method="GET", Path="/dags")["RestApiResponse"]["dags"]
        return {dag["dag_id"] for dag in found}

    try:
        root.apply()
        assert mwaa.get_environment(Name=name)["Environment"]["Status"] == "AVAILABLE"
        root.assert_nothing_to_change()

        root.put("dags/second.py", DAG.format(name="second"))
        root.apply()
        applied = time.monotonic()
        wait_until(lambda: dags() == {"first", "second"}, 90, "the new DAG")
        record_property("seconds_from_apply_to_new_dag", time.monotonic() - applied)
        root.assert_nothing_to_change()

        root.put("startup.sh", "echo changed\n")
        root.apply()
        told = mwaa.get_environment(Name=name)["Environment"]
        versions = boto3.client("s3").list_object_versions(Bucket=source, Prefix="startup.sh")["Versions"]
        newest = next(version["VersionId"] for version in versions if version["IsLatest"])
        assert (told["Status"], told["StartupScriptS3ObjectVersion"]) == ("AVAILABLE", newest)
        root.assert_nothing_to_change()
    finally:
        root.destroy()
    assert name not in mwaa.list_environments()["Environments"]
    groups = boto3.client("logs").describe_log_groups(logGroupNamePrefix=f"airflow-{name}-")["logGroups"]
    assert groups == []
