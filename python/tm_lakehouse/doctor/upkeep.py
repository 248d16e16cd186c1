"""Section 8: what has to be looked after: logs, alerts, optimizers, quotas, drift and versions."""

import re
import shutil
from typing import Any

from botocore.exceptions import ClientError

from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, failed, none_of, passed, told, warned
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.maintenance.choice import kept_tables, without_optimizers
from tm_lakehouse.terraform.process import executable
from tm_lakehouse.terraform.runner import Lakehouse

LOG_GROUPS = ("/aws-glue/jobs/output", "/aws-glue/jobs/error")
# Service, start of the quota's name, and the least that a day's load of all courses wants.
QUOTAS = (("glue", "Max concurrent job runs per account", 5), ("athena", "Active DML queries", 20))


def _logs(deployment: Deployment) -> Verdict:
    logs = deployment.client("logs")
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws-glue/jobs/")
    there = {each["logGroupName"]: each for page in pages for each in page["logGroups"]}
    wrong = [f"{name} is missing" for name in LOG_GROUPS if name not in there]
    kept = {name: group for name, group in there.items() if name in LOG_GROUPS}
    wrong += [f"{name} keeps logs for ever" for name, group in kept.items() if not group.get("retentionInDays")]
    wrong += [f"{name} is not encrypted by a key" for name, group in kept.items() if not group.get("kmsKeyId")]
    days = sorted({group.get("retentionInDays") for group in kept.values()}, key=str)
    return none_of(wrong, f"kept for {', '.join(map(str, days))} days", "Run `make apply`.")


def _alerts(deployment: Deployment) -> Verdict:
    topic = deployment.environment.get("TM_ALERT_TOPIC_ARN", "")
    sns = deployment.client("sns")
    try:
        listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] if topic else None
    except sns.exceptions.NotFoundException:
        listed = None
    if listed is None:
        return failed("there is no topic for alerts", "Run `make apply`.")
    confirmed = [each for each in listed if each["SubscriptionArn"].startswith("arn:")]
    if not confirmed:
        return warned("nobody gets the alerts", "Set alert_emails, apply, and confirm the message that comes.")
    return passed(f"{len(confirmed)} get them")


def _optimizers(deployment: Deployment) -> Verdict:
    glue = deployment.client("glue")
    tables = kept_tables(glue, deployment.settings)
    if not tables:
        return warned("there is no table yet", "Load and build, then `tm-lakehouse maintain enable`.")
    without = [f"{database}.{name}" for database, name in without_optimizers(glue, tables)]
    if without and not deployment.settings.airflow_environment:
        return warned(f"not kept in shape: {told(without)}", "`tm-lakehouse maintain enable`, or `maintain run` daily.")
    if without:
        return passed(f"the maintenance DAG keeps {len(without)} of {len(tables)} tables")
    return passed(f"{len(tables)} tables")


def _quotas(deployment: Deployment) -> Verdict:
    small, seen = [], []
    for service, name, least in QUOTAS:
        try:
            found = _quota(deployment.client("service-quotas"), service, name)
        except ClientError as error:
            return warned(f"not told: {error}", "On AWS, ask for servicequotas:ListServiceQuotas. A laptop has none.")
        if found is None:
            small.append(f"{service}: no quota called {name}")
        else:
            seen.append(f"{found['QuotaName']} {found['Value']:.0f}")
            small += [f"{found['QuotaName']} is {found['Value']:.0f}, under {least}"] if found["Value"] < least else []
    return warned(told(small), "Ask AWS for more: Service Quotas in the console.") if small else passed(", ".join(seen))


def _quota(quotas: Any, service: str, name: str) -> dict[str, Any] | None:
    pages = quotas.get_paginator("list_service_quotas").paginate(ServiceCode=service)
    listed = (each for page in pages for each in page["Quotas"])
    return next((each for each in listed if each["QuotaName"].startswith(name)), None)


def _drift(deployment: Deployment, lakehouse: Lakehouse) -> Verdict:
    try:
        lakehouse.init()
        has_changes = lakehouse.plan()
    except (LakehouseError, ClientError) as error:
        return failed(f"terraform can't plan: {error}", f"Read {lakehouse.log}.")
    if has_changes:
        return warned("AWS is not as the configuration says", f"`make plan ENV={deployment.name}` shows where.")
    return passed("a plan changes nothing")


def drift_line(lakehouse: Lakehouse) -> Line:
    """The line that asks Terraform, which takes longer than all others together."""
    return Line("upkeep.drift", "AWS is as the configuration says", lambda deployment: _drift(deployment, lakehouse))


def _versions(deployment: Deployment) -> Verdict:
    try:
        executable()
    except LakehouseError as error:
        return failed(error.reason, error.next_step)
    lock = deployment.project / "terraform" / "lakehouse" / ".terraform.lock.hcl"
    provider = re.search(r'version\s+= "([^"]+)"', lock.read_text(encoding="utf-8"))
    if provider is None:
        return failed(f"{lock} pins no provider", "Restore it from git.")
    return passed(f"{shutil.which('terraform')}, AWS provider {provider[1]}")


LINES = (
    Line("upkeep.logs", "The jobs' logs are encrypted, and kept as long as configured", _logs),
    Line("upkeep.alerts", "Somebody gets the alerts", _alerts),
    Line("upkeep.optimizers", "Every table is kept in shape", _optimizers),
    Line("upkeep.quotas", "The account's quotas suffice", _quotas),
    Line("upkeep.versions", "Terraform is new enough, its provider pinned", _versions),
)
