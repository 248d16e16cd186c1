"""Which module knows the calls of a service."""

from collections.abc import Callable

from tm_localstack.iam.calls import athena, glue, others, s3
from tm_localstack.iam.calls.call import Access, Call

_SERVICES: dict[str, Callable[[Call], list[Access]]] = {
    "s3": s3.accesses,
    "glue": glue.accesses,
    "athena": athena.accesses,
    "sts": others.sts,
    "kms": others.kms,
    "logs": others.logs,
    "cloudwatch": others.cloudwatch,
    "sqs": others.sqs,
    "sns": others.sns,
    "events": others.events,
    "secretsmanager": others.secretsmanager,
    "mwaa": others.mwaa,
    "iam": others.iam,
}


def accesses_of(call: Call) -> list[Access]:
    """All that a call needs; of a service that is not known here, its operation on everything."""
    known = _SERVICES.get(call.service)
    return known(call) if known else [Access(f"{call.service}:{call.operation}", "*")]
