"""The dbt project's rules, from the manifest of an offline parse."""

import json
import os
import re
import subprocess

import pytest

from tm_lakehouse.cli.target import project_root

PROJECT = project_root() / "python" / "dbt"
DBT = project_root() / ".runtime" / "dbt" / "bin" / "dbt"
NAMES = {
    "AWS_REGION": "us-east-1",
    "TM_DB_SILVER": "silver",
    "TM_DB_GOLD": "gold",
    "TM_DB_GOLD_BUILD": "gold_build",
    "TM_DB_OBSERVABILITY": "observability",
    "TM_ATHENA_WORKGROUP": "workgroup",
    "TM_ATHENA_RESULTS": "s3://results/",
    "TM_ICEBERG_WAREHOUSE_GOLD": "s3://serve/warehouse",
}
REQUIRED = {
    "fact_rounds", "fact_round_hole_performance", "pace_summary_by_round", "signal_quality_rounds",
    "course_rounds_by_month", "course_rounds_by_weekday", "course_start_hole_distribution",
    "course_configuration_analysis", "device_health_errors", "data_quality_overview", "critical_column_gaps",
    "telemetry_completeness_summary", "dim_course", "dim_device", "global_overview", "global_course_summary",
    "global_time_patterns", "gold_coverage_audit",
}  # fmt: skip


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    """Parsed with warnings as errors, without any AWS to be reached."""
    target = tmp_path_factory.mktemp("dbt")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_", "DBT_"))}
    command = [
        DBT, "--warn-error", "parse", "--project-dir", PROJECT, "--profiles-dir", PROJECT,
        "--target-path", target, "--log-path", target, "--no-send-anonymous-usage-stats", "--no-version-check",
    ]  # fmt: skip
    done = subprocess.run(command, env=environment | NAMES, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((target / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tables(manifest):
    """The models that readers see: all but the inlined ones."""
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {node["name"]: node for node in models if node["config"]["materialized"] != "ephemeral"}


@pytest.fixture(scope="module")
def tested(manifest):
    """(name of model or source table, kind of test) -> arguments."""
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    owner = {**manifest["nodes"], **manifest["sources"]}
    return {
        (owner[node["attached_node"] or node["depends_on"]["nodes"][0]]["name"], node["test_metadata"]["name"]): node[
            "test_metadata"
        ]["kwargs"]
        for node in tests
        if node.get("test_metadata")
    }


def test_every_table_of_the_domain_is_there(tables):
    assert tables.keys() >= REQUIRED


def test_every_model_is_an_iceberg_table_that_is_kept(tables):
    stored = [node["config"] for node in tables.values()]
    assert {(config["table_type"], config["materialized"]) for config in stored} == {("iceberg", "kept_table")}


def test_every_table_says_how_it_is_kept(tables, tested):
    """By changed rounds, which need their columns, or by a tested key whose first column is never NULL."""
    for name, node in tables.items():
        config, columns = node["config"], node["columns"].keys()
        if config.get("refresh") == "changed_rounds":
            assert {"course_id", "round_id", "ingest_date"} <= columns, name
        elif config["materialized"] == "kept_table":
            arguments = tested[name, "sound_rows"]
            assert set(config["key"]) <= set(arguments["key"]), name
            assert config["key"][0] not in arguments.get("nullable", []), name


def test_inputs_are_done_with_after_every_table(tables):
    """A test that fails, of whichever table, leaves them to the next build."""
    last = tables["consumed_inputs"]
    others = {node["unique_id"] for node in tables.values() if node["config"]["materialized"] == "kept_table"}
    expected = others - {last["unique_id"], "model.tm_lakehouse.changed_rounds"}
    assert expected <= set(last["depends_on"]["nodes"])


def test_every_model_states_its_grain_and_every_column_its_meaning(tables):
    for name, node in tables.items():
        assert node["description"].startswith("One row "), name
        assert node["columns"], name
        assert all(column["description"].endswith(".") for column in node["columns"].values()), name


def test_key_of_every_table_and_source_is_tested(manifest, tables, tested):
    silver = [source["name"] for source in manifest["sources"].values() if source["source_name"] == "silver"]
    assert silver
    for name in [*tables, *silver]:
        assert (name, "sound_rows") in tested, name


def test_tested_keys_are_columns_of_their_table(tables, tested):
    for (name, kind), arguments in tested.items():
        if kind == "sound_rows" and name in tables:
            assert set(arguments["key"]) <= tables[name]["columns"].keys(), name


def test_freshness_of_silver_warns_and_stops_nothing(manifest):
    severity = {
        node["name"]: node["config"]["severity"].lower()
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    }
    assert severity["fact_telemetry_event_is_fresh"] == "warn"
    assert severity["dim_course_has_time_zone"] == "warn"
    assert {name for name, value in severity.items() if value == "warn"} == {
        "fact_telemetry_event_is_fresh",
        "dim_course_has_time_zone",
    }


def test_project_names_no_endpoint_no_bucket_and_no_place():
    text = {path: path.read_text(encoding="utf-8") for path in PROJECT.rglob("*") if path.suffix in (".sql", ".yml")}
    assert len(text) > 40
    for path, content in text.items():
        assert not re.search(r"https?://|s3://|endpoint_url|127\.0\.0\.1|localhost|\btm-lakehouse-|TM_ENV", content), (
            path
        )
