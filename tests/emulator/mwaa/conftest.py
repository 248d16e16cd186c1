"""Environments of MWAA: their buckets and roles, made, waited for, and removed."""

import io
import json
import secrets
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]},
    "Action": "sts:AssumeRole",
}
ACCESS = {"Effect": "Allow", "Action": ["s3:*", "logs:*", "sts:GetCallerIdentity"], "Resource": "*"}
CHANGE_SECONDS = 300
LOGS = ("DagProcessingLogs", "SchedulerLogs", "TaskLogs", "WebserverLogs", "WorkerLogs")


def policy(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="session")
def mwaa(client):
    return client("mwaa")


@pytest.fixture(scope="session")
def role(client) -> Iterator[str]:
    """The ARN of a role that MWAA may assume."""
    iam, name = client("iam"), f"tm-airflow-{secrets.token_hex(4)}"
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=policy(ACCESS))
    yield arn
    iam.delete_role_policy(RoleName=name, PolicyName="access")
    iam.delete_role(RoleName=name)


@pytest.fixture(scope="session")
def network(client) -> Iterator[dict[str, list[str]]]:
    """Two subnets and a security group."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.42.0.0/24")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"][:2]]
    blocks = ("10.42.0.0/28", "10.42.0.16/28")
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for block, zone in zip(blocks, zones, strict=True)
    ]
    group = ec2.create_security_group(VpcId=vpc, GroupName="tm-airflow", Description="Of a test.")["GroupId"]
    yield {"SubnetIds": subnets, "SecurityGroupIds": [group]}
    ec2.delete_security_group(GroupId=group)
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


@dataclass
class Trial:
    """One environment and its bucket."""

    mwaa: object
    s3: object
    name: str
    bucket: str
    request: dict[str, object] = field(default_factory=dict)

    def put(self, key: str, body: str | bytes) -> str:
        """Put an object; the version it got."""
        return self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)["VersionId"]

    def create(self) -> None:
        self.mwaa.create_environment(Name=self.name, **self.request)

    def told(self) -> dict:
        return self.mwaa.get_environment(Name=self.name)["Environment"]

    def exists(self) -> bool:
        pages = self.mwaa.get_paginator("list_environments").paginate()
        return self.name in [name for page in pages for name in page["Environments"]]

    def api(self, method: str, path: str, body: object = None, **parameters: object) -> dict:
        """The answer of Airflow's REST API."""
        given = {"Body": body} if body is not None else {}
        given |= {"QueryParameters": parameters} if parameters else {}
        return self.mwaa.invoke_rest_api(Name=self.name, Method=method, Path=path, **given)["RestApiResponse"]


@pytest.fixture(scope="session")
def make_trial(client, mwaa, role, network, wait_until) -> Iterator[Callable[..., Trial]]:
    """A bucket, and what it takes to create an environment of it. All goes in the end."""
    s3, made = client("s3"), []

    def make(**difference: object) -> Trial:
        name = f"tm-trial-{secrets.token_hex(4)}"
        trial = Trial(mwaa, s3, name, name)
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
        trial.request = {
            "ExecutionRoleArn": role,
            "SourceBucketArn": f"arn:aws:s3:::{name}",
            "DagS3Path": "dags",
            "NetworkConfiguration": network,
            "LoggingConfiguration": {kind: {"Enabled": True, "LogLevel": "INFO"} for kind in LOGS},
            **difference,
        }
        made.append(trial)
        return trial

    yield make
    for trial in made:
        _remove(trial, wait_until)


@pytest.fixture(scope="session")
def settled(wait_until) -> Callable[[Trial], dict]:
    """Wait until an environment is neither created nor changed any more, and give it."""

    def wait(trial: Trial) -> dict:
        def told() -> dict | None:
            environment = trial.told()
            return None if environment["Status"] in ("CREATING", "UPDATING") else environment

        return wait_until(told, CHANGE_SECONDS, f"the end of the change of {trial.name}")

    return wait


@pytest.fixture(scope="session")
def plugins() -> Callable[[int], bytes]:
    """A plugins.zip that holds the wheel of a package `tm_trial` with a value, and always the same version."""

    def build(value: int) -> bytes:
        info = "tm_trial-1.0.dist-info"
        wheel = {
            "tm_trial.py": f"VALUE = {value}\n",
            f"{info}/METADATA": "Metadata-Version: 2.1\nName: tm-trial\nVersion: 1.0\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
        return _zipped({"tm_trial-1.0-py3-none-any.whl": _zipped(wheel)})

    return build


def _zipped(files: dict[str, str | bytes]) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return room.getvalue()


def _remove(trial: Trial, wait_until: Callable[..., object]) -> None:
    if trial.exists():
        trial.mwaa.delete_environment(Name=trial.name)
        wait_until(lambda: not trial.exists(), CHANGE_SECONDS, f"the end of {trial.name}")
    for page in trial.s3.get_paginator("list_object_versions").paginate(Bucket=trial.bucket):
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            trial.s3.delete_object(Bucket=trial.bucket, Key=version["Key"], VersionId=version["VersionId"])
    trial.s3.delete_bucket(Bucket=trial.bucket)
