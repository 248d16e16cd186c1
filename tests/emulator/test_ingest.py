"""From an API to landing by the installed command: a real HTTP server, Secrets Manager, S3. Holds against AWS too."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripted_api import ScriptedApi, answer, cut, zipped

COMMAND = Path(sys.executable).parent / "tm-lakehouse"
QUESTION = ("--start-date", "2024-01-01", "--end-date", "2024-01-31", "--ingest-date", "2024-02-01")
FILE = "erinhills.rounds_20240101_20240131.jsonl"
KEY = f"course_id=erinhills/ingest_date=2024-02-01/{FILE}"
FIRST = '{"_id": {"$oid": "65a1"}, "course": "Erin Hills",  "pace": 1.10}'
SECOND = '{"_id":"a2","course":"Erin Hills","goalName":"Gr\u00fcn"}'


@pytest.fixture
def server():
    with ScriptedApi() as api:
        yield api


@pytest.fixture
def secret(client, unique):
    """A secret as Terraform makes it, without a value."""
    secrets = client("secretsmanager")
    name = unique("api-key")
    secrets.create_secret(Name=name)
    yield name
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


@pytest.fixture
def keyed(client, secret):
    """The secret with a key in it."""
    client("secretsmanager").put_secret_value(SecretId=secret, SecretString='{"api_key": "the-key"}')
    return secret


@pytest.fixture
def buckets(bucket):
    return {"LANDING": bucket("landing"), "OBSERVABILITY": bucket("observability")}


@pytest.fixture
def ingest(buckets, server, secret):
    """Run the installed command; gives the process that has ended."""
    environment = {
        **{f"TM_BUCKET_{name}": buckets.get(name, "unused") for name in ("SOURCE", "SERVE", "QUARANTINE", *buckets)},
        **{f"TM_{name}": "s3://unused/x" for name in ("ICEBERG_WAREHOUSE_SILVER", "ICEBERG_WAREHOUSE_GOLD")},
        **{f"TM_{name}": "unused" for name in ("ATHENA_RESULTS", "ATHENA_WORKGROUP", "GLUE_JOB_SILVER")},
        "TM_DATA_SOURCE": "api",
        "TM_API_BASE_URL": server.url,
        "TM_API_SECRET": secret,
    }

    def run(*courses, **changed):
        options = [text for course in courses for text in ("--course-id", course)]
        # dev: the environment alone says which AWS this is.
        return subprocess.run(
            [COMMAND, "--env", "dev", "ingest", *options, *QUESTION],
            env=os.environ | environment | changed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def content_of(client, bucket, key):
    return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


def records_of(client, bucket):
    keys = [one["Key"] for one in client("s3").list_objects_v2(Bucket=bucket, Prefix="bronze/run_id=")["Contents"]]
    return [json.loads(line) for key in keys for line in content_of(client, bucket, key).decode().splitlines()]


def test_what_the_server_sends_is_what_is_landed(client, ingest, buckets, server, keyed):
    server.script[:] = [
        cut('{"rounds": ['),
        zipped('{"rounds": [' + FIRST + '], "next": "/v1/rounds?page=2"}'),
        answer(f"[{SECOND}]"),
        answer("[]"),
        answer("no such course", 404),
    ]
    done = ingest("erinhills", "dry", "gone")
    assert done.returncode == 1, done.stderr
    assert content_of(client, buckets["LANDING"], KEY).decode() == f"{FIRST}\n{SECOND}\n"
    assert {request.headers["Authorization"] for request in server.requests} == {"Bearer the-key"}
    assert "dry: no rounds from 2024-01-01 to 2024-01-31" in done.stderr
    assert "failed: gone: The API refuses the request: 404 Not Found." in done.stderr
    assert "error: 1 of 3 courses are not landed." in done.stderr
    records = {record["course_id"]: record for record in records_of(client, buckets["OBSERVABILITY"])}
    assert {course: record["status"] for course, record in records.items()} == {
        "erinhills": "landed",
        "dry": "empty",
        "gone": "failed",
    }
    question = "course_id=erinhills&start_date=2024-01-01&end_date=2024-01-31"
    assert records["erinhills"]["source"] == f"{server.url}/v1/rounds?{question}"
    assert "the-key" not in done.stdout + done.stderr + json.dumps(records)


def test_fetching_again_changes_nothing_and_a_dry_period_is_no_failure(client, ingest, buckets, server, keyed):
    server.script[:] = [answer(f"[{FIRST}]"), answer("[]"), answer(f"[{FIRST}]"), answer("[]")]
    assert [ingest("erinhills", "dry").returncode for _ in range(2)] == [0, 0]
    assert len(client("s3").list_object_versions(Bucket=buckets["LANDING"])["Versions"]) == 1
    statuses = [record["status"] for record in records_of(client, buckets["OBSERVABILITY"])]
    assert sorted(statuses) == ["empty", "empty", "landed", "unchanged"]


@pytest.mark.parametrize(
    ("changed", "reason", "next_step"),
    [
        ({}, "has no value yet", "put-secret-value --secret-id"),
        ({"TM_API_SECRET": "no-such-secret"}, "There is no secret no-such-secret", "TM_API_SECRET"),
    ],
    ids=["without value", "missing"],
)
def test_a_secret_without_a_key_is_told_before_the_api_is_asked(ingest, server, changed, reason, next_step):
    done = ingest("erinhills", **changed)
    assert done.returncode == 1
    error, told_next = done.stderr.splitlines()[-2:]
    assert error.startswith("error:")
    assert reason in error
    assert next_step in told_next
    assert server.requests == []
