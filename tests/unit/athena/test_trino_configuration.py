"""Trino's configuration, as the launcher writes and uses it."""

import pytest

from tm_localstack.athena.trino import launch_command, write_configuration
from tm_localstack.athena.trino.configuration import SDK_APPLICATION


@pytest.fixture
def etc(tmp_path):
    write_configuration(
        tmp_path / "etc",
        port=8999,
        gateway_url="http://127.0.0.1:4999/",
        region="eu-west-1",
        data_dir=tmp_path / "data",
    )
    return tmp_path / "etc"


def properties(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if line)


def test_trino_listens_on_the_loopback_only(etc):
    assert properties(etc / "node.properties")["node.bind-ip"] == "127.0.0.1"
    assert properties(etc / "config.properties")["http-server.http.port"] == "8999"


@pytest.mark.parametrize("catalog", ["awsdatacatalog", "hive"])
def test_catalogs_read_glue_and_s3_of_the_gateway(etc, catalog):
    values = properties(etc / "catalog" / f"{catalog}.properties")
    assert values["hive.metastore.glue.endpoint-url"] == values["s3.endpoint"] == "http://127.0.0.1:4999"
    assert values["hive.metastore.glue.region"] == values["s3.region"] == "eu-west-1"


def test_catalogs_hand_over_tables_to_each_other(etc):
    assert properties(etc / "catalog" / "awsdatacatalog.properties")["iceberg.hive-catalog-name"] == "hive"
    assert properties(etc / "catalog" / "hive.properties")["hive.iceberg-catalog-name"] == "awsdatacatalog"


def test_one_writer_makes_the_limit_of_100_partitions_exact(etc):
    values = properties(etc / "config.properties")
    assert values["task.min-writer-count"] == values["task.max-writer-count"] == "1"


def test_the_node_needs_not_announce_its_catalogs_before_it_takes_their_splits(etc):
    assert properties(etc / "config.properties")["catalog.management"] == "dynamic"


def test_the_command_runs_the_written_configuration(etc, tmp_path):
    command = launch_command(tmp_path / "trino", etc, tmp_path / "java")
    assert command[0] == str(tmp_path / "java" / "bin" / "java")
    assert f"-Dconfig={etc / 'config.properties'}" in command
    assert f"-Dnode.data-dir={tmp_path / 'data'}" in command
    assert not [word for word in command if "$" in word or "jdk.incubator.vector" in word]
    assert command[-1] == "io.trino.server.TrinoServer"


def test_trinos_aws_clients_say_who_they_are(etc):
    assert f"-Dsdk.ua.appId={SDK_APPLICATION}" in (etc / "jvm.config").read_text().split()
