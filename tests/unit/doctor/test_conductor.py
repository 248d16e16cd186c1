"""The doctor's lines about Airflow and quotas, of which the local AWS can show only the sound case, or none."""

from copy import deepcopy
from pathlib import Path

import pytest

from tm_lakehouse.doctor import conductor, permissions, upkeep
from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.settings import Settings
from tm_lakehouse.terraform.values import EnvironmentValues

SOUND = {
    "environment": {
        "Name": "lake",
        "Status": "AVAILABLE",
        "AirflowVersion": "3.0.6",
        "SourceBucketArn": "arn:aws:s3:::airflow",
        "DagS3Path": "dags/",
        "ExecutionRoleArn": "arn:aws:iam::111111111111:role/lake-airflow",
    },
    "api": {
        "/monitor/health": {name: {"status": "healthy"} for name in conductor.COMPONENTS},
        "/dags": {"dags": [{"dag_id": dag, "is_paused": False, "has_import_errors": False} for dag in conductor.DAGS]},
        "/pools": {"pools": [{"name": "silver_runs", "slots": 9}]},
    },
    "files": [f"dags/{dag}.py" for dag in conductor.DAGS],
    "versioning": "Enabled",
    "quotas": {"glue": {"Max concurrent job runs per account": 30}, "athena": {"Active DML queries": 20}},
    "may": {"glue:StartJobRun", "glue:GetJobRun", "sts:AssumeRole"},
}


class NotFoundError(Exception):
    pass


class FakeAws:
    """What the lines ask of MWAA, S3, Service Quotas and the policy simulator: `SOUND` and its changes."""

    class exceptions:  # noqa: N801
        ResourceNotFoundException = NotFoundError
        RestApiClientException = RestApiServerException = ZeroDivisionError

    def __init__(self, given):
        self.given = given

    def get_environment(self, Name):  # noqa: N803
        if self.given["environment"] is None:
            raise NotFoundError
        return {"Environment": self.given["environment"]}

    def invoke_rest_api(self, Name, Method, Path):  # noqa: N803
        return {"RestApiResponse": self.given["api"][Path]}

    def list_objects_v2(self, Bucket, Prefix):  # noqa: N803
        return {"Contents": [{"Key": key} for key in self.given["files"]]}

    def get_bucket_versioning(self, Bucket):  # noqa: N803
        return {"Status": self.given["versioning"]}

    def get_paginator(self, operation):
        return FakePages(getattr(self, f"pages_of_{operation}"))

    def pages_of_list_service_quotas(self, ServiceCode):  # noqa: N803
        return {"Quotas": [{"QuotaName": k, "Value": v} for k, v in self.given["quotas"][ServiceCode].items()]}

    def pages_of_simulate_principal_policy(self, PolicySourceArn, ActionNames, ResourceArns, ContextEntries):  # noqa: N803
        decided = {action: "allowed" if action in self.given["may"] else "implicitDeny" for action in ActionNames}
        return {
            "EvaluationResults": [
                {"EvalActionName": action, "EvalResourceName": arn, "EvalDecision": decided[action]}
                for action in ActionNames
                for arn in ResourceArns
            ]
        }


class FakePages:
    def __init__(self, page):
        self.paginate = lambda **given: [page(**given)]


def deployment(given, airflow="lake"):
    settings = Settings.from_environment(
        {f"TM_{name.upper()}": name for name, field in Settings.model_fields.items() if field.is_required()}
        | {"TM_AIRFLOW_ENVIRONMENT": airflow, "TM_GLUE_JOB_SILVER": "silver-job"}
    )
    services = ("mwaa", "s3", "service-quotas", "iam", "sts")
    found = Deployment(
        "prod",
        Path(),
        EnvironmentValues(Path(__file__).parents[3] / "terraform/environments/prod"),
        settings,
        {"AWS_REGION": "us-east-1"},
        dict.fromkeys(services, FakeAws(given)),
    )
    found.__dict__["account_id"] = "111111111111"
    return found


IAM = [line for line in permissions.LINES if line.name.startswith("iam.airflow")]
QUOTAS = [line for line in upkeep.LINES if line.name == "upkeep.quotas"]
LINES = {line.name: line for line in (*conductor.LINES, *IAM, *QUOTAS)}


def changed(**changes):
    return {**deepcopy(SOUND), **changes}


@pytest.mark.parametrize("line", LINES.values(), ids=lambda line: line.name)
def test_each_line_holds_of_a_sound_airflow(line):
    assert line.judge(deployment(SOUND)).status == "pass"


@pytest.mark.parametrize("line", [*conductor.LINES, *IAM], ids=lambda line: line.name)
def test_without_airflow_its_lines_hold(line):
    verdict = line.judge(deployment(SOUND, airflow=""))

    assert verdict.status == "pass"
    assert "no Airflow conducts" in verdict.evidence


BROKEN = [
    ("airflow.available", {"environment": SOUND["environment"] | {"Status": "UPDATING"}}, "lake is UPDATING"),
    (
        "airflow.available",
        {
            "environment": SOUND["environment"]
            | {"Status": "CREATE_FAILED", "LastUpdate": {"Error": {"ErrorMessage": "no route"}}}
        },
        "no route",
    ),
    ("airflow.available", {"environment": None}, "there is no environment lake"),
    ("airflow.version", {"environment": SOUND["environment"] | {"AirflowVersion": "3.9.9"}}, "Airflow 3.9.9"),
    ("airflow.files", {"files": SOUND["files"][1:]}, "has no course_pipeline.py"),
    ("airflow.files", {"versioning": "Suspended"}, "is not versioned"),
    (
        "airflow.healthy",
        {"api": SOUND["api"] | {"/monitor/health": {"scheduler": {"status": "unhealthy"}}}},
        "the scheduler is unhealthy",
    ),
    ("airflow.dags", {"api": SOUND["api"] | {"/dags": {"dags": []}}}, "course_pipeline is not read"),
    (
        "airflow.dags",
        {"api": SOUND["api"] | {"/dags": {"dags": [d | {"is_paused": True} for d in SOUND["api"]["/dags"]["dags"]]}}},
        "paused: course_pipeline",
    ),
    (
        "airflow.dags",
        {
            "api": SOUND["api"]
            | {"/dags": {"dags": [d | {"has_import_errors": True} for d in SOUND["api"]["/dags"]["dags"]]}}
        },
        "course_pipeline has import errors",
    ),
    ("airflow.pool", {"api": SOUND["api"] | {"/pools": {"pools": []}}}, "there is no pool silver_runs"),
    ("iam.airflow_conducts", {"may": {"glue:StartJobRun"}}, "lake-airflow may not glue:GetJobRun"),
    ("iam.airflow_bounds", {"may": {"iam:PassRole"}}, "lake-airflow may iam:PassRole on"),
    (
        "upkeep.quotas",
        {"quotas": SOUND["quotas"] | {"glue": {"Max concurrent job runs per account": 2}}},
        "is 2, under 5",
    ),
    ("upkeep.quotas", {"quotas": {"glue": {}, "athena": {}}}, "glue: no quota called"),
]


@pytest.mark.parametrize(("name", "changes", "evidence"), BROKEN)
def test_each_line_sees_what_is_broken(name, changes, evidence):
    verdict = LINES[name].judge(deployment(changed(**changes)))

    assert verdict.status in ("warn", "fail")
    assert evidence in verdict.evidence
    assert verdict.remedy


def test_every_line_here_has_a_thing_that_breaks():
    assert {name for name, *_ in BROKEN} == set(LINES)
