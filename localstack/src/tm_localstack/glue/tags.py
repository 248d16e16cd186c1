"""Tags of jobs and triggers, in the store that moto's GetTags, TagResource and UntagResource use."""

from localstack.aws.api import RequestContext

from tm_localstack.glue.catalog import backend_of


def arn_of(context: RequestContext, kind: str, name: str) -> str:
    """The ARN of a Glue resource of the caller's account and region."""
    return f"arn:aws:glue:{context.region}:{context.account_id}:{kind}/{name}"


def keep(context: RequestContext, arn: str, tags: dict[str, str] | None) -> None:
    """Give a new resource its tags."""
    backend_of(context).tag_resource(arn, tags)


def forget(context: RequestContext, arn: str) -> None:
    """Drop the tags of a deleted resource, so that a new one of the same name starts without them."""
    tagger = backend_of(context).tagger
    if tagger.has_tags(arn):
        tagger.delete_all_tags_for_resource(arn)


def match(context: RequestContext, arn: str, wanted: dict[str, str] | None) -> bool:
    """Whether a resource carries all of the wanted tags."""
    found: dict[str, str] = backend_of(context).get_tags(arn)
    return (wanted or {}).items() <= found.items()
