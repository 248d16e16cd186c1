"""Gold from handmade Silver rows: every table's rows are known, through dbt and Athena as in production."""

import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.cost.statements import read_statements
from tm_lakehouse.dictionary.gold import read_models
from tm_lakehouse.gold_publication.gate import with_tested
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.publish import publish
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
from tm_lakehouse.silver_to_gold.gold_run import build_gold
from tm_lakehouse.silver_to_gold.layers import LAYERS, run_layer
from tm_lakehouse.topology.refresh import refresh

SCENARIO = project_root() / "tests" / "scenarios" / "gold_known_answers"
EXPECTED = json.loads((SCENARIO / "expected.json").read_text(encoding="utf-8"))
# A timestamp's text has as many decimals as the engine likes.
TRAILING_ZEROS = re.compile(r"(?<=\d\d:\d\d:\d\d)(\.\d*?[1-9])?\.?0+$")
WARNS = {"dim_course_has_time_zone"}


RUN = RunSummary(
    **dict.fromkeys(("started_at", "finished_at", "code_version"), ""),
    **dict.fromkeys((each.name for each in fields(RunSummary) if each.type is int), 0),
    run_id="", course_id="", ingest_date="",
)  # fmt: skip


def silver_fixes():
    rounds = json.loads((SCENARIO / "silver.json").read_text(encoding="utf-8"))["rounds"]
    for each in rounds:
        attributes = {name: value for name, value in each.items() if name != "fixes"}
        yield from (attributes | fix for fix in each["fixes"])


def run_summaries():
    """americanfalls was run twice; the later run wrote two rows less."""
    falls = replace(RUN, course_id="americanfalls", ingest_date="2024-01-16", slots_read=5)
    hills = replace(RUN, course_id="erinhills", ingest_date="2024-04-01")
    return [
        replace(falls, run_id="b", finished_at="2024-01-16T09:00:00+00:00", rows_written=5),
        replace(falls, run_id="a", finished_at="2024-01-16T10:00:00+00:00", rows_written=3, quarantined_slots=2),
        replace(hills, run_id="a", finished_at="2024-04-01T09:00:00+00:00"),
    ]


@pytest.fixture(scope="module")
def build(lakehouse, tmp_path_factory):
    """Run dbt as the command does, with its files in a folder of the test, and publish what the gate lets through."""

    def run(run_id, **options):
        dbt = replace(find_dbt(project_root(), run_id), work=tmp_path_factory.mktemp("dbt") / run_id)
        gold = Gold.of(lakehouse)
        built = build_gold(dbt, lakehouse, run_id, **options)
        summary = with_tested(gold, built, is_whole=not options.get("select"))
        if summary.tested_snapshots:
            publish(gold, run_id, summary.tested_snapshots)
        return summary

    return run


@pytest.fixture(scope="module")
def first_build(lakehouse, add_fixes, add_summaries, build):
    add_fixes(list(silver_fixes()))
    refresh(lakehouse)
    add_summaries(run_summaries())
    return build("first")


def rows_of(athena, gold, source, columns):
    table, _, condition = source.partition(" WHERE ")
    where = f" WHERE {condition}" if condition else ""
    found = athena.query(f'SELECT {", ".join(columns)} FROM "{gold}"."{table.partition(":")[0]}"{where}')
    return [[TRAILING_ZEROS.sub(r"\1", value) if value else value for value in row] for row in found.rows]


def in_order(rows):
    return sorted(rows, key=lambda row: [(value is None, value or "") for value in row])


def test_build_succeeds_and_warns_only_of_the_course_without_time_zone(first_build):
    assert first_build.failed() == []
    assert first_build.succeeded
    assert {node.name for node in first_build.nodes if node.status == "warn"} == WARNS
    assert set(first_build.models) == {"success"}


@pytest.mark.parametrize("source", EXPECTED)
def test_rows_are_the_known_ones(lakehouse, athena, first_build, source):
    expected = EXPECTED[source]
    found = rows_of(athena, lakehouse.db_gold, source, expected["columns"])
    assert in_order(found) == in_order(expected["rows"])


@pytest.mark.parametrize("database", ["db_gold_build", "db_gold"])
def test_every_gold_table_is_iceberg_below_its_own_location(lakehouse, client, first_build, database):
    database = getattr(lakehouse, database)
    listed = client("glue").get_tables(DatabaseName=database)["TableList"]
    assert {table["Name"] for table in listed} == {node.name for node in first_build.nodes if node.kind == "model"}
    assert {table["Parameters"]["table_type"].upper() for table in listed} == {"ICEBERG"}
    root = f"{lakehouse.iceberg_warehouse_gold}/{database}/"
    assert all(f"{table['StorageDescriptor']['Location']}/".startswith(f"{root}{table['Name']}/") for table in listed)


def test_every_column_is_described_and_every_described_column_is_there(lakehouse, client, first_build):
    def artifact(name):
        key = f"dbt_artifacts/run_id=first/{name}.json"
        return json.loads(client("s3").get_object(Bucket=lakehouse.bucket_observability, Key=key)["Body"].read())

    catalog = {node["metadata"]["name"]: set(node["columns"]) for node in artifact("catalog")["nodes"].values()}
    described = {
        node["name"]: set(node["columns"])
        for node in artifact("manifest")["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral"
    }
    assert catalog == described


def test_columns_have_the_types_that_the_models_declare(lakehouse, athena, first_build):
    found = athena.query(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        f"WHERE table_schema = '{lakehouse.db_gold}'"
    )
    models = read_models(project_root() / "python" / "dbt" / "models" / "gold")
    declared = {(model.name, column["name"], column["data_type"]) for model in models for column in model.columns}
    assert {tuple(row) for row in found.rows} == declared


def test_summary_tells_the_cost_of_every_statement(lakehouse, first_build):
    statements = read_statements(lakehouse.athena_workgroup, datetime(2000, 1, 1, tzinfo=UTC))
    own = [each for each in statements if each.invocation_id in first_build.invocation_ids]
    assert first_build.statements == len(own) > len(first_build.nodes) / 2
    assert first_build.bytes_scanned == sum(each.bytes_scanned for each in own) > 0
    assert first_build.bytes_billed == sum(each.bytes_billed for each in own)
    assert [node.name for node in first_build.nodes if node.kind == "model" and not node.statements] == []
    assert sum(node.bytes_billed for node in first_build.nodes) <= first_build.bytes_billed


def test_artifacts_of_the_run_are_kept(lakehouse, client, first_build):
    listed = client("s3").list_objects_v2(Bucket=lakehouse.bucket_observability, Prefix="dbt_artifacts/run_id=first/")
    names = {Path(entry["Key"]).name: entry["Size"] for entry in listed["Contents"]}
    assert names.keys() == {"manifest.json", "run_results.json", "catalog.json", "index.html", "summary.json"}
    assert all(names.values())
    assert first_build.bytes_scanned > 0
    assert {node.rows_affected for node in first_build.nodes if node.name == "fact_rounds"} == {8}


@pytest.mark.nightly
def test_layer_by_layer_everything_is_built_and_tested_once_and_the_inputs_are_done_with(
    lakehouse, athena, first_build, tmp_path
):
    consumed = f'"{lakehouse.db_gold_build}"."consumed_inputs"'
    inputs = athena.query(f"SELECT count(*) FROM {consumed}").rows
    athena.query(f"DELETE FROM {consumed} WHERE kind = 'silver_run' AND course_id = 'erinhills'")
    models = []
    for layer in LAYERS:
        dbt = replace(find_dbt(project_root(), "layered"), work=tmp_path / f"layered-{layer}")
        summary, made = run_layer(dbt, lakehouse, "layered", layer)
        assert summary.succeeded, summary.failed()
        models.append({node.name for node in made})

    assert [len(each) for each in models] == [2, 7, 15]
    assert sorted((node.kind, node.name) for node in summary.nodes) == sorted(
        (node.kind, node.name) for node in first_build.nodes
    )
    assert athena.query(f"SELECT count(*) FROM {consumed}").rows == inputs


def test_second_build_changes_no_content(lakehouse, athena, first_build, build):
    def content():
        return {
            source: in_order(rows_of(athena, lakehouse.db_gold, source, EXPECTED[source]["columns"]))
            for source in EXPECTED
        }

    before = content()
    assert build("second").succeeded
    assert content() == before


def test_failing_test_fails_the_run_and_its_artifacts_are_kept(lakehouse, client, add_fixes, first_build, build):
    add_fixes([{"course_id": "nowhere", "round_id": "n1", "location_index": 0, "section_number": 1, "hole_number": 1}])
    summary = build("repeated-key", select=["source:silver.fact_telemetry_event"], full_refresh=True)
    assert not summary.succeeded
    assert not summary.tested_snapshots
    failed = {node.name for node in summary.failed()}
    assert any(name == "fact_telemetry_event_has_sound_rows" for name in failed)
    key = "dbt_artifacts/run_id=repeated-key/summary.json"
    kept = json.loads(client("s3").get_object(Bucket=lakehouse.bucket_observability, Key=key)["Body"].read())
    assert kept["succeeded"] is False
    assert kept["tests"]["fail"] == len(failed)
