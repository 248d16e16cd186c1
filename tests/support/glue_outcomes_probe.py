"""What becomes of tasks that wait for Glue runs, by how those end, as JSON. Executed in Airflow's own environment.

Glue and its logs are played: each run is RUNNING when it is first looked at, and prints two lines.
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import boto3
from airflow.sdk import dag
from botocore.exceptions import ClientError

ENDS = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED")
PREFIX = "course_id=erinhills/ingest_date=2024-01-15/"
CASES = {
    **{end.lower(): (end, []) for end in ENDS},
    "left_out": ("SUCCEEDED", [PREFIX]),
    "disappeared": ("DISAPPEARED", []),
    "throttled": ("THROTTLED", []),
}
told = {}


class NotFoundError(ClientError):
    """As boto3 has one for each service."""

    def __init__(self, name):
        super().__init__({"Error": {"Code": "EntityNotFoundException", "Message": name}}, "GetJobRun")


class PlayedGlue:
    """Glue, where the name of a run says how it ends."""

    exceptions = type("exceptions", (), {"EntityNotFoundException": NotFoundError})

    def __init__(self):
        self.looks = Counter()

    def get_job_run(self, JobName, RunId):  # noqa: N803  # boto3's names
        end = RunId.partition("_")[0]
        self.looks[RunId] += 1
        if self.looks[RunId] == 1:
            return run("RUNNING")
        if end == "DISAPPEARED":
            raise NotFoundError(JobName)
        if end == "THROTTLED" and self.looks[RunId] == 2:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "GetJobRun")
        return run("SUCCEEDED" if end == "THROTTLED" else end)


def run(state):
    message = None if state in ("RUNNING", "SUCCEEDED") else f"message of {state}"
    return {"JobRun": {"JobRunState": state, "ErrorMessage": message, "ExecutionTime": 7, "DPUSeconds": 14.0}}


class PlayedLogs:
    """The output of every run."""

    exceptions = type("exceptions", (), {"ResourceNotFoundException": NotFoundError})

    def get_log_events(self, **given):
        lines = [] if given.get("nextToken") else ["first line", "last line"]
        return {"events": [{"message": line} for line in lines], "nextForwardToken": "end"}


def main(result):
    played = {"glue": PlayedGlue(), "logs": PlayedLogs()}
    boto3.client = played.__getitem__
    sys.path.append(sys.argv[1])
    from airflow.exceptions import AirflowFailException
    from lakehouse_tasks.glue_runs import CheckSilver

    from tm_lakehouse.orchestration import silver
    from tm_lakehouse.silver_runs.launch import RunOutcome

    # What such a run has told of its deliveries: nothing.
    silver.outcome_of = lambda _, __, prefixes, finished: RunOutcome(prefixes, finished, [], [])

    class TellingCheck(CheckSilver):
        """`dags test` of Airflow 3.0 gives no callback the exception."""

        def _end(self, begun):
            try:
                return super()._end(begun)
            except AirflowFailException as error:
                told[self.task_id] = str(error)
                raise

    @dag(schedule=None)
    def outcomes():
        for name, (end, prefixes) in CASES.items():
            for deferrable in (True, False):
                kind = "deferred" if deferrable else "in_worker"
                TellingCheck(
                    task_id=f"{name}-{kind}",
                    prefixes=prefixes,
                    glue_run=f"{end}_{kind}",
                    deferrable=deferrable,
                    poll_seconds=0.1,
                    retries=1,
                    retry_delay=timedelta(),
                )

    ended = outcomes().test()
    states = {task.task_id: str(task.state) for task in ended.get_task_instances()}
    result.write_text(json.dumps({"states": states, "told": told}))


main(Path(sys.argv[2]))
