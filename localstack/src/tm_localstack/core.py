"""A LocalStack service out of a botocore model: our handlers, moto for the rest, an error for what neither has."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from localstack.aws.api import CommonServiceException, RequestContext, ServiceException
from localstack.aws.forwarder import ForwardingFallbackDispatcher
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, ServiceLifecycleHook
from moto.core.exceptions import RESTError

LOG = logging.getLogger(__name__)

Handler = Callable[[RequestContext, Any], Any]


class Provider(Protocol):
    """Methods marked with `@handler(operation, expand=False)` answer their operations."""

    service: str


def service_of(provider: Provider) -> Service:
    """Build the service that `provider` overrides.

    A provider's `forward(context, request)`, if it has one, takes the operations that it does not override; otherwise
    they go to moto. What moto does not know answers InternalFailure with status 501.
    """
    model = load_service(provider.service)
    forward: Handler = getattr(provider, "forward", to_moto)
    handlers: dict[str, Handler] = dict.fromkeys(model.operation_names, forward)
    handlers.update(ForwardingFallbackDispatcher(provider, forward))
    internal_error = _internal_error_code(model.shape_names)
    table = {name: _answering_errors(handler, internal_error) for name, handler in handlers.items()}
    service = Service(
        name=provider.service,
        skeleton=Skeleton(model, table),
        lifecycle_hook=provider if isinstance(provider, ServiceLifecycleHook) else None,
    )
    service._provider = provider
    return service


def to_moto(context: RequestContext, request: Any) -> Any:  # noqa: ARG001
    """Let moto answer the call."""
    return call_moto(context)


def _answering_errors(handler: Handler, internal_error: str) -> Handler:
    """Turn what a handler did not foresee into an error that clients show at once: they retry a 500 for seconds."""

    def answer(context: RequestContext, request: Any) -> Any:
        try:
            return handler(context, request)
        except (ServiceException, NotImplementedError):
            raise
        except RESTError as error:
            raise CommonServiceException(error.error_type, error.message, status_code=error.code) from error
        except Exception as error:
            LOG.exception("%s.%s failed", context.service.service_name, context.operation.name)
            message = f"{context.operation.name} failed: {type(error).__name__}: {error}"
            raise CommonServiceException(internal_error, message, status_code=400) from error

    return answer


def _internal_error_code(shapes: list[str]) -> str:
    modelled = (name for name in ("InternalServiceException", "InternalServerException") if name in shapes)
    return next(modelled, "InternalFailure")
