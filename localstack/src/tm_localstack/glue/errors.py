"""Glue's modelled errors."""

from localstack.aws.api import CommonServiceException
from localstack.aws.forwarder import NotImplementedAvoidFallbackError


def _error(code: str, message: str) -> CommonServiceException:
    return CommonServiceException(code, message, status_code=400, sender_fault=True)


def already_exists(message: str) -> CommonServiceException:
    return _error("AlreadyExistsException", message)


def concurrent_modification(message: str) -> CommonServiceException:
    return _error("ConcurrentModificationException", message)


def concurrent_runs_exceeded(job_name: str) -> CommonServiceException:
    return _error("ConcurrentRunsExceededException", f"Concurrent runs exceeded for {job_name}")


def entity_not_found(message: str) -> CommonServiceException:
    return _error("EntityNotFoundException", message)


def invalid_input(message: str) -> CommonServiceException:
    return _error("InvalidInputException", message)


def not_local(what: str) -> NotImplementedAvoidFallbackError:
    """For what AWS does and the local Glue does not: InternalFailure with status 501, and moto is not asked."""
    return NotImplementedAvoidFallbackError(f"The local Glue does not carry out {what}.")
