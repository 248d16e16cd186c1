"""Triggers really start their jobs."""

from datetime import UTC, datetime, timedelta

import pytest

SUCCEED = "print('done')"
FAIL = "raise RuntimeError('no')"


@pytest.fixture
def make_trigger(client, unique):
    """Define a trigger; keyword arguments are CreateTrigger's."""
    made = []

    def make(kind: str, job: str, **definition: object) -> str:
        name = unique("trigger")
        client("glue").create_trigger(**{"Name": name, "Type": kind, "Actions": [{"JobName": job}], **definition})
        made.append(name)
        return name

    yield make
    for name in made:
        client("glue").delete_trigger(Name=name)


@pytest.fixture
def first_run(client, wait_until):
    """Wait for a job's first run to end and give it."""

    def wait(job: str, seconds: float = 60) -> dict:
        def ended() -> dict | None:
            runs = client("glue").get_job_runs(JobName=job)["JobRuns"]
            return runs[0] if runs and runs[0]["JobRunState"] in ("SUCCEEDED", "FAILED") else None

        return wait_until(ended, seconds, f"a run of {job}")

    return wait


def when(job: str, state: str) -> dict[str, object]:
    condition = {"LogicalOperator": "EQUALS", "JobName": job, "State": state}
    return {"Predicate": {"Conditions": [condition]}, "StartOnCreation": True}


def test_on_demand_trigger_starts_its_job_with_its_arguments(client, make_job, make_trigger, first_run):
    job = make_job(SUCCEED)
    name = make_trigger("ON_DEMAND", job, Actions=[{"JobName": job, "Arguments": {"--from": "trigger"}}])
    client("glue").start_trigger(Name=name)
    run = first_run(job)

    assert (run["JobRunState"], run["TriggerName"]) == ("SUCCEEDED", name)
    assert run["Arguments"] == {"--from": "trigger"}
    assert client("glue").get_trigger(Name=name)["Trigger"]["State"] == "CREATED"


def test_scheduled_trigger_starts_its_job_at_its_time(client, make_job, make_trigger, first_run):
    job = make_job(SUCCEED)
    moment = datetime.now(UTC) + timedelta(seconds=65)
    schedule = f"cron({moment.minute} {moment.hour} {moment.day} {moment.month} ? {moment.year})"
    name = make_trigger("SCHEDULED", job, Schedule=schedule, StartOnCreation=True)

    assert client("glue").get_trigger(Name=name)["Trigger"]["State"] == "ACTIVATED"
    run = first_run(job, 120)
    assert run["TriggerName"] == name
    assert run["StartedOn"] >= moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize(("script", "state"), [(SUCCEED, "SUCCEEDED"), (FAIL, "FAILED")])
def test_conditional_trigger_starts_when_the_watched_run_ends_so(
    client, make_job, make_trigger, first_run, script, state
):
    watched, wanted, unwanted = make_job(script), make_job(SUCCEED), make_job(SUCCEED)
    make_trigger("CONDITIONAL", wanted, **when(watched, state))
    make_trigger("CONDITIONAL", unwanted, **when(watched, "STOPPED"))
    client("glue").start_trigger(Name=make_trigger("ON_DEMAND", watched))

    assert first_run(watched)["JobRunState"] == state
    assert first_run(wanted)["JobRunState"] == "SUCCEEDED"
    assert client("glue").get_job_runs(JobName=unwanted)["JobRuns"] == []


def test_stopped_trigger_starts_nothing(client, make_job, make_trigger, first_run):
    watched, silent, control = make_job(SUCCEED), make_job(SUCCEED), make_job(SUCCEED)
    name = make_trigger("CONDITIONAL", silent, **when(watched, "SUCCEEDED"))
    make_trigger("CONDITIONAL", control, **when(watched, "SUCCEEDED"))
    client("glue").stop_trigger(Name=name)
    client("glue").start_trigger(Name=make_trigger("ON_DEMAND", watched))

    assert client("glue").get_trigger(Name=name)["Trigger"]["State"] == "DEACTIVATED"
    first_run(control)
    assert client("glue").get_job_runs(JobName=silent)["JobRuns"] == []


def test_trigger_comes_back_as_given_with_its_tags(client, make_job, make_trigger):
    glue, account = client("glue"), client("sts").get_caller_identity()["Account"]
    job = make_job(SUCCEED)
    schedule = "cron(0 3 ? * MON-FRI *)"
    name = make_trigger("SCHEDULED", job, Schedule=schedule, Description="nightly", Tags={"team": "data"})
    update = {"Schedule": "cron(0 4 * * ? *)", "Actions": [{"JobName": job}], "Description": "later"}
    before = glue.get_trigger(Name=name)["Trigger"]
    after = glue.update_trigger(Name=name, TriggerUpdate=update)["Trigger"]

    assert (before["Schedule"], before["Description"], before["State"]) == (schedule, "nightly", "CREATED")
    assert (after["Schedule"], after["Description"], after["Type"]) == ("cron(0 4 * * ? *)", "later", "SCHEDULED")
    arn = f"arn:aws:glue:{glue.meta.region_name}:{account}:trigger/{name}"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "data"}
    assert name in glue.list_triggers(DependentJobName=job)["TriggerNames"]


@pytest.mark.parametrize("schedule", ["every day", "cron(0 12 * * *)", "cron(0 12 * * * *)", "cron(99 12 * * ? *)"])
def test_bad_schedule_is_refused(client, make_job, make_trigger, schedule):
    with pytest.raises(client("glue").exceptions.InvalidInputException):
        make_trigger("SCHEDULED", make_job(SUCCEED), Schedule=schedule)


def test_unknown_job_or_trigger_is_refused(client, make_job, make_trigger):
    glue = client("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        make_trigger("ON_DEMAND", "no-such-job")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.start_trigger(Name="no-such-trigger")
    with pytest.raises(glue.exceptions.InvalidInputException):
        make_trigger("CONDITIONAL", make_job(SUCCEED))
