"""LocalStack's entry points. Imports are inside: LocalStack resolves every plugin, but loads a service on first use."""

from localstack.runtime import hooks
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


@aws_provider()
def mwaa() -> Service:
    """MWAA on a real Airflow."""
    from tm_localstack.core import service_of
    from tm_localstack.mwaa.provider import MwaaProvider

    return service_of(MwaaProvider())


@aws_provider(api="cloudwatch", name="tm")
def cloudwatch() -> Service:
    """CloudWatch, keeping the tags of alarms."""
    from tm_localstack.cloudwatch import TaggingCloudwatchProvider

    return Service.for_provider(TaggingCloudwatchProvider())


@aws_provider(api="iam", name="tm")
def iam() -> Service:
    """IAM with a policy simulator that evaluates."""
    from localstack.services.moto import MotoFallbackDispatcher

    from tm_localstack.iam.provider import SimulatingIamProvider

    return Service.for_provider(SimulatingIamProvider(), dispatch_table_factory=MotoFallbackDispatcher)


@aws_provider(api="ec2", name="tm")
def ec2() -> Service:
    """EC2, taking flow logs as the API describes them."""
    from localstack.services.moto import MotoFallbackDispatcher

    from tm_localstack.ec2 import FlowLogEc2Provider

    return Service.for_provider(FlowLogEc2Provider(), dispatch_table_factory=MotoFallbackDispatcher)


@aws_provider(api="s3", name="tm")
def s3() -> Service:
    """S3 whose listings lose no key."""
    from tm_localstack.s3 import WholeListingS3Provider

    return Service.for_provider(WholeListingS3Provider())


@hooks.on_infra_start()
def enforce_iam() -> None:
    """Judge every call by the policies of its caller and of what it is about."""
    from localstack.aws import handlers
    from localstack.services.edge import ROUTER

    from tm_localstack.config import local_config
    from tm_localstack.iam.endpoint import ISSUERS_PATH, PATH, IamEndpoint, IssuersEndpoint
    from tm_localstack.iam.enforcement import Enforcement
    from tm_localstack.iam.record import call_record
    from tm_localstack.iam.web_identity import Issuers

    record, issuers = call_record() if local_config().enforces_iam else None, Issuers()
    if record:
        handlers.serve_custom_service_request_handlers.append(Enforcement(record, issuers))
    ROUTER.add(PATH, IamEndpoint(record), methods=["GET"])
    ROUTER.add(ISSUERS_PATH, IssuersEndpoint(issuers), methods=["GET", "POST"])


@hooks.on_infra_start()
def inject_faults() -> None:
    """Let `/_tm/faults` decide what goes wrong; without a rule nothing does."""
    from localstack.aws import handlers
    from localstack.services.edge import ROUTER

    from tm_localstack.faults.endpoint import PATH, FaultsEndpoint
    from tm_localstack.faults.handlers import FaultAfter, FaultBefore
    from tm_localstack.faults.rules import Faults

    faults = Faults()
    handlers.serve_custom_service_request_handlers.append(FaultBefore(faults))
    handlers.run_custom_response_handlers.append(FaultAfter(faults))
    endpoint = FaultsEndpoint(faults)
    ROUTER.add(PATH, endpoint.all, methods=["GET", "POST", "DELETE"])
    ROUTER.add(f"{PATH}/<name>", endpoint.one, methods=["GET", "POST", "DELETE"])
