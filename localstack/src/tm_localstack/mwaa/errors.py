"""MWAA's modelled errors."""

from typing import Any

from localstack.aws.api import CommonServiceException


def validation(message: str) -> CommonServiceException:
    return CommonServiceException("ValidationException", message, status_code=400, sender_fault=True)


def not_found(message: str) -> CommonServiceException:
    return CommonServiceException("ResourceNotFoundException", message, status_code=404, sender_fault=True)


def rest_api(status_code: int, answer: Any) -> CommonServiceException:
    """What Airflow's REST API refused, or could not do."""
    code = "RestApiClientException" if status_code < 500 else "RestApiServerException"
    error = CommonServiceException(code, "", status_code=400, sender_fault=True)
    # LocalStack takes the members of a modelled error from attributes of their names.
    error.RestApiStatusCode = status_code
    error.RestApiResponse = answer
    return error
