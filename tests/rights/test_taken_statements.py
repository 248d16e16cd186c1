"""Each statement that a role needs is taken away in turn: the stage that needs it fails and says what is not allowed.

Which statements are needed, docs/permissions.md tells. Those of Airflow's own role: tests/airflow/test_taken_rights.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import boto3
import pytest
from botocore.exceptions import ClientError
from taken_rights import BROKEN_DAY, DAY, PREFIX, last_refusal, needed_statements, session, without

from tm_lakehouse.athena import CATALOG

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]

READERS_QUERY = (
    "SELECT (SELECT count(*) FROM gold.fact_rounds), (SELECT count(*) FROM silver.fact_telemetry_event),"
    " (SELECT count(*) FROM observability.latest_silver_runs), (SELECT count(*) FROM observability.quarantined_records)"
)
# One of Silver and one of Gold's workshop: all of them take minutes.
TABLES = ("--table", "silver.fact_telemetry_event", "--table", "gold_build.fact_rounds")


@dataclass(frozen=True)
class Stage:
    """A command that needs a role's rights: by a job that Glue runs under the role, or by running under it itself.

    `without_table`: one that Gold lacks before, so that it makes it anew. `without_rows`: one of Silver that is empty
    before, so that it is written.
    """

    arguments: Sequence[str]
    is_under_role: bool = False
    fails_anyway: bool = False
    without_table: str | None = None
    without_rows: str | None = None


# Its report is the business of whoever may also see Glue's runs: Airflow, or the account's owner.
GOLD = ("gold", "--full-refresh", "--no-report")

STAGES: Mapping[str, Stage] = {
    "athena-reader": Stage(["query", READERS_QUERY], is_under_role=True),
    "dbt": Stage(GOLD, is_under_role=True),
    "glue-job": Stage(["silver", "--ingest-date", DAY]),
    "table-maintenance": Stage(["maintain", "run", *TABLES]),
    "table-parity": Stage(["parity", "silver.dim_course_profile", "gold.fact_rounds"]),
    "topology": Stage(["topology", "refresh"], is_under_role=True),
}

# What the role's stage does not need.
OTHER_STAGES: Mapping[tuple[str, str], Stage] = {
    ("glue-job", "ObjectsObservabilityAdd"): Stage(["silver", "--ingest-date", BROKEN_DAY], fails_anyway=True),
    ("dbt", "ListServe"): Stage(GOLD, is_under_role=True, without_table="global_overview"),
    ("topology", "ObjectsSourceChange"): Stage(
        ["topology", "refresh"], is_under_role=True, without_rows="dim_course_profile"
    ),
}

# What people's clients ask for, and no command.
BROWSING = {"BrowseCatalog": "athena:ListDatabases", "ListDatabases": "glue:GetDatabases"}
BROWSED = {("athena-reader", sid) for sid in BROWSING}

# A job that may not write its logs, metrics or event log goes on all the same: what was refused, `status` tells.
GOES_ON = {
    "WriteLogs": "log-group:/aws-glue/jobs/",
    "PublishMetrics": "cloudwatch:PutMetricData",
    "ObjectsObservabilityWrite": "/spark-event-logs/",
}

# As Glue words it where it can't read a job's script or wheels, and Athena where it can't ask for its bucket.
IN_OTHER_WORDS = {
    "ObjectsSourceRead": "Error downloading from S3 for bucket: tm-lakehouse-source-store",
    "LocateBuckets": "Unable to verify/create output bucket tm-lakehouse-observability",
}


@pytest.fixture(scope="module")
def works(lakehouse):
    """Assert, once for each stage, that it succeeds with all its rights."""
    seen = []

    def check(role: str, stage: Stage) -> None:
        if stage not in seen:
            said = _run(lakehouse, role, stage)
            assert said.code == int(stage.fails_anyway), said.text
            assert "not authorized" not in said.text
            seen.append(stage)

    return check


@pytest.mark.parametrize(
    ("role", "sid", "actions"),
    [
        pytest.param(*key, actions, id="-".join(key))
        for key, actions in needed_statements(STAGES).items()
        if key not in BROWSED
    ],
)
def test_a_stage_without_a_statement_fails_and_names_the_action(lakehouse, works, role, sid, actions):
    stage = OTHER_STAGES.get((role, sid), STAGES[role])
    works(role, stage)
    with without(role, sid):
        said = _run(lakehouse, role, stage)

    assert said.code == (0 if sid in GOES_ON else 1), said.text
    if sid in GOES_ON:
        last = last_refusal(lakehouse)
        assert GOES_ON[sid] in last
        assert last.endswith(f"role/{PREFIX}-{role}")
    else:
        names = [*actions, *filter(None, [IN_OTHER_WORDS.get(sid)])]
        assert any(name.lower() in said.text.lower() for name in names), said.text


@pytest.mark.parametrize(("sid", "action"), BROWSING.items())
def test_people_who_may_not_browse_are_told_so(lakehouse, sid, action):
    keys = {name.lower(): value for name, value in session("athena-reader").items()}
    browse = boto3.client("athena", **keys).list_databases
    assert browse(CatalogName=CATALOG)["DatabaseList"]

    with without("athena-reader", sid), pytest.raises(ClientError, match=action):
        browse(CatalogName=CATALOG)


def _run(lakehouse, role, stage):
    if stage.without_table:
        boto3.client("glue").delete_table(DatabaseName=lakehouse.settings.db_gold_build, Name=stage.without_table)
    if stage.without_rows:
        emptied = lakehouse.run("query", f"DELETE FROM {lakehouse.settings.db_silver}.{stage.without_rows}")
        assert emptied.code == 0, emptied.text
    return lakehouse.run(*stage.arguments, role=role if stage.is_under_role else None)
