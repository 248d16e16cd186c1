"""dbt as a child process, played by a script."""

import json
import sys

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold.dbt_runner import Dbt, Selection, find_dbt

ECHO = """
import json, os, sys
for name in ("DBT_SEND_ANONYMOUS_USAGE_STATS", "DBT_VERSION_CHECK"):
    print(json.dumps({"info": {"name": "Said", "msg": f"{name}={os.environ[name]}"}, "data": {}}))
print(json.dumps({"info": {"name": "Said", "msg": " ".join(sys.argv[1:])}, "data": {}}))
"""


@pytest.fixture
def dbt(tmp_path):
    """A dbt that runs the given Python code."""

    def make(code):
        executable = tmp_path / "dbt"
        executable.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
        executable.chmod(0o755)
        return Dbt(executable, tmp_path / "project", tmp_path / "work" / "r1")

    return make


def event(name, message="", **data):
    return f"print({json.dumps(json.dumps({'info': {'name': name, 'msg': message}, 'data': data}))}, flush=True)\n"


def test_build_writes_below_its_work_folder_and_calls_nobody_home(dbt):
    child = dbt(ECHO)
    outcome = child.build(Selection(models=["fact_rounds+", "dim_device"]), full_refresh=True)
    *environment, arguments = outcome.lines
    assert environment == ["DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DBT_VERSION_CHECK=false"]
    assert " build --select fact_rounds+ dim_device --full-refresh " in arguments
    assert f"--project-dir {child.project} --profiles-dir {child.project}" in arguments
    assert f"--target-path {child.work / 'target'} --log-path {child.work}" in arguments
    assert child.log.read_text(encoding="utf-8").count("\n") == 3


def test_a_layer_is_told_what_was_built_before_it(dbt):
    selection = Selection(selector="summaries", built_before=["fact_rounds", "round_hours"])
    outcome = dbt("import os, sys; print(os.environ['TM_GOLD_BUILT'], ' '.join(sys.argv))").build(selection)
    assert outcome.lines[-1].startswith("fact_rounds,round_hours ")
    assert " build --selector summaries --project-dir " in outcome.lines[-1]


def test_progress_is_told_node_by_node(dbt):
    data = {"node_info": {"node_name": "fact_rounds"}, "status": "success", "index": 1, "total": 2, "execution_time": 1}
    seen = []
    dbt(event("LogModelResult", "OK", **data)).build(on_node=seen.append)
    assert [node.name for node in seen] == ["fact_rounds"]


@pytest.mark.parametrize(
    ("code", "exit_code", "reason", "last"),
    [
        (event("MainEncounteredError", "Error", exc="no profile") + "raise SystemExit(2)", 2, "no profile", "Error"),
        ("raise RuntimeError('broken install')", 1, None, "RuntimeError: broken install"),
    ],
    ids=["dbt says why", "dbt crashes"],
)
def test_failure_is_told_with_its_reason(dbt, code, exit_code, reason, last):
    outcome = dbt(code).build()
    assert (outcome.exit_code, outcome.reason, outcome.lines[-1]) == (exit_code, reason, last)


def test_missing_dbt_is_refused_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("TM_DBT", str(tmp_path / "no-dbt"))
    with pytest.raises(LakehouseError, match="no-dbt") as caught:
        find_dbt(tmp_path, "r1")
    assert "make setup" in caught.value.next_step
