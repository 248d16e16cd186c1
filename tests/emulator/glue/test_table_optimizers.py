"""Table optimizers belong to one Iceberg table and keep their configuration."""

import pytest


@pytest.fixture
def table(client, unique):
    glue, name = client("glue"), unique("db").replace("-", "_")
    glue.create_database(DatabaseInput={"Name": name})
    glue.create_table(DatabaseName=name, TableInput={"Name": "iceberg", "Parameters": {"table_type": "ICEBERG"}})
    glue.create_table(DatabaseName=name, TableInput={"Name": "hive"})
    yield {"CatalogId": client("sts").get_caller_identity()["Account"], "DatabaseName": name, "TableName": "iceberg"}
    glue.delete_database(Name=name)


def configuration(role: str, *, enabled: bool) -> dict[str, object]:
    return {"TableOptimizerConfiguration": {"roleArn": role, "enabled": enabled}}


def test_optimizer_is_created_updated_and_deleted(client, table, role):
    glue = client("glue")
    glue.create_table_optimizer(**table, Type="compaction", **configuration(role, enabled=True))
    created = glue.get_table_optimizer(**table, Type="compaction")["TableOptimizer"]
    glue.update_table_optimizer(**table, Type="compaction", **configuration(role, enabled=False))
    updated = glue.get_table_optimizer(**table, Type="compaction")["TableOptimizer"]
    glue.delete_table_optimizer(**table, Type="compaction")

    assert (created["type"], created["configuration"]) == ("compaction", {"roleArn": role, "enabled": True})
    assert updated["configuration"]["enabled"] is False
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table_optimizer(**table, Type="compaction")


def test_one_of_each_type_to_a_table(client, table, role):
    glue = client("glue")
    for kind in ("compaction", "retention"):
        glue.create_table_optimizer(**table, Type=kind, **configuration(role, enabled=True))

    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_table_optimizer(**table, Type="retention", **configuration(role, enabled=True))
    names = {name[0].lower() + name[1:]: value for name, value in table.items()}
    entries = [{**names, "type": kind} for kind in ("compaction", "retention", "orphan_file_deletion")]
    answer = glue.batch_get_table_optimizer(Entries=entries)
    assert [found["tableOptimizer"]["type"] for found in answer["TableOptimizers"]] == ["compaction", "retention"]
    assert [failure["type"] for failure in answer["Failures"]] == ["orphan_file_deletion"]


def test_a_table_made_anew_has_no_optimizer(client, table, role):
    glue = client("glue")
    glue.create_table_optimizer(**table, Type="compaction", **configuration(role, enabled=True))
    glue.delete_table(DatabaseName=table["DatabaseName"], Name="iceberg")
    again = {"Name": "iceberg", "Parameters": {"table_type": "ICEBERG"}}
    glue.create_table(DatabaseName=table["DatabaseName"], TableInput=again)

    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table_optimizer(**table, Type="compaction")


def test_only_existing_iceberg_tables_have_optimizers(client, table, role):
    glue = client("glue")
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.create_table_optimizer(
            **{**table, "TableName": "hive"}, Type="compaction", **configuration(role, enabled=True)
        )
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.create_table_optimizer(
            **{**table, "TableName": "none"}, Type="compaction", **configuration(role, enabled=True)
        )
