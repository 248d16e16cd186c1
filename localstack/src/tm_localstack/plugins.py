"""LocalStack's entry points. Imports are inside: LocalStack resolves every plugin, but loads a service on first use."""

from localstack.services.plugins import Service, aws_provider


@aws_provider()
def glue() -> Service:
    """The Data Catalog and Glue jobs."""
    from tm_localstack.core import service_of
    from tm_localstack.glue.provider import GlueProvider

    return service_of(GlueProvider())


@aws_provider()
def athena() -> Service:
    """Athena on Trino."""
    from tm_localstack.athena.provider import AthenaProvider
    from tm_localstack.core import service_of

    return service_of(AthenaProvider())


@aws_provider(api="cloudwatch", name="tm")
def cloudwatch() -> Service:
    """CloudWatch, keeping the tags of alarms."""
    from tm_localstack.cloudwatch import TaggingCloudwatchProvider

    return Service.for_provider(TaggingCloudwatchProvider())
