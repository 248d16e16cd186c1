"""The rights of a caller in whose name a service works."""

from collections.abc import Sequence
from dataclasses import dataclass

from tm_localstack.iam.callers import caller_of
from tm_localstack.iam.calls.call import Access
from tm_localstack.iam.judge import judge
from tm_localstack.iam.record import call_record
from tm_localstack.iam.refusals import message_of
from tm_localstack.iam.request_context import context_keys
from tm_localstack.iam.resources import Resources


class AccessRefusedError(Exception):
    """The caller has not the right. The message says so as AWS does; `resource` is what it was about."""

    def __init__(self, message: str, resource: str) -> None:
        super().__init__(message)
        self.resource = resource


@dataclass(frozen=True)
class CallersRights:
    """Rights of the owner of an access key, asked for by the service `via`."""

    access_key_id: str
    account_id: str
    region: str
    via: str

    def demand(self, accesses: Sequence[Access]) -> None:
        """
        Raises:
            AccessRefusedError: one of the accesses is not allowed.
        """
        caller = caller_of(self.access_key_id, self.account_id)
        keys = context_keys(caller, {}, region=self.region, source_ip="127.0.0.1", is_secure=True)
        through = {"aws:calledvia": (self.via,), "aws:viaawsservice": ("true",)}
        verdicts = judge(caller, accesses, {**keys, **through}, self.resources)
        call_record().add(caller, verdicts)
        if verdicts and not verdicts[-1].decision.is_allowed:
            last = verdicts[-1]
            raise AccessRefusedError(message_of(last.request, last.decision), last.request.resource)

    @property
    def resources(self) -> Resources:
        """The resources that the rights are about."""
        return Resources(self.account_id, self.region)
