"""Section 7: what each role may do, asked of IAM's own policy simulator, and what it may not."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, none_of, passed

_APPLY = "Run `make apply`: Terraform writes the roles' policies (terraform/modules/iam)."
_FILE = "course_id=x/ingest_date=2024-06-01/x.csv"
_READ_TABLES = ("glue:GetDatabase", "glue:GetTable", "glue:GetTables")
_CHANGE_TABLES = ("glue:CreateTable", "glue:UpdateTable")
_CHANGE_OBJECTS = ("s3:PutObject", "s3:DeleteObject")
_QUERY = ("athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults")


@dataclass(frozen=True)
class Access:
    """Some actions on some resources, in the circumstances that conditions ask for."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: Mapping[str, str] = field(default_factory=dict)


Accesses = Callable[["Places"], list[Access]]


@dataclass(frozen=True)
class Places:
    """ARNs of what a deployment consists of."""

    deployment: Deployment

    def objects(self, zone: str, *keys: str) -> tuple[str, ...]:
        return tuple(f"arn:aws:s3:::{self.deployment.buckets[zone]}/{key}" for key in keys)

    def listing(self, zone: str, prefix: str) -> Access:
        bucket = f"arn:aws:s3:::{self.deployment.buckets[zone]}"
        return Access(("s3:ListBucket",), (bucket,), {"s3:prefix": prefix})

    def tables(self, kind: str) -> tuple[str, ...]:
        database = self.deployment.databases[kind]
        return (self._glue("catalog"), self._glue(f"database/{database}"), *self.table(kind))

    def table(self, kind: str) -> tuple[str, ...]:
        return (self._glue(f"table/{self.deployment.databases[kind]}/x"),)

    def job(self) -> tuple[str, ...]:
        return (self._glue(f"job/{self.deployment.settings.glue_job_silver}"),)

    def role(self, who: str) -> tuple[str, ...]:
        return (self.deployment.role_arn(who),)

    def workgroup(self) -> tuple[str, ...]:
        return (self._arn("athena", f"workgroup/{self.deployment.settings.athena_workgroup}"),)

    def log_group(self) -> tuple[str, ...]:
        return (self._arn("logs", "log-group:/aws-glue/jobs/error:log-stream:x"),)

    def keys(self, use: str, *zones: str) -> Access:
        """The zones' keys, used through S3 as every job uses them."""
        s3 = self.deployment.client("s3")
        arns = []
        for zone in zones:
            found = s3.get_bucket_encryption(Bucket=self.deployment.buckets[zone])
            rule = found["ServerSideEncryptionConfiguration"]["Rules"][0]
            arns.append(rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"])
        through = {"kms:ViaService": f"s3.{self.deployment.region}.amazonaws.com"}
        return Access((use,), tuple(arns), through)

    def _glue(self, what: str) -> str:
        return self._arn("glue", what)

    def _arn(self, service: str, what: str) -> str:
        return f"arn:aws:{service}:{self.deployment.region}:{self.deployment.account_id}:{what}"


def _may(who: str, accesses: Accesses) -> Callable[[Deployment], Verdict]:
    return _judged(who, accesses, is_wanted=True)


def _may_not(who: str, accesses: Accesses) -> Callable[[Deployment], Verdict]:
    return _judged(who, accesses, is_wanted=False)


def _judged(who: str, accesses: Accesses, *, is_wanted: bool) -> Callable[[Deployment], Verdict]:
    says = "may not" if is_wanted else "may"

    def judge(deployment: Deployment) -> Verdict:
        role = _role_arn(deployment, who)
        if role is None:
            return passed("no Airflow conducts")
        results = [each for access in accesses(Places(deployment)) for each in _simulated(deployment, role, access)]
        wrong = [
            f"{role.rpartition('/')[2]} {says} {each['EvalActionName']} on {each['EvalResourceName']}"
            for each in results
            if (each["EvalDecision"] == "allowed") != is_wanted
        ]
        actions = sorted({each["EvalActionName"] for each in results})
        return none_of(wrong, f"{'' if is_wanted else 'refused: '}{', '.join(actions)}", _APPLY)

    return judge


def _role_arn(deployment: Deployment, who: str) -> str | None:
    if who != "airflow":
        return deployment.role_arn(who)
    name = deployment.settings.airflow_environment
    if not name:
        return None
    environment = deployment.client("mwaa").get_environment(Name=name)["Environment"]
    return str(environment["ExecutionRoleArn"])


def _simulated(deployment: Deployment, role: str, access: Access) -> list[dict[str, Any]]:
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in access.context.items()
    ]
    pages = (
        deployment.client("iam")
        .get_paginator("simulate_principal_policy")
        .paginate(
            PolicySourceArn=role,
            ActionNames=list(access.actions),
            ResourceArns=list(access.resources),
            ContextEntries=entries,
        )
    )
    return [each for page in pages for each in page["EvaluationResults"]]


ROLES = ("glue-job", "table-maintenance", "table-parity", "athena-reader", "dbt", "topology", "table-optimizer")
# What knows no resource: AWS's service authorization reference.
_WITHOUT_RESOURCE = {"cloudwatch:PutMetricData"}


def _policies(deployment: Deployment, role: str) -> Iterator[dict[str, Any]]:
    iam = deployment.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
        yield found["PolicyVersion"]["Document"]


def _no_wildcards(deployment: Deployment) -> Verdict:
    wide = [
        f"{role}: {', '.join(sorted(actions))} on everything"
        for role in map(deployment.role_name, ROLES)
        for document in _policies(deployment, role)
        for statement in _listed(document["Statement"])
        if (actions := _wide(statement))
    ]
    return none_of(wide, f"{len(ROLES)} roles", _APPLY)


def _wide(statement: dict[str, Any]) -> set[str]:
    """Actions that a statement allows too widely: by a wildcard for actions, or on everything."""
    if statement["Effect"] != "Allow":
        return set()
    actions = set(_listed(statement.get("Action", [])))
    if "*" in _listed(statement.get("Resource", [])):
        return actions - _WITHOUT_RESOURCE
    return {action for action in actions if action in ("*", "s3:*", "glue:*", "iam:*", "athena:*", "kms:*")}


def _trusts(deployment: Deployment) -> Verdict:
    """A service may assume a role only for this account: no other customer of the service gets it to."""
    iam = deployment.client("iam")
    offenders = []
    for who in ("glue-job", "table-maintenance", "table-parity", "table-optimizer"):
        role = deployment.role_name(who)
        document = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        if f'"aws:SourceAccount": "{deployment.account_id}"' not in json.dumps(document):
            offenders.append(f"{role} trusts a service that acts for any account")
    return none_of(offenders, "aws:SourceAccount is asked for", _APPLY)


def _bounded(deployment: Deployment) -> Verdict:
    iam = deployment.client("iam")
    boundaries = {
        role: iam.get_role(RoleName=role)["Role"].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        for role in map(deployment.role_name, ROLES)
    }
    if deployment.values.permissions_boundary_arn is None:
        return passed("none is asked for")
    unbound = [f"{role} has no permission boundary" for role, boundary in boundaries.items() if not boundary]
    return none_of(unbound, str(next(iter(boundaries.values()))), "Set permissions_boundary_arn, then `make apply`.")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


LINES = (
    Line(
        "iam.glue_reads_landing",
        "The Silver job reads what is landed",
        _may("glue-job", lambda at: [
            Access(("s3:GetObject",), at.objects("landing", _FILE)), at.listing("landing", "course_id=x/"),
        ]),
    ),
    Line(
        "iam.glue_writes_silver",
        "The Silver job writes Silver's files and its tables in the catalog",
        _may("glue-job", lambda at: [
            Access(("s3:GetObject", *_CHANGE_OBJECTS), at.objects("source", "warehouse/silver/x")),
            Access(("glue:GetTable", *_CHANGE_TABLES), at.tables("silver")),
        ]),
    ),
    Line(
        "iam.glue_reports",
        "The Silver job writes quarantine, run summaries and logs",
        _may("glue-job", lambda at: [
            Access(("s3:GetObject", "s3:PutObject"), at.objects("quarantine", "silver/x")),
            Access(("s3:GetObject", "s3:PutObject"), at.objects("observability", "silver/x")),
            Access(("logs:CreateLogStream", "logs:PutLogEvents"), at.log_group()),
        ]),
    ),
    Line(
        "iam.glue_keys",
        "The Silver job uses the zones' keys through S3",
        _may("glue-job", lambda at: [
            at.keys("kms:Decrypt", "landing"),
            at.keys("kms:GenerateDataKey", "source", "quarantine", "observability"),
        ]),
    ),
    Line(
        "iam.glue_bounds",
        "The Silver job changes neither landed files nor Gold, and passes no role on",
        _may_not("glue-job", lambda at: [
            Access(_CHANGE_OBJECTS, at.objects("landing", _FILE)),
            Access(_CHANGE_OBJECTS, at.objects("serve", "warehouse/gold/x")),
            Access(("glue:UpdateTable", "glue:DeleteTable"), at.table("gold")),
            Access(("iam:PassRole", "sts:AssumeRole"), at.role("dbt")),
        ]),
    ),
    Line(
        "iam.dbt_builds_gold",
        "dbt queries in the workgroup, reads Silver and writes Gold",
        _may("dbt", lambda at: [
            Access(_QUERY, at.workgroup()),
            Access(("s3:GetObject", "s3:PutObject"), at.objects("observability", "athena-results/x")),
            Access(("s3:GetObject",), at.objects("source", "warehouse/silver/x")),
            Access(("s3:GetObject", *_CHANGE_OBJECTS), at.objects("serve", "warehouse/gold_build/x")),
            Access(_READ_TABLES, at.tables("silver")),
            Access((*_READ_TABLES, *_CHANGE_TABLES), at.tables("gold_build")),
            at.keys("kms:Decrypt", "source"), at.keys("kms:GenerateDataKey", "serve", "observability"),
        ]),
    ),
    Line(
        "iam.dbt_bounds",
        "dbt changes nothing of Silver, lands nothing and starts no job",
        _may_not("dbt", lambda at: [
            Access(_CHANGE_OBJECTS, at.objects("source", "warehouse/silver/x")),
            Access(_CHANGE_OBJECTS, at.objects("landing", _FILE)),
            Access((*_CHANGE_TABLES, "glue:DeleteTable"), at.table("silver")),
            Access(("glue:StartJobRun",), at.job()),
        ]),
    ),
    Line(
        "iam.reader_reads",
        "Readers query Gold in the workgroup",
        _may("athena-reader", lambda at: [
            Access(_QUERY, at.workgroup()),
            Access(("s3:GetObject",), at.objects("serve", "warehouse/gold/x")),
            Access(_READ_TABLES, at.tables("gold")),
        ]),
    ),
    Line(
        "iam.reader_bounds",
        "Readers change nothing",
        _may_not("athena-reader", lambda at: [
            Access(_CHANGE_OBJECTS, at.objects("serve", "warehouse/gold/x")),
            Access(_CHANGE_OBJECTS, at.objects("source", "warehouse/silver/x")),
            Access((*_CHANGE_TABLES, "glue:DeleteTable"), (*at.table("gold"), *at.table("silver"))),
        ]),
    ),
    Line(
        "iam.airflow_conducts",
        "Airflow starts and watches the job, and works under dbt's role",
        _may("airflow", lambda at: [
            Access(("glue:StartJobRun", "glue:GetJobRun"), at.job()), Access(("sts:AssumeRole",), at.role("dbt")),
        ]),
    ),
    Line(
        "iam.airflow_bounds",
        "Airflow makes and changes no job, passes no role on and touches no table",
        _may_not("airflow", lambda at: [
            Access(("glue:CreateJob", "glue:UpdateJob", "glue:DeleteJob"), at.job()),
            Access(("iam:PassRole",), at.role("glue-job")),
            Access(_CHANGE_OBJECTS, at.objects("source", "warehouse/silver/x")),
        ]),
    ),
    Line("iam.narrow", "No role may do anything on everything", _no_wildcards),
    Line("iam.trusts", "Services act for this account only", _trusts),
    Line("iam.bounded", "Every role has the permission boundary", _bounded),
)  # fmt: skip
