"""The DAGs are ready for the Airflow that MWAA does not have yet: it reads the same from them."""

from airflow_dags import found_by

DEPLOYED = {
    "TM_ALERT_TOPIC_ARN": "arn:aws:sns:us-east-1:111111111111:lake-alerts",
    "TM_LANDING_EVENTS_URL": "https://sqs.us-east-1.amazonaws.com/111111111111/lake-landing-events",
}


def test_a_newer_airflow_finds_the_same_dags_tasks_and_events(tmp_path_factory):
    now = found_by("airflow", tmp_path_factory.mktemp("now"), **DEPLOYED)
    later = found_by("airflow_next", tmp_path_factory.mktemp("next"), **DEPLOYED)

    assert later["version"] != now["version"]
    assert later["errors"] == now["errors"] == {}
    assert later["dags"] == now["dags"]
    assert len(now["dags"]) == 4
