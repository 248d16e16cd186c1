"""The services of which the lakehouse uses little."""

from tm_localstack.iam.calls.call import Access, Call, passed_role, tagged


def sts(call: Call) -> list[Access]:
    """STS: who one is, everybody may know."""
    if call.operation == "GetCallerIdentity":
        return []
    context: dict[str, tuple[str, ...]] = {}
    if external := call.request.get("ExternalId"):
        context["sts:externalid"] = (str(external),)
    if session := call.request.get("RoleSessionName"):
        context["sts:rolesessionname"] = (str(session),)
    return [Access(f"sts:{call.operation}", str(call.request.get("RoleArn") or "*"), context)]


def kms(call: Call) -> list[Access]:
    """KMS: keys by their ARN, whatever they were called by."""
    action = {"ReEncrypt": "ReEncryptFrom"}.get(call.operation, call.operation)
    names = ("KeyId", "TargetKeyId", "SourceKeyId", "AliasName")
    named = next((call.request[name] for name in names if call.request.get(name)), None)
    key = call.lookups.key_arn(str(named)) if named else None
    found = [Access(f"kms:{action}", key or str(named or "*"), tagged(call.lookups.key_tags(key)) if key else {})]
    if alias := call.request.get("AliasName"):
        found.append(Access(f"kms:{action}", call.arn("kms", str(alias))))
    return found


def logs(call: Call) -> list[Access]:
    """CloudWatch Logs: a group's name, and the stream's where there is one."""
    group = call.request.get("logGroupName") or call.request.get("logGroupIdentifier")
    if "resourceArn" in call.request:
        return [Access(f"logs:{call.operation}", str(call.request["resourceArn"]))]
    if not group:
        prefix = call.request.get("logGroupNamePrefix") or ""
        return [Access(f"logs:{call.operation}", call.arn("logs", f"log-group:{prefix}:log-stream:"))]
    stream = call.request.get("logStreamName") or ""
    return [Access(f"logs:{call.operation}", call.arn("logs", f"log-group:{group}:log-stream:{stream}"))]


def cloudwatch(call: Call) -> list[Access]:
    """CloudWatch: metrics know no resource, but a namespace."""
    if call.operation == "PutMetricData":
        return [Access("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": (str(call.request["Namespace"]),)})]
    names = call.request.get("AlarmNames") or [call.request.get("AlarmName")]
    arns = [call.arn("cloudwatch", f"alarm:{name}") for name in names if name]
    if "ResourceARN" in call.request:
        arns = [str(call.request["ResourceARN"])]
    boards = call.request.get("DashboardNames") or [call.request.get("DashboardName")]
    if any(boards):
        arns = [f"arn:aws:cloudwatch::{call.account_id}:dashboard/{board}" for board in boards]
    return [Access(f"cloudwatch:{call.operation}", arn) for arn in arns or ["*"]]


def sqs(call: Call) -> list[Access]:
    """SQS: queues by the last part of their address."""
    name = call.request.get("QueueName") or str(call.request.get("QueueUrl") or "*").rsplit("/", 1)[-1]
    action = call.operation.removesuffix("Batch")
    return [Access(f"sqs:{action}", "*" if name == "*" else call.arn("sqs", str(name)))]


def sns(call: Call) -> list[Access]:
    """SNS: topics."""
    named = next(
        (call.request[name] for name in ("TopicArn", "TargetArn", "ResourceArn") if call.request.get(name)), ""
    )
    if not named and (name := call.request.get("Name")):
        named = call.arn("sns", str(name))
    subscription = call.request.get("SubscriptionArn")
    return [Access(f"sns:{call.operation.removesuffix('Batch')}", str(named or subscription or "*"))]


def events(call: Call) -> list[Access]:
    """EventBridge: rules of the default bus."""
    name = call.request.get("Rule") or call.request.get("Name")
    named = call.request.get("ResourceARN") or (call.arn("events", f"rule/{name}") if name else "*")
    return [Access(f"events:{call.operation}", str(named))]


def secretsmanager(call: Call) -> list[Access]:
    """Secrets Manager: a secret's ARN ends in characters of its own."""
    named = call.request.get("SecretId")
    if named:
        # One that is gone can still be asked for by its ARN.
        is_arn = str(named).startswith("arn:")
        told = str(named) if is_arn else call.arn("secretsmanager", f"secret:{named}")
        resource = call.lookups.secret_arn(str(named)) or told
    elif name := call.request.get("Name"):
        resource = call.arn("secretsmanager", f"secret:{name}-??????")
    else:
        resource = "*"
    return [Access(f"secretsmanager:{call.operation}", resource)]


def mwaa(call: Call) -> list[Access]:
    """MWAA, whose actions are called airflow's. Who signs in does so as a role of Airflow's."""
    name = call.request.get("Name")
    if not name:
        return [Access(f"airflow:{call.operation}", str(call.request.get("ResourceArn") or "*"))]
    if call.operation in ("CreateWebLoginToken", "InvokeRestApi"):
        return [Access(f"airflow:{call.operation}", call.arn("airflow", f"role/{name}/Admin"))]
    found = [Access(f"airflow:{call.operation}", call.arn("airflow", f"environment/{name}"))]
    return found + passed_role(call, call.request.get("ExecutionRoleArn"), "airflow.amazonaws.com")


def iam(call: Call) -> list[Access]:
    """IAM: the role, user, policy or provider that the call names."""
    context: dict[str, tuple[str, ...]] = {}
    # What is asked for, or else what the role has: so a role's policy can be let change only while it is bounded.
    role = call.request.get("RoleName")
    boundary = call.request.get("PermissionsBoundary") or (call.lookups.role_boundary(str(role)) if role else None)
    if boundary:
        context["iam:permissionsboundary"] = (str(boundary),)
    named = call.request.get("PolicyArn")
    if named and "RoleName" in call.request:
        context["iam:policyarn"] = (str(named),)
    return [Access(f"iam:{call.operation}", _iam_resource(call), context)]


_IAM_NAMES = {
    "RoleName": "role",
    "UserName": "user",
    "GroupName": "group",
    "InstanceProfileName": "instance-profile",
    "PolicyName": "policy",
}


def _iam_resource(call: Call) -> str:
    request = call.request
    for name in ("OpenIDConnectProviderArn", "PolicyArn"):
        if request.get(name) and "RoleName" not in request and "UserName" not in request:
            return str(request[name])
    if url := request.get("Url"):
        host = str(url).removeprefix("https://")
        return f"arn:aws:iam::{call.account_id}:oidc-provider/{host}"
    path = str(request.get("Path") or "/").strip("/")
    for name, kind in _IAM_NAMES.items():
        if value := request.get(name):
            return f"arn:aws:iam::{call.account_id}:{kind}/{f'{path}/' if path else ''}{value}"
    return "*"
