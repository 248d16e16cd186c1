"""Where IAM meets LocalStack's calls: each is judged after its request is parsed, and refused as AWS refuses."""

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Response

from tm_localstack.iam.access_keys import access_key_of
from tm_localstack.iam.caller import Caller
from tm_localstack.iam.callers import caller_of
from tm_localstack.iam.calls.call import Call
from tm_localstack.iam.calls.registry import accesses_of
from tm_localstack.iam.conditions import Context
from tm_localstack.iam.evaluation import Principal
from tm_localstack.iam.judge import judge
from tm_localstack.iam.record import CallRecord
from tm_localstack.iam.refusals import refusal
from tm_localstack.iam.request_context import context_keys
from tm_localstack.iam.resources import Resources
from tm_localstack.iam.web_identity import Issuers, TokenRefusedError, holder_of

_BY_TOKEN, _BY_ASSERTION = "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"


class Enforcement:
    """Request handler: a call goes on if every access that it needs is allowed."""

    def __init__(self, record: CallRecord, issuers: Issuers) -> None:
        self._record = record
        self._issuers = issuers

    def __call__(self, chain: HandlerChain, context: RequestContext, response: Response) -> None:  # noqa: ARG002
        if context.is_internal_call or not context.service or not context.operation:
            return
        call = _call(context)
        _refuse_what_is_not_read(call)
        account_id = _account_of(call)
        caller, claims = self._caller(context, call, account_id)
        keys = context_keys(
            caller,
            call.request,
            region=call.region,
            source_ip=context.request.remote_addr or "127.0.0.1",
            is_secure=_is_secure(context),
        )
        verdicts = judge(caller, accesses_of(call), {**keys, **claims}, Resources(account_id, context.region))
        self._record.add(caller, verdicts)
        if verdicts and not verdicts[-1].decision.is_allowed:
            answer = refusal(verdicts[-1].request, verdicts[-1].decision, call.service)
            raise CommonServiceException(answer.code, answer.message, status_code=answer.status, sender_fault=True)

    def _caller(self, context: RequestContext, call: Call, account_id: str) -> tuple[Caller, Context]:
        """Who calls, and what a token says of them."""
        if call.operation == _BY_TOKEN:
            try:
                holder = holder_of(call.request["WebIdentityToken"], account_id, self._issuers)
            except TokenRefusedError as refused:
                raise CommonServiceException(
                    refused.code, str(refused), status_code=400, sender_fault=True
                ) from refused
            return holder.caller, holder.context
        key = access_key_of(context)
        if key is None:
            return Caller(Principal("Anonymous", "anonymous", "", "anonymous")), {}
        return caller_of(key, context.account_id), {}


def _account_of(call: Call) -> str:
    """The account that the call is made in: who comes with a token alone has none but the role's."""
    role = str(call.request.get("RoleArn", ""))
    return role.split(":")[4] if call.operation == _BY_TOKEN and role.count(":") >= 5 else call.account_id


def _is_secure(context: RequestContext) -> bool:
    """The gateway on the loopback device stands for AWS's TLS, unless the call says that it came without."""
    return str(context.request.headers.get("X-Forwarded-Proto", "https")).lower() != "http"


def _refuse_what_is_not_read(call: Call) -> None:
    """Sessions by what nobody verifies here, or wider than they should be."""
    if call.operation == _BY_ASSERTION:
        raise CommonServiceException("NotImplemented", "SAML assertions: not carried out.", status_code=501)
    if call.request.get("PolicyArns"):
        raise CommonServiceException("NotImplemented", "PolicyArns of a session: not carried out.", status_code=501)


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
