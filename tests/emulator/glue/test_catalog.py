"""The Data Catalog: versions as locks, modelled errors, nothing made up."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

WRITERS = 12
SLOW = Path(__file__).with_name("slow_localstack.py")


@pytest.fixture
def database(client, unique):
    name = unique("db").replace("-", "_")
    client("glue").create_database(DatabaseInput={"Name": name, "LocationUri": f"s3://nowhere/{name}/"})
    yield name
    client("glue").delete_database(Name=name)


def table_input(location: str, **more: object) -> dict[str, object]:
    return {"Name": "t", "Parameters": {"table_type": "ICEBERG", "metadata_location": location}, **more}


def code_of(call, **parameters) -> str | None:
    """The error code with which a call is refused."""
    try:
        call(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def test_update_with_a_stale_version_is_refused_and_changes_nothing(client, database):
    glue = client("glue")
    glue.create_table(DatabaseName=database, TableInput=table_input("first"))
    version = glue.get_table(DatabaseName=database, Name="t")["Table"]["VersionId"]
    glue.update_table(DatabaseName=database, TableInput=table_input("second"), VersionId=version)

    with pytest.raises(glue.exceptions.ConcurrentModificationException):
        glue.update_table(DatabaseName=database, TableInput=table_input("third"), VersionId=version)
    table = glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert table["Parameters"]["metadata_location"] == "second"


def race_of_updates(make_client: Callable[[], object], database: str) -> tuple[list[str | None], str]:
    """Let writers update one version of a table at the same moment; their errors, and whose text is stored."""
    clients = [make_client() for _ in range(WRITERS)]
    clients[0].create_table(DatabaseName=database, TableInput=table_input("first"))
    version = clients[0].get_table(DatabaseName=database, Name="t")["Table"]["VersionId"]
    moment = threading.Barrier(WRITERS)

    def update(number: int) -> str | None:
        moment.wait()
        change = table_input(f"writer {number}")
        return code_of(clients[number].update_table, DatabaseName=database, TableInput=change, VersionId=version)

    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(update, range(WRITERS)))
    stored = clients[0].get_table(DatabaseName=database, Name="t")["Table"]["Parameters"]["metadata_location"]
    return outcomes, stored


def test_of_concurrent_updates_with_one_version_exactly_one_wins(database):
    outcomes, stored = race_of_updates(lambda: boto3.session.Session().client("glue"), database)

    assert sorted(filter(None, outcomes)) == ["ConcurrentModificationException"] * (WRITERS - 1)
    assert stored == f"writer {outcomes.index(None)}"


def test_check_and_write_of_an_update_are_one_step(second_localstack):
    localstack = second_localstack(str(SLOW))
    localstack.client("glue").create_database(DatabaseInput={"Name": "race"})
    outcomes, stored = race_of_updates(lambda: localstack.client("glue"), "race")

    assert sorted(filter(None, outcomes)) == ["ConcurrentModificationException"] * (WRITERS - 1)
    assert stored == f"writer {outcomes.index(None)}"


def test_skipped_archive_keeps_only_the_newest_version(client, database):
    glue = client("glue")
    glue.create_table(DatabaseName=database, TableInput=table_input("first"))
    glue.update_table(DatabaseName=database, TableInput=table_input("second"), SkipArchive=True)
    glue.update_table(DatabaseName=database, TableInput=table_input("third"))

    versions = glue.get_table_versions(DatabaseName=database, TableName="t")["TableVersions"]
    locations = {version["Table"]["Parameters"]["metadata_location"] for version in versions}
    assert locations == {"second", "third"}


def test_missing_and_doubled_things_have_their_errors(client, database):
    glue = client("glue")
    glue.create_table(DatabaseName=database, TableInput=table_input("first"))
    began = time.monotonic()

    unknown, missing, doubled = "no_such_database", "EntityNotFoundException", "AlreadyExistsException"
    assert code_of(glue.get_database, Name=unknown) == missing
    assert code_of(glue.get_tables, DatabaseName=unknown) == missing
    assert code_of(glue.get_table, DatabaseName=database, Name="no_such_table") == missing
    assert code_of(glue.delete_table, DatabaseName=database, Name="no_such_table") == missing
    assert code_of(glue.update_table, DatabaseName=database, TableInput={"Name": "no_such_table"}) == missing
    assert code_of(glue.create_table, DatabaseName=unknown, TableInput=table_input("x")) == missing
    assert code_of(glue.create_table, DatabaseName=database, TableInput=table_input("x")) == doubled
    assert code_of(glue.create_database, DatabaseInput={"Name": database}) == doubled
    assert code_of(glue.delete_table_version, DatabaseName=database, TableName="t", VersionId="9") == missing
    assert time.monotonic() - began < 3, "An error that clients retry."


def test_segments_share_the_partitions_between_them(client, database):
    glue = client("glue")
    keys = [{"Name": "day", "Type": "string"}]
    storage = {"Columns": [{"Name": "a", "Type": "int"}], "Location": "s3://nowhere/t/"}
    glue.create_table(
        DatabaseName=database, TableInput={"Name": "t", "PartitionKeys": keys, "StorageDescriptor": storage}
    )
    days = [f"2024-05-{day:02}" for day in range(1, 8)]
    partitions = [{"Values": [day], "StorageDescriptor": storage} for day in days]
    glue.batch_create_partition(DatabaseName=database, TableName="t", PartitionInputList=partitions)

    found = []
    for number in range(3):
        segment = {"SegmentNumber": number, "TotalSegments": 3}
        found += glue.get_partitions(DatabaseName=database, TableName="t", Segment=segment)["Partitions"]

    assert sorted(partition["Values"][0] for partition in found) == days


def test_what_is_not_carried_out_answers_an_error(client, database):
    glue = client("glue")
    glue.create_crawler(
        Name=database, Role="r", DatabaseName=database, Targets={"S3Targets": [{"Path": "s3://nowhere/"}]}
    )
    iceberg = {"IcebergInput": {"MetadataOperation": "CREATE"}}
    calls = [
        (glue.list_blueprints, {}),
        (glue.start_crawler, {"Name": database}),
        (glue.create_session, {"Id": "s", "Role": "arn:aws:iam::000000000000:role/r", "Command": {"Name": "glueetl"}}),
        (glue.create_table, {"DatabaseName": database, "TableInput": {"Name": "n"}, "OpenTableFormatInput": iceberg}),
    ]
    began = time.monotonic()
    outcomes = [code_of(call, **parameters) for call, parameters in calls]
    glue.delete_crawler(Name=database)

    assert outcomes == ["InternalFailure"] * len(calls)
    assert time.monotonic() - began < 3, "An error that clients retry."


def test_services_that_do_not_exist_here_answer_an_error(client):
    assert code_of(client("emr").list_clusters) == "InternalFailure"


def test_the_default_catalog_is_the_accounts(client):
    account = client("sts").get_caller_identity()["Account"]

    assert client("glue").get_catalog(CatalogId=account)["Catalog"]["CatalogId"] == account
    assert code_of(client("glue").get_catalog, CatalogId="999999999999") == "EntityNotFoundException"
