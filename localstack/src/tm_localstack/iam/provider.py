"""LocalStack's IAM looks for the action among a policy's texts; here its simulator evaluates policies."""

from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext, handler
from localstack.services.iam.provider import IamProvider

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.callers import principal_of
from tm_localstack.iam.documents import MalformedPolicyError
from tm_localstack.iam.evaluation import Principal
from tm_localstack.iam.simulation import read, simulate, with_more


class SimulatingIamProvider(IamProvider):
    """IAM whose policy simulator judges as calls are judged."""

    @handler("SimulatePrincipalPolicy", expand=False)
    def simulate_principal_policy(self, context: RequestContext, request: dict[str, Any]) -> dict[str, Any]:
        arn = request["PolicySourceArn"]
        caller = principal_of(arn, context.account_id)
        if caller is None:
            message = f"The policy source {arn} cannot be found."
            raise CommonServiceException("NoSuchEntity", message, status_code=404, sender_fault=True)
        return _simulated(caller, request)

    @handler("SimulateCustomPolicy", expand=False)
    def simulate_custom_policy(self, context: RequestContext, request: dict[str, Any]) -> dict[str, Any]:
        root = f"arn:aws:iam::{context.account_id}:user/simulation"
        return _simulated(Caller(Principal("User", root, context.account_id, root)), request)


def _simulated(caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
    try:
        results = simulate(with_more(caller, request), read(request))
    except MalformedPolicyError as error:
        raise CommonServiceException("InvalidInput", str(error), status_code=400, sender_fault=True) from error
    return {"EvaluationResults": results, "IsTruncated": False}
