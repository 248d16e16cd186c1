"""Workgroups, their limits and their tags."""

from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tm_lakehouse.cost.prices import MIB
from tm_lakehouse.cost.statements import read_statement, read_statements

pytestmark = pytest.mark.aws_page("workgroups-manage-queries-control-costs")


@pytest.fixture
def make(client, unique, bucket) -> Iterator[Callable[..., str]]:
    """Make a workgroup with the settings given; its name."""
    names = []

    def create(**configuration) -> str:
        names.append(unique("group"))
        results = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/{names[-1]}/"}}
        client("athena").create_work_group(Name=names[-1], Configuration=results | configuration)
        return names[-1]

    yield create
    for created in names:
        client("athena").delete_work_group(WorkGroup=created, RecursiveDeleteOption=True)


def configuration_of(client, group):
    return client("athena").get_work_group(WorkGroup=group)["WorkGroup"]["Configuration"]


@pytest.mark.aws_page("API_WorkGroupConfiguration")
def test_a_workgroup_is_what_it_was_made(client, make, bucket):
    group = make(BytesScannedCutoffPerQuery=10_000_000, PublishCloudWatchMetricsEnabled=True)
    configuration = configuration_of(client, group)
    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["BytesScannedCutoffPerQuery"] == 10_000_000
    assert configuration["PublishCloudWatchMetricsEnabled"] is True
    assert configuration["ResultConfiguration"] == {"OutputLocation": f"s3://{bucket}/{group}/"}
    assert configuration["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    names = [summary["Name"] for summary in client("athena").list_work_groups()["WorkGroups"]]
    assert {group, "primary"} <= set(names)


@pytest.mark.aws_page("API_UpdateWorkGroup")
def test_an_update_changes_only_what_it_names(client, make, bucket):
    group = make(BytesScannedCutoffPerQuery=10_000_000)
    encryption = {"EncryptionOption": "SSE_S3"}
    client("athena").update_work_group(
        WorkGroup=group,
        Description="new",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "EnforceWorkGroupConfiguration": False,
            "ResultConfigurationUpdates": {"EncryptionConfiguration": encryption},
        },
    )
    configuration = configuration_of(client, group)
    assert "BytesScannedCutoffPerQuery" not in configuration
    assert configuration["EnforceWorkGroupConfiguration"] is False
    assert configuration["ResultConfiguration"] == {
        "OutputLocation": f"s3://{bucket}/{group}/",
        "EncryptionConfiguration": encryption,
    }
    client("athena").update_work_group(
        WorkGroup=group, ConfigurationUpdates={"ResultConfigurationUpdates": {"RemoveEncryptionConfiguration": True}}
    )
    assert configuration_of(client, group)["ResultConfiguration"] == {"OutputLocation": f"s3://{bucket}/{group}/"}


@pytest.mark.aws_page("workgroups-settings-override")
def test_an_enforced_location_wins_over_the_clients(query, make, bucket):
    asked = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/mine/"}}
    enforced, free = make(), make(EnforceWorkGroupConfiguration=False)
    location = query("select 1", WorkGroup=enforced, **asked).execution["ResultConfiguration"]["OutputLocation"]
    assert location.startswith(f"s3://{bucket}/{enforced}/")
    location = query("select 1", WorkGroup=free, **asked).execution["ResultConfiguration"]["OutputLocation"]
    assert location.startswith(f"s3://{bucket}/mine/")


@pytest.mark.aws_page("query-results-specify-location")
def test_a_query_without_output_location_is_refused(query, make):
    group = make(ResultConfiguration={})
    with pytest.raises(ClientError, match="No output location provided"):
        query.start("select 1", WorkGroup=group)


@pytest.mark.aws_page("query-results-specify-location")
def test_a_query_with_an_unknown_output_bucket_is_refused(query, make, unique):
    group = make(ResultConfiguration={"OutputLocation": f"s3://{unique('no-such-bucket')}/x/"})
    with pytest.raises(ClientError, match="output bucket"):
        query.start("select 1", WorkGroup=group)


def test_a_disabled_workgroup_runs_nothing(client, query, make):
    group = make()
    client("athena").update_work_group(WorkGroup=group, State="DISABLED")
    with pytest.raises(ClientError, match="disabled"):
        query.start("select 1", WorkGroup=group)


def test_a_query_over_the_scan_limit_is_cancelled(query, make, iceberg):
    table = iceberg("id bigint, text string")
    random_text = "to_hex(sha512(to_utf8(cast(x as varchar))))"
    query(f"insert into {table} select x, {random_text} from unnest(sequence(1, 10000)) as a(n), "
          "unnest(sequence(n * 20, n * 20 + 19)) as b(x)")  # fmt: skip
    scan = f"select max(text), min(id) from {table}"
    assert query(scan).execution["Statistics"]["DataScannedInBytes"] > 10_000_000
    group = make(BytesScannedCutoffPerQuery=10_000_000)
    answer = query.run(scan, WorkGroup=group)
    assert answer.state == "CANCELLED"
    assert "Bytes scanned limit was exceeded" in answer.reason
    scanned = answer.execution["Statistics"]["DataScannedInBytes"]
    assert scanned > 10_000_000
    told = read_statement(answer.id)
    assert (told.state, told.bytes_scanned) == ("CANCELLED", scanned)
    assert max(scanned, 10 * MIB) <= told.bytes_billed < max(scanned, 10 * MIB) + MIB
    assert read_statements(group, answer.execution["Status"]["SubmissionDateTime"]) == [told]
    assert query.run(f"select min(id) from {table} where id < 40", WorkGroup=group).state == "SUCCEEDED"


@pytest.mark.parametrize("limit", [9_999_999, 1])
def test_a_scan_limit_under_10_mb_is_refused(unique, limit):
    # boto3 refuses it before asking, other SDKs don't.
    unchecked = boto3.client("athena", config=Config(parameter_validation=False))
    with pytest.raises(ClientError):
        unchecked.create_work_group(Name=unique("group"), Configuration={"BytesScannedCutoffPerQuery": limit})


def test_unknown_and_existing_names_are_refused(client, query, make, unique):
    group = make()
    with pytest.raises(ClientError, match="already"):
        client("athena").create_work_group(Name=group)
    missing = unique("no-such")
    for call in (
        lambda: client("athena").get_work_group(WorkGroup=missing),
        lambda: client("athena").delete_work_group(WorkGroup=missing),
        lambda: client("athena").update_work_group(WorkGroup=missing, Description="x"),
        lambda: query.start("select 1", WorkGroup=missing),
    ):
        with pytest.raises(ClientError, match=f"WorkGroup {missing} is not found"):
            call()


def test_a_workgroup_with_queries_is_deleted_only_recursively(client, query, make):
    group = make()
    query("select 1", WorkGroup=group)
    with pytest.raises(ClientError, match="not empty"):
        client("athena").delete_work_group(WorkGroup=group)


@pytest.mark.aws_page("tags")
def test_tags_are_kept(client, unique):
    athena, group = client("athena"), unique("tagged")
    athena.create_work_group(Name=group, Tags=[{"Key": "a", "Value": "1"}])
    account = client("sts").get_caller_identity()["Account"]
    arn = f"arn:aws:athena:{athena.meta.region_name}:{account}:workgroup/{group}"
    athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}])
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"Key": "a", "Value": "2"},
        {"Key": "b", "Value": "3"},
    ]
    athena.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "3"}]
    athena.delete_work_group(WorkGroup=group)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        athena.list_tags_for_resource(ResourceARN=arn)
