"""Where IAM meets LocalStack's calls: each is judged after its request is parsed, and refused as AWS refuses."""

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Response

from tm_localstack.iam.access_keys import access_key_of
from tm_localstack.iam.caller import Caller
from tm_localstack.iam.callers import caller_of
from tm_localstack.iam.calls.call import Call
from tm_localstack.iam.calls.registry import accesses_of
from tm_localstack.iam.evaluation import Principal
from tm_localstack.iam.judge import judge
from tm_localstack.iam.record import CallRecord
from tm_localstack.iam.refusals import refusal
from tm_localstack.iam.request_context import context_keys
from tm_localstack.iam.resources import Resources

_WEB_IDENTITY = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


class Enforcement:
    """Request handler: a call goes on if every access that it needs is allowed."""

    def __init__(self, record: CallRecord) -> None:
        self._record = record

    def __call__(self, chain: HandlerChain, context: RequestContext, response: Response) -> None:  # noqa: ARG002
        if context.is_internal_call or not context.service or not context.operation:
            return
        call = _call(context)
        if call.operation in _WEB_IDENTITY:
            raise CommonServiceException(
                "InvalidIdentityToken", "This emulator can't tell whether a token is genuine.", status_code=400
            )
        if call.request.get("PolicyArns"):
            # Not read by the store of sessions: such a session would be wider than it should.
            raise CommonServiceException("NotImplemented", "PolicyArns of a session: not carried out.", status_code=501)
        caller = _caller(context)
        resources = Resources(context.account_id, context.region)
        keys = context_keys(
            caller,
            call.request,
            region=call.region,
            source_ip=context.request.remote_addr or "127.0.0.1",
            # The gateway on the loopback device stands for AWS's TLS.
            is_secure=True,
        )
        verdicts = judge(caller, accesses_of(call), keys, resources)
        self._record.add(caller, verdicts)
        if verdicts and not verdicts[-1].decision.is_allowed:
            answer = refusal(verdicts[-1].request, verdicts[-1].decision, call.service)
            raise CommonServiceException(answer.code, answer.message, status_code=answer.status, sender_fault=True)


def _caller(context: RequestContext) -> Caller:
    key = access_key_of(context)
    if key is None:
        return Caller(Principal("Anonymous", "anonymous", "", "anonymous"))
    return caller_of(key, context.account_id)


def _call(context: RequestContext) -> Call:
    assert context.service is not None
    assert context.operation is not None
    return Call(
        service=context.service.service_name,
        operation=context.operation.name,
        request=context.service_request or {},
        account_id=context.account_id,
        region=context.region,
        lookups=Resources(context.account_id, context.region),
    )
