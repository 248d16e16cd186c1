"""A caller, with all policies that bear on what it does."""

from dataclasses import dataclass

from tm_localstack.iam.documents import Document
from tm_localstack.iam.evaluation import Principal


@dataclass(frozen=True)
class Caller:
    """A principal and its policies, as they are at the time of the call. `tags` are those of the role or user."""

    principal: Principal
    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    session: tuple[Document, ...] | None = None
    tags: tuple[tuple[str, str], ...] = ()
    user_name: str | None = None
