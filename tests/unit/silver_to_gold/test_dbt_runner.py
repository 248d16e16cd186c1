"""dbt as a child process, played by a script."""

import sys
from dataclasses import replace

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold.dbt_runner import Dbt, Selection, find_dbt

# Stands where dbt's own package would; a test says what a command does.
PLAYED_DBT = """
import json, os, signal, time
from types import SimpleNamespace

class dbtRunner:
    def invoke(self, arguments):
        exception = None
        try:
            success = command(arguments)
        except BaseException as caught:
            success, exception = False, caught
        return SimpleNamespace(success=success, exception=exception)

def say(message, name="Said", **data):
    print(json.dumps({"info": {"name": name, "msg": message}, "data": data}), flush=True)

"""
ECHO = """
def command(arguments):
    for name in ("DBT_SEND_ANONYMOUS_USAGE_STATS", "DBT_VERSION_CHECK"):
        say(f"{name}={os.environ[name]}")
    say(" ".join(arguments))
    return True
"""
TELL_PROCESS = """
def command(arguments):
    say(str(os.getpid()))
    return True
"""
WAIT = """
def command(arguments):
    try:
        say("started")
        time.sleep(60)
    except KeyboardInterrupt:
        os.kill(os.getpid(), signal.SIGTERM)
        say("cancelling " + 100_000 * ".")
        open("CANCELLED", "w").close()
        raise
"""


@pytest.fixture
def dbt(tmp_path):
    """A dbt whose commands run the given function `command`."""

    def make(code):
        package = tmp_path / "packages" / "dbt" / "cli"
        package.mkdir(parents=True)
        (package / "main.py").write_text(PLAYED_DBT + code, encoding="utf-8")
        for name, line in {
            "dbt": "exit 1",
            "python": f'PYTHONPATH={tmp_path}/packages exec {sys.executable} "$@"',
        }.items():
            executable = tmp_path / name
            executable.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
            executable.chmod(0o755)
        return Dbt(tmp_path / "dbt", tmp_path / "project", tmp_path / "work" / "r1")

    return make


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
    tell = """
def command(arguments):
    say(" ".join([os.environ["TM_GOLD_BUILT"], *arguments]))
    return True
"""
    outcome = dbt(tell).build(selection)
    assert outcome.lines[-1].startswith("fact_rounds,round_hours ")
    assert " build --selector summaries --project-dir " in outcome.lines[-1]


def test_progress_is_told_node_by_node(dbt):
    build = """
def command(arguments):
    say("OK", "LogModelResult", node_info={"node_name": "fact_rounds"}, status="success", index=1, total=2,
        execution_time=1)
    return True
"""
    seen = []
    dbt(build).build(on_node=seen.append)
    assert [node.name for node in seen] == ["fact_rounds"]


@pytest.mark.parametrize(
    ("code", "exit_code", "reason", "last"),
    [
        ("def command(arguments): return False", 1, None, None),
        (
            "def command(arguments): say('Error', 'MainEncounteredError', exc='no profile'); raise ValueError",
            2,
            "no profile",
            "Error",
        ),
        ("raise RuntimeError('broken install')", 1, None, "RuntimeError: broken install"),
        ("def command(arguments): say('so far'); os._exit(137)", 137, None, "so far"),
    ],
    ids=["a node fails", "dbt says why", "dbt does not start", "dbt is killed"],
)
def test_failure_is_told_with_its_reason(dbt, code, exit_code, reason, last):
    outcome = dbt(code).build()
    assert (outcome.exit_code, outcome.reason, outcome.lines[-1] if outcome.lines else None) == (
        exit_code,
        reason,
        last,
    )


def test_commands_of_a_started_dbt_share_its_process(dbt):
    with dbt(TELL_PROCESS).started() as started:
        together = started.freshness().lines + started.build().lines
    alone = replace(started, process=None).freshness().lines
    assert len(together) == 2
    assert len({*together, *alone}) == 2


def test_command_after_a_crash_fails_with_the_code_of_the_crash(dbt):
    with dbt("def command(arguments): os._exit(3)").started() as started:
        assert [started.freshness().exit_code, started.build().exit_code] == [3, 3]


def test_an_interrupt_lets_dbt_cancel_its_queries_though_it_is_told_twice(dbt, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        interrupt(dbt(WAIT))
    assert (tmp_path / "CANCELLED").exists()


def interrupt(dbt):
    """Interrupt a build that has begun."""
    with dbt.started() as started:
        next(started.process.run(["build"], {}))
        raise KeyboardInterrupt


def test_missing_dbt_is_refused_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("TM_DBT", str(tmp_path / "no-dbt"))
    with pytest.raises(LakehouseError, match="no-dbt") as caught:
        find_dbt(tmp_path, "r1")
    assert "make setup" in caught.value.next_step


def test_a_dbt_without_its_environment_is_refused(dbt, monkeypatch, tmp_path):
    executable = dbt("").executable
    executable.with_name("python").unlink()
    monkeypatch.setenv("TM_DBT", str(executable))
    with pytest.raises(LakehouseError, match="python cannot be run"):
        find_dbt(tmp_path, "r1")


def test_a_link_to_dbt_finds_the_environment_it_leads_to(dbt, monkeypatch, tmp_path):
    link = tmp_path / "bin" / "dbt"
    link.parent.mkdir()
    link.symlink_to(dbt(TELL_PROCESS).executable)
    monkeypatch.setenv("TM_DBT", str(link))
    assert find_dbt(tmp_path, "r1").freshness().exit_code == 0


def test_a_run_starts_with_what_the_run_before_it_parsed(dbt, tmp_path):
    parse = """
def command(arguments):
    kept = os.path.join(arguments[arguments.index("--target-path") + 1], "partial_parse.msgpack")
    say(open(kept).read() if os.path.exists(kept) else "nothing")
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    open(kept, "w").write(f"as {os.path.basename(arguments[-1])} parsed it")
    return True
"""
    first = dbt(parse)
    said = [replace(first, work=first.work.with_name(run)).build().lines for run in ("r2", "r1", "r3")]
    assert said == [["nothing"], ["as r2 parsed it"], ["as r1 parsed it"]]
