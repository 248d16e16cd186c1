"""The API's address and key, and what to do when one of them is unfit."""

from contextlib import contextmanager
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.source_to_landing.api_access import api_access, check_base_url

BASE = "https://api.example.test/v"
SECRET = "keys/api"


def settings(**values):
    return SimpleNamespace(**{"api_base_url": f"{BASE}/", "api_secret": SECRET, "api_timeout": 5.0} | values)


@contextmanager
def secrets(**answered):
    """boto3's own client with one answer: a secret's content, or an error."""
    client = boto3.client(
        "secretsmanager", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    with Stubber(client) as stub:
        if "code" in answered:
            stub.add_client_error("get_secret_value", answered["code"], answered["message"], 400)
        else:
            stub.add_response("get_secret_value", answered, {"SecretId": SECRET})
        yield client


def refused(**answered):
    with secrets(**answered) as client, pytest.raises(LakehouseError) as caught:
        api_access(settings(), client)
    return caught.value


@pytest.mark.parametrize("text", ["the-key", "the-key\n", '{"api_key": "the-key", "owner": "x"}'])
def test_the_key_comes_from_the_secret(text):
    with secrets(SecretString=text) as client:
        access = api_access(settings(), client)
    assert (access.base_url, access.key, access.timeout_seconds, access.secret) == (BASE, "the-key", 5.0, SECRET)
    assert "the-key" not in repr(access)


@pytest.mark.parametrize("text", [" ", "two words", "line\nbreak", "schl\u00fcssel", '{"key": "x"}', '{"api_key": 1}'])
def test_a_secret_without_a_key(text):
    error = refused(SecretString=text)
    assert f"{SECRET} holds no key" in error.reason
    assert f"put-secret-value --secret-id {SECRET}" in error.next_step


def test_a_secret_of_bytes():
    assert "holds no key" in refused(SecretBinary=b"the-key").reason


ABSENT = "Secrets Manager can't find the specified secret."
NO_VALUE = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"


@pytest.mark.parametrize(
    ("code", "message", "reason", "next_step"),
    [
        ("ResourceNotFoundException", NO_VALUE, "has no value yet", "put-secret-value --secret-id keys/api"),
        (
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
            "There is no",
            "TM_API_SECRET",
        ),
        ("AccessDeniedException", "not authorized", "may not read", "secretsmanager:GetSecretValue"),
        ("AccessDeniedException", "Access to KMS is not allowed", "may not read", "kms:Decrypt"),
        ("InvalidRequestException", "it was marked for deletion", "marked for deletion", "Restore it"),
    ],
)
def test_a_secret_that_can_not_be_read(code, message, reason, next_step):
    error = refused(code=code, message=message)
    assert SECRET in error.reason
    assert reason in error.reason
    assert next_step in error.next_step
    assert "\n" not in error.reason + error.next_step


def test_another_failure_of_aws_stays_what_it_is():
    with secrets(code="InternalServiceError", message="later") as client, pytest.raises(ClientError, match="later"):
        api_access(settings(), client)


@pytest.mark.parametrize(("missing", "name"), [("api_base_url", "TM_API_BASE_URL"), ("api_secret", "TM_API_SECRET")])
def test_an_incomplete_configuration_is_named(missing, name):
    with pytest.raises(LakehouseError, match=name):
        api_access(settings(**{missing: ""}), None)


@pytest.mark.parametrize(
    "url", ["https://host", "https://host:8443/a/b/", "http://127.0.0.1:8000", "http://localhost", "http://[::1]:1"]
)
def test_fit_addresses(url):
    check_base_url(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://api.example.test", "unencrypted"),
        ("http://10.0.0.1", "unencrypted"),
        ("https://user:key@host", "more than host and path"),
        ("https://host/?key=x", "more than host and path"),
        ("https://host/#x", "more than host and path"),
        ("ftp://host", "no address of an API"),
        ("host/path", "no address of an API"),
        ("https://", "no address of an API"),
        ("https://host:port", "is no address"),
    ],
)
def test_unfit_addresses(url, reason):
    with pytest.raises(LakehouseError, match=reason) as caught:
        check_base_url(url)
    assert "key@" not in caught.value.reason
