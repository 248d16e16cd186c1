"""A run layer by layer: each knows what was built before it, and together they leave what one build does."""

import io
import json
from contextlib import nullcontext
from pathlib import Path

import boto3
import pytest
from unit_settings import SETTINGS

from tm_lakehouse.cost import statements
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold.dbt_runner import DbtOutcome
from tm_lakehouse.silver_to_gold.layers import LAYERS, run_layer
from tm_lakehouse.silver_to_gold.parts import Part
from tm_lakehouse.silver_to_gold.publish import read_invocations

BUILDS = {"inputs": "changed_inputs", "rounds": "fact_rounds", "summaries": "dim_course"}


class KeptObjects:
    """An S3 of one bucket."""

    class exceptions:  # noqa: N801  # as boto3 names it
        NoSuchKey = KeyError

    def __init__(self):
        self.bodies = {}

    def put_object(self, **call):
        self.bodies[call["Key"]] = call["Body"]

    def get_object(self, **call):
        return {"Body": io.BytesIO(self.bodies[call["Key"]])}


class LayerDbt:
    """A dbt that builds one model in each layer, and has tests fail where `fails` says so."""

    def __init__(self, work, asked, fails=""):
        self.work = work
        self.target = work / "target"
        self.asked = asked
        self.fails = fails

    def started(self):
        return nullcontext(self)

    def freshness(self):
        self.asked.append("freshness")
        return DbtOutcome(0)

    def build(self, selection, **_):
        layer = selection.selector
        self.asked.append((layer, list(selection.built_before)))
        status = "error" if layer == self.fails else "success"
        self._leave("manifest.json", {})
        self._leave("run_results.json", results(layer, status))
        return DbtOutcome(int(status == "error"))

    def docs(self):
        self._leave("catalog.json", {})

    def _leave(self, name, content):
        self.target.mkdir(parents=True, exist_ok=True)
        (self.target / name).write_text(json.dumps(content), encoding="utf-8")


def results(layer, status):
    node = {
        "unique_id": f"model.tm_lakehouse.{BUILDS[layer]}", "status": status, "timing": [], "thread_id": "t",
        "execution_time": 1.0, "adapter_response": {"rows_affected": 3}, "message": None, "failures": None,
        "compiled": True, "compiled_code": "", "relation_name": f'"awsdatacatalog"."gold"."{BUILDS[layer]}"',
    }  # fmt: skip
    schema = "https://schemas.getdbt.com/dbt/run-results/v6.json"
    metadata = {"dbt_schema_version": schema, "dbt_version": "1.11.16", "invocation_id": f"of-{layer}", "env": {}}
    return {"metadata": metadata, "results": [node], "elapsed_time": 1.5, "args": {}}


@pytest.fixture
def s3(monkeypatch):
    kept = KeptObjects()
    monkeypatch.setattr(boto3, "client", lambda _: kept)
    monkeypatch.setattr(statements, "read_statements", lambda *_: [])
    return kept


@pytest.fixture
def run(s3, tmp_path):
    """Run one layer of the run r1; `run.asked` holds what was asked of dbt."""
    asked = []

    def layer(name, fails=""):
        return run_layer(LayerDbt(tmp_path / f"r1-{name}", asked, fails), SETTINGS, "r1", name)

    layer.asked = asked
    return layer


def artifacts(s3):
    return {Path(key).name for key in s3.bodies if "/layers/" not in key}


def test_each_layer_is_told_what_was_built_and_only_the_first_looks_how_fresh_sources_are(run):
    for layer in LAYERS:
        run(layer)

    assert run.asked == [
        "freshness",
        ("inputs", []),
        ("rounds", ["changed_inputs"]),
        ("summaries", ["changed_inputs", "fact_rounds"]),
    ]


def test_each_layer_tells_its_own_models_and_the_run_so_far(run):
    told = [run(layer) for layer in LAYERS]

    assert [[node.name for node in models] for _, models in told] == [[name] for name in BUILDS.values()]
    assert [summary.models["success"] for summary, _ in told] == [1, 2, 3]
    assert [summary.rows_affected for summary, _ in told] == [3, 6, 9]


def test_artifacts_are_those_of_all_layers_and_kept_after_the_last(run, s3):
    for layer in LAYERS[:-1]:
        run(layer)
        assert artifacts(s3) == set()
    run(LAYERS[-1])

    assert artifacts(s3) == {"manifest.json", "run_results.json", "catalog.json", "summary.json"}
    kept = json.loads(s3.bodies["dbt_artifacts/run_id=r1/run_results.json"])
    assert [each["unique_id"].split(".")[-1] for each in kept["results"]] == list(BUILDS.values())
    assert kept["elapsed_time"] == 4.5
    assert read_invocations("observability", "r1").ids == ("of-inputs", "of-rounds", "of-summaries")


def test_a_layer_that_failed_ends_the_run(run, s3):
    run("inputs")
    summary, _ = run("rounds", fails="rounds")

    assert not summary.succeeded
    assert json.loads(s3.bodies["dbt_artifacts/run_id=r1/summary.json"])["models"] == {"error": 1, "success": 1}
    with pytest.raises(LakehouseError, match="Run r1 failed in the layer rounds"):
        run("summaries")


def test_a_layer_that_failed_can_be_built_again(run):
    run("inputs")
    run("rounds", fails="rounds")
    run("rounds")
    summary, _ = run("summaries")

    assert summary.succeeded
    assert summary.models == {"success": 3}


def test_no_layer_goes_before_its_turn(run):
    with pytest.raises(LakehouseError, match="Run r1 has not built the layer inputs"):
        run("rounds")


def test_a_part_is_read_as_it_was_kept(run, s3):
    run("inputs")
    kept = json.loads(s3.bodies["dbt_artifacts/run_id=r1/layers/inputs.json"])

    assert Part.from_dict(kept).as_dict() == {**kept, "freshness": ()}
    assert Part.from_dict(kept).built == ["changed_inputs"]
