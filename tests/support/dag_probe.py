"""Tell what Airflow finds in a folder of DAGs, as JSON. Executed in Airflow's own environment."""

import json
import sys
import time
from pathlib import Path

from airflow import __version__
from airflow.models.dagbag import DagBag


def watchers(schedule):
    """Who starts a DAG of this schedule when something happens."""
    condition = getattr(schedule, "asset_condition", None)
    return [watcher for asset in condition.objects for watcher in asset.watchers] if condition else []


# As the processor of DAGs does with each folder of them.
sys.path.append(sys.argv[1])
began = time.process_time()
bag = DagBag(sys.argv[1], include_examples=False, collect_dags=True)
found = {
    "version": __version__,
    "parse_seconds": time.process_time() - began,
    "errors": bag.import_errors,
    "dags": {
        dag_id: {
            "tasks": {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks},
            "retries": {task.task_id: task.retries for task in dag.tasks},
            "at_once": {task.task_id: task.max_active_tis_per_dag for task in dag.tasks},
            "pools": {task.task_id: task.pool for task in dag.tasks if task.pool != "default_pool"},
            "deferred": [task.task_id for task in dag.tasks if getattr(task, "deferrable", False)],
            "alerts": sorted({told.target_arn for task in dag.tasks for told in task.on_failure_callback or ()}),
            "run_alerts": [told.target_arn for told in dag.on_failure_callback or ()],
            "events": [watcher.trigger.sqs_queue for watcher in watchers(dag.schedule)],
            "unbounded": [task.task_id for task in dag.tasks if task.execution_timeout is None],
            "max_active_runs": dag.max_active_runs,
            "params": {name: dag.params.get_param(name).schema for name in dag.params},
        }
        for dag_id, dag in bag.dags.items()
    },
}
Path(sys.argv[2]).write_text(json.dumps(found))
