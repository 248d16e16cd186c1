"""What a role's own policies allow and its permissions boundary does not: rights that look given and are not."""

from collections.abc import Iterator
from typing import Any

import boto3

# Keys that boundaries ask for; policies themselves ask for the same or less.
CONTEXT = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}


def bounded_roles(prefix: str) -> list[str]:
    """The account's roles whose names begin so."""
    pages = boto3.client("iam").get_paginator("list_roles").paginate()
    return sorted(role["RoleName"] for page in pages for role in page["Roles"] if role["RoleName"].startswith(prefix))


def out_of_bounds(role: str) -> list[str]:
    """The rights `action on resource` that the role's policies give and its boundary takes."""
    iam = boto3.client("iam")
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    context = [
        {"ContextKeyName": key, "ContextKeyValues": [CONTEXT[key]], "ContextKeyType": "string"} for key in CONTEXT
    ]
    taken = []
    for statement in _statements(iam, role):
        answer = iam.simulate_principal_policy(
            PolicySourceArn=arn,
            ActionNames=[_plain(action) for action in _listed(statement["Action"])],
            ResourceArns=[_plain(resource) for resource in _listed(statement["Resource"])],
            ContextEntries=context,
        )
        taken += [
            f"{result['EvalActionName']} on {result['EvalResourceName']}"
            for result in answer["EvaluationResults"]
            if not result["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"]
        ]
    return taken


def _statements(iam: Any, role: str) -> Iterator[dict[str, Any]]:
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
        got = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
        documents.append(got["PolicyVersion"]["Document"])
    for document in documents:
        yield from (each for each in _listed(document["Statement"]) if each["Effect"] == "Allow")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(pattern: str) -> str:
    """One of what the pattern means; `*` alone is a resource's name too, of calls that know none."""
    return pattern if pattern == "*" else pattern.replace("*", "")
