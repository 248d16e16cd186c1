"""Where faults meet LocalStack's calls: after a request is parsed, and before its answer goes out."""

import time

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.chain import HandlerChain
from localstack.aws.handlers.service import ServiceExceptionSerializer
from localstack.http import Response

from tm_localstack.faults.rules import Call, Fault, Faults


class FaultBefore:
    """Request handler: the call is not carried out."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def __call__(self, chain: HandlerChain, context: RequestContext, response: Response) -> None:  # noqa: ARG002
        if not self._faults or (call := call_of(context)) is None:
            return
        fault = self._faults.struck_by(call, "before")
        if fault is None:
            return
        if not _goes_on(fault):
            raise _error_of(fault)


class FaultAfter:
    """Response handler: the call has been carried out, and its caller may not learn of it."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._serializer = ServiceExceptionSerializer()

    def __call__(self, chain: HandlerChain, context: RequestContext, response: Response) -> None:  # noqa: ARG002
        if not self._faults or context.service_exception or (call := call_of(context)) is None:
            return
        fault = self._faults.struck_by(call, "after")
        if fault is None:
            return
        if not _goes_on(fault):
            response.update_from(self._serializer.create_exception_response(_error_of(fault), context))


def call_of(context: RequestContext) -> Call | None:
    """The call of a request; None where it is none of AWS's."""
    if not context.service or not context.operation:
        return None
    request = context.service_request or {}
    service = context.service.service_name
    if service == "s3":
        return Call(service, context.operation.name, f"{request.get('Bucket', '')}/{request.get('Key', '')}")
    table = request.get("TableInput", {}).get("Name") or request.get("TableName") or request.get("Name") or ""
    resource = f"{request['DatabaseName']}.{table}" if "DatabaseName" in request else str(table)
    return Call(service, context.operation.name, resource if service == "glue" else "")


def _error_of(fault: Fault) -> CommonServiceException:
    rule = fault.rule
    return CommonServiceException(rule.code, f"Injected by the fault {rule.name!r}.", status_code=rule.status)


def _goes_on(fault: Fault) -> bool:
    """Wait as the fault demands; whether the call then goes on as if nothing had been."""
    if fault.rule.effect == "delay":
        time.sleep(fault.rule.seconds)
        return True
    return fault.rule.effect == "hold" and fault.hold()
