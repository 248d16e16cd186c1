"""How AWS words a refusal, and under which code each service answers it."""

from dataclasses import dataclass

from tm_localstack.iam.evaluation import Decision, Request

FORBIDDEN, BAD_REQUEST = 403, 400
# Services of the older protocols; all others say AccessDeniedException, with status 400.
_CODES = {
    "s3": ("AccessDenied", FORBIDDEN),
    "iam": ("AccessDenied", FORBIDDEN),
    "sts": ("AccessDenied", FORBIDDEN),
    "cloudwatch": ("AccessDenied", FORBIDDEN),
    "sqs": ("AccessDenied", FORBIDDEN),
    "sns": ("AuthorizationError", FORBIDDEN),
    "ec2": ("UnauthorizedOperation", FORBIDDEN),
    "mwaa": ("AccessDeniedException", FORBIDDEN),
}


@dataclass(frozen=True)
class Refusal:
    """A service's answer to a call that is not allowed."""

    code: str
    message: str
    status: int


def refusal(request: Request, decision: Decision, service: str) -> Refusal:
    """The answer of a service to a call that was refused, maybe for what it needs of another service."""
    code, status = _CODES.get(service, ("AccessDeniedException", BAD_REQUEST))
    return Refusal(code, message_of(request, decision), status)


def message_of(request: Request, decision: Decision) -> str:
    """Who may not do what, and why."""
    quoted = f'"{request.resource}"' if request.action.startswith("s3:") else request.resource
    on_resource = "" if request.resource == "*" else f" on resource: {quoted}"
    article = "an" if decision.kind[0] in "aeiou" else "a"
    because = (
        f"with an explicit deny in {article} {decision.kind}"
        if decision.is_explicit
        else f"because no {decision.kind} allows the {request.action} action"
    )
    return f"User: {request.principal.arn} is not authorized to perform: {request.action}{on_resource} {because}"
