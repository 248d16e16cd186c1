"""The pages over a scripted Athena: what they show, ask and refuse."""

from datetime import date
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from streamlit.testing.v1 import AppTest

from tm_lakehouse.cost.statements import statement_of
from tm_lakehouse.dashboard import app
from tm_lakehouse.dashboard.views import runs, topology_editor

PAGES = ["overview", "rounds", "pace", "seasons", "shape", "devices", "quality", "runs"]


@pytest.fixture(autouse=True)
def history(monkeypatch):
    """What the workgroup has run, and that Glue's runs are not for this caller."""

    def refuse(*_):
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetJobRuns")

    def statements(_, began):
        execution = {
            "QueryExecutionId": "q", "Query": "SELECT 1", "StatementType": "DML",
            "Status": {"State": "SUCCEEDED", "SubmissionDateTime": began}, "Statistics": {"DataScannedInBytes": 5},
        }  # fmt: skip
        return [statement_of(execution)]

    monkeypatch.setattr(runs, "read_statements", statements)
    monkeypatch.setattr(runs, "read_job_runs", refuse)


def texts(test):
    kinds = (test.title, test.header, test.subheader, test.markdown, test.caption, test.info, test.warning, test.error)
    return " ".join(str(each.value) for kind in kinds for each in kind)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_charts_or_rows_and_no_failure(page, name):
    test = page(name)

    assert not test.exception
    assert not test.error
    assert not test.warning
    assert test.get("plotly_chart")
    assert all(chart.proto.spec or chart.proto.figure.spec for chart in test.get("plotly_chart"))


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_has_its_sql_and_its_data(page, athena, name):
    test = page(name)

    shown = " ".join(block.value for block in test.code)
    missing = [sql for sql in athena.asked if sql not in shown and "course_list" not in sql]
    assert missing == []
    assert len(test.get("download_button")) >= len(test.expander)
    assert all("scanned" in each.label for each in test.expander)


@pytest.mark.parametrize("name", PAGES)
def test_a_lake_without_rows_is_told_and_no_failure(page, athena, name):
    athena.has_rows = False
    test = page(name)

    assert not test.exception
    assert test.info or name == "runs"


@pytest.mark.parametrize("name", [name for name in PAGES if name != "overview"])
def test_a_second_look_asks_nothing(page, athena, name):
    test = page(name)
    asked = len(athena.asked)

    test.run()

    assert asked
    assert len(athena.asked) == asked


def test_a_link_opens_its_course_days_and_round(page, athena):
    test = page("rounds", course="americanfalls", **{"from": "2024-06-10", "to": "2024-06-20"}, round="r9", length="9")

    assert "course_id = 'americanfalls'" in athena.sql_of("round_list")[0]
    assert "BETWEEN DATE '2024-06-10' AND DATE '2024-06-20'" in athena.sql_of("round_list")[0]
    assert "round_length = '9'" in athena.sql_of("round_list")[0]
    assert "round_id = 'r9'" in athena.sql_of("fixes_of_round")[0]
    assert test.selectbox(key="choice of round").value == "r9"


def test_only_what_the_reader_chose_goes_into_the_url(page):
    test = page("rounds")
    assert not test.query_params

    test.selectbox(key="choice of course").select("americanfalls").run()

    assert dict(test.query_params) == {"course": "americanfalls"}


def test_another_course_leaves_the_round_behind(page):
    test = page("rounds", course="erinhills", round="r2", length="18")

    test.selectbox(key="choice of course").select("americanfalls").run()

    assert dict(test.query_params) == {"course": "americanfalls", "length": "18"}
    assert not test.warning


def test_chosen_days_go_into_the_url(page):
    test = page("pace", course="americanfalls")
    test.date_input[0].set_value((date(2024, 6, 10), date(2024, 6, 20))).run()

    assert dict(test.query_params) == {"course": "americanfalls", "from": "2024-06-10", "to": "2024-06-20"}


def test_a_changed_url_wins_over_what_was_chosen(page, athena):
    test = page("seasons", course="americanfalls")
    test.query_params["course"] = "erinhills"

    test.run()

    assert test.selectbox(key="choice of course").value == "erinhills"


def test_going_back_to_a_url_that_says_nothing_shows_what_comes_first(page):
    test = page("seasons")
    test.selectbox(key="choice of course").select("americanfalls").run()
    del test.query_params["course"]

    test.run()

    assert test.selectbox(key="choice of course").value == "erinhills"
    assert not test.query_params


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"course": "moon"}, "no course “moon”"),
        ({"round": "x' OR 1=1"}, "names no round"),
        ({"from": "soon"}, "days that are none"),
    ],
)
def test_a_link_that_can_not_be_is_told(page, athena, link, told):
    test = page("rounds", **link)

    assert told in texts(test)
    assert not [sql for sql in athena.asked if "moon" in sql or "1=1" in sql]


def test_a_round_that_is_not_there_is_told(page, athena, monkeypatch):
    import scripted_lake

    monkeypatch.setitem(scripted_lake.ANSWERS, "one_round", (scripted_lake.ROUNDS, []))
    test = page("rounds", round="65ffff")

    assert "has no round 65ffff" in texts(test)
    assert test.selectbox(key="choice of round").value == "r1"


def test_a_round_without_times_is_shown(page, athena):
    test = page("rounds", round="r2")

    assert not test.exception
    assert "event_date IS NULL AND" in athena.sql_of("fixes_of_round")[0]


def test_glue_that_may_not_be_read_is_told(page):
    assert "may not read Glue's job runs" in texts(page("runs"))


def test_what_athena_refuses_is_told_with_a_remedy_and_without_a_traceback(athena):
    athena.refuses = "TABLE_NOT_FOUND: Table 'gold.dim_course' does not exist"
    test = AppTest.from_file(app.__file__, default_timeout=30).run()

    assert not test.exception
    assert "does not exist" in test.error[0].value
    assert "tm-lakehouse gold" in test.error[0].value


def test_no_folder_is_taken_for_streamlit_s_own_pages():
    assert not (Path(app.__file__).parent / "pages").exists()


def test_the_session_tells_what_it_has_cost(athena):
    test = AppTest.from_file(app.__file__, default_timeout=30).run()

    told = " ".join(each.value for each in test.sidebar.markdown)
    assert "3 queries" in told
    assert f"{3 * 10 / 2**20 * 5:.5f} dollars" in told


def test_no_client_is_made_where_the_pages_are_scripted(athena, monkeypatch):
    monkeypatch.setattr(boto3, "client", lambda name: pytest.fail(f"a client of {name}"))
    assert not AppTest.from_file(app.__file__, default_timeout=30).run().exception


@pytest.fixture
def seed(tmp_path, monkeypatch):
    """The curated nines in a file of the test, on a dashboard for this machine only."""
    path = tmp_path / "curated_topology.csv"
    path.write_text(topology_editor.seed_path().read_text())
    monkeypatch.setattr(topology_editor, "seed_path", lambda: path)
    monkeypatch.setattr(topology_editor, "_listens_on", lambda: "127.0.0.1")
    return path


def write_button(test, course):
    return test.button(key=f"write {course}")


def test_the_editor_starts_with_the_lake_s_nines_where_none_are_curated(page, seed):
    test = page("shape")

    assert [each.value for each in test.text_input] == ["Front Nine", "Back Nine"]
    assert "+erinhills,2,Back Nine,2,28,55" in " ".join(block.value for block in test.code)


def test_an_edit_is_shown_as_a_difference_and_written(page, seed):
    before = seed.read_text()
    test = page("shape")
    test.text_input(key="name erinhills 0").input("Out")
    test.number_input(key="last erinhills 0").set_value(26)
    test.number_input(key="first erinhills 1").set_value(27).run()
    assert "writes Out, sections 1 to 26; writes Back Nine, sections 27 to 55" in texts(test)
    assert seed.read_text() == before

    write_button(test, "erinhills").click().run()

    assert "erinhills,1,Out,1,1,26\nerinhills,2,Back Nine,2,27,55\n" in seed.read_text()
    assert all(line in seed.read_text() for line in before.splitlines())
    assert "is written" in test.success[0].value


def test_nines_that_contradict_each_other_can_not_be_written(page, seed):
    test = page("shape")
    test.number_input(key="last erinhills 0").set_value(30).run()

    assert "share sections" in test.error[0].value
    assert not [button for button in test.button if button.key == "write erinhills"]


def test_what_the_file_holds_already_needs_no_writing(page, seed):
    test = page("shape", course="americanfalls")

    assert write_button(test, "americanfalls").disabled


def test_a_file_that_changed_meanwhile_is_not_overwritten(page, seed, monkeypatch):
    test = page("shape")
    read = seed.read_text()
    monkeypatch.setattr(topology_editor, "write_seed", lambda path, before, after: original(path, f"{before}x", after))
    from tm_lakehouse.topology.edit import write_seed as original

    write_button(test, "erinhills").click().run()

    assert "somebody else" in test.error[0].value
    assert seed.read_text() == read


@pytest.mark.parametrize("address", ["0.0.0.0", "10.1.2.3", "", "host.example"])
def test_a_dashboard_that_others_reach_edits_nothing(page, seed, monkeypatch, address):
    monkeypatch.setattr(topology_editor, "_listens_on", lambda: address)
    test = page("shape")

    assert "Not offered" in texts(test)
    assert not test.text_input


def test_who_may_not_write_the_file_is_told(page, seed, monkeypatch):
    monkeypatch.setattr(topology_editor, "why_not_writable", lambda path: f"{path.name} can't be written here.")
    test = page("shape")

    assert "can't be written here" in texts(test)
    assert not test.text_input
