"""Every command that needs a lakehouse says what is missing and what to do, in one line each, with an exit code."""

import pytest

NEEDS_LAKEHOUSE = [
    ("land", "rounds.csv"),
    ("ingest", "--course-id", "erinhills", "--start-date", "2024-01-15", "--end-date", "2024-01-15"),
    ("silver", "--course-id", "erinhills", "--ingest-date", "2024-01-15"),
    ("silver", "--pending"),
    ("backfill",),
    ("quarantine", "list"),
    ("quarantine", "replay"),
    ("maintain", "status"),
    ("topology", "refresh"),
    ("topology", "show"),
    ("gold",),
    ("publications",),
    ("publish", "20250901T060000Z-1a2b3c4d"),
    ("rollback", "--to", "1"),
    ("query", "SELECT 1"),
    ("cost",),
    ("cost", "--query", "0a1b"),
    ("report",),
    ("report", "r1", "--json"),
    ("parity",),
    ("erase", "--round", "r1", "--yes"),
]
API = {"TM_DATA_SOURCE": "api", "TM_API_BASE_URL": "https://api.example.test", "TM_API_SECRET": "keys/api"}
JOBS = {"TM_GLUE_JOB_PARITY": "table-parity"}
NEEDS_LOCAL_AWS = [*NEEDS_LAKEHOUSE, ("plan",), ("apply",), ("destroy",), ("status",)]


@pytest.fixture(autouse=True)
def _course_file(tmp_path):
    """Where the commands run: the one file that a command names."""
    (tmp_path / "rounds.csv").write_text("_id,course\na1,rounds\n")


def _told(error: str) -> tuple[str, str]:
    """The reason and the next step: one line each, the last of what the command says."""
    reason, next_step = error.strip().splitlines()[-2:]
    assert reason.startswith("error:")
    assert next_step.startswith("next:")
    return reason, next_step


@pytest.mark.parametrize("command_line", NEEDS_LOCAL_AWS, ids=" ".join)
def test_without_a_local_aws(refused, command_line):
    reason, next_step = _told(refused(*command_line))

    assert "not running" in reason
    assert "make up" in next_step


@pytest.mark.parametrize("command_line", NEEDS_LAKEHOUSE, ids=" ".join)
def test_before_terraform_is_applied(refused, command_line, stopped_aws):
    reason, next_step = _told(refused(*command_line))

    assert "Terraform has not been applied" in reason
    assert "make apply" in next_step


@pytest.mark.parametrize("command_line", NEEDS_LAKEHOUSE, ids=" ".join)
def test_when_the_local_aws_has_gone(refused, command_line, stopped_aws, lakehouse_variables):
    reason, next_step = _told(refused(*command_line, AWS_MAX_ATTEMPTS="1", **lakehouse_variables | API | JOBS))

    assert "does not answer" in reason
    assert "make up" in next_step


@pytest.mark.parametrize(
    ("command_line", "told"),
    [
        (("silver", "--course-id", "erinhills", "--ingest-date", "yesterday"), "'yesterday' is no date"),
        (("silver", "--course-id", "erinhills", "--ingest-date", "2024-02-30"), "'2024-02-30' is no date"),
        (("silver", "--course-id", "erinhills"), "No delivery is named"),
        (("silver", "--prefix", "erinhills/2024-01-15"), "is no landing prefix"),
        (("silver", "--prefix", "course_id=a/ingest_date=2024-01-15", "--pending"), "names deliveries already"),
        (("silver", "--ingest-date", "2024-01-15", "--from", "2024-01-01"), "--ingest-date and --from"),
        (("backfill", "--from", "2024-02-01", "--to", "2024-01-01"), "--to lies before --from"),
        (("quarantine", "show", "--from", "soon"), "'soon' is no date"),
        (("rollback",), "Say what to go back to"),
        (("rollback", "dim_course", "--all", "--to", "1"), "not both"),
        (("publish",), "Name a run"),
        (("publish", "r1", "--resume"), "Name a run"),
        (("query",), "Give the statement"),
        (("cost", "--query", "q1", "--run", "r1"), "exclude each other"),
        (("cost", "--run", "r1", "--since", "2025-09-01"), "exclude each other"),
        (("cost", "--query", "q1", "--until", "2025-09-01"), "exclude each other"),
        (("cost", "--since", "2024-02-01", "--until", "2024-01-01"), "ends before it begins"),
        (("cost", "--since", "soon"), "does not match"),
        (("erase",), "Name what is to be erased"),
        (("erase", "--round", "r1", "--device", "d1"), "Name what is to be erased"),
        (("erase", "--device", "d1", "--course-id", "erinhills"), "erased on all courses"),
        (("query", "--file", "gone.sql"), "gone.sql"),
        (("logs", "spark"), "There is no log of 'spark'"),
        (("plan", "--var", "packaging"), "is not NAME=VALUE"),
        (("--env", "dev", "e2e"), "starts from an empty AWS"),
        (("nonsense",), "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_arguments(refused, stopped_aws, command_line, told):
    reason, _ = _told(refused(*command_line))

    assert told in reason


@pytest.mark.parametrize("action", ["run", "enable", "status"])
def test_upkeep_of_what_readers_see_is_refused_and_its_build_table_named(
    refused, stopped_aws, lakehouse_variables, action
):
    more = {"TM_GLUE_JOB_MAINTENANCE": "job", "TM_TABLE_OPTIMIZER_ROLE": "role", "AWS_MAX_ATTEMPTS": "1"}
    reason, next_step = _told(refused("maintain", action, "--table", "gold.dim_course", **(lakehouse_variables | more)))

    assert "is what readers see" in reason
    assert "gold_build.dim_course" in next_step


@pytest.mark.parametrize("name", ["TM_LOCAL_AWS_PORT", "TM_LOCAL_TRINO_PORT"])
def test_a_port_that_is_none_is_named(refused, name):
    reason, _ = _told(refused("up", **{name: "http"}))

    assert f"{name}=http is not a port" in reason
