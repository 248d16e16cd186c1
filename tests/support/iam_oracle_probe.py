"""Decisions of MiniStack's evaluator on cases that come as JSON; runs in an environment of its own."""

import json
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document


def decision(case):
    """Whether the case's call may go on."""
    context = EvalContext(
        principal_arn=case["principal"],
        principal_type=case["kind"],
        principal_account=case["account"],
        action=case["action"],
        resource_arn=case["resource"],
        region="us-east-1",
        service_context=case["context"],
    )
    identity = [parse_policy_document(document) for document in case["identity"]]
    limits = [
        [parse_policy_document(document) for document in documents]
        for documents in (case["boundary"], case["session"])
        if documents is not None
    ]
    by_identity = evaluate(context, identity, *limits)
    found = combine_resource_policy(
        by_identity, context, case["own"], case["account"], case["is_own_needed"], tuple(limits)
    )
    return found.decision == "Allow"


if __name__ == "__main__":
    json.dump([decision(case) for case in json.load(sys.stdin)], sys.stdout)
