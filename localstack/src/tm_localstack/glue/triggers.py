"""Triggers: on demand, on a schedule, and on the end of other triggered runs. They really start their jobs."""

import logging
import threading
from datetime import UTC, datetime

from localstack.aws.api import CommonServiceException, RequestContext, handler

from tm_localstack.glue import errors, tags
from tm_localstack.glue.catalog import Request, Response
from tm_localstack.glue.job_runs import JobRunOperations
from tm_localstack.glue.jobs import paged, store_of
from tm_localstack.glue.models import Definition, GlueStore, JobRun, Trigger, glue_stores
from tm_localstack.glue.schedule import ScheduleError, next_start
from tm_localstack.glue.scheduler import Scheduler

LOG = logging.getLogger(__name__)
NOT_UPDATABLE = ("Name", "Type")


class TriggerOperations(JobRunOperations):
    """Create, get, list, update, start, stop and delete."""

    def __init__(self) -> None:
        super().__init__()
        self.scheduler = Scheduler(self._start_due)
        self._trigger_lock = threading.RLock()

    @handler("CreateTrigger", expand=False)
    def create_trigger(self, context: RequestContext, request: Request) -> Response:
        store, name = store_of(context), request["Name"]
        definition = {key: value for key, value in request.items() if key not in ("Tags", "StartOnCreation")}
        self._check(store, definition)
        if request.get("StartOnCreation") and request["Type"] == "ON_DEMAND":
            raise errors.invalid_input("StartOnCreation is not for on-demand triggers.")
        with self._trigger_lock:
            if name in store.triggers:
                raise errors.already_exists(f"Trigger with name: {name} already exists")
            store.triggers[name] = trigger = Trigger(definition, "CREATED")
        tags.keep(context, tags.arn_of(context, "trigger", name), request.get("Tags"))
        if request.get("StartOnCreation"):
            self._activate(trigger)
        return {"Name": name}

    @handler("UpdateTrigger", expand=False)
    def update_trigger(self, context: RequestContext, request: Request) -> Response:
        """Replace a trigger's definition; its name and type stay."""
        trigger = self._trigger(context, request["Name"])
        kept = {key: value for key, value in trigger.definition.items() if key in NOT_UPDATABLE}
        update = {key: value for key, value in request["TriggerUpdate"].items() if key not in NOT_UPDATABLE}
        definition = {"Actions": trigger.definition["Actions"], **update, **kept}
        self._check(store_of(context), definition)
        with self._trigger_lock:
            trigger.definition = definition
            if trigger.state == "ACTIVATED":
                self._activate(trigger)
        return {"Trigger": trigger.describe()}

    @handler("GetTrigger", expand=False)
    def get_trigger(self, context: RequestContext, request: Request) -> Response:
        return {"Trigger": self._trigger(context, request["Name"]).describe()}

    @handler("GetTriggers", expand=False)
    def get_triggers(self, context: RequestContext, request: Request) -> Response:
        return paged([trigger.describe() for trigger in self._selected(context, request)], request, "Triggers")

    @handler("ListTriggers", expand=False)
    def list_triggers(self, context: RequestContext, request: Request) -> Response:
        names = [trigger.definition["Name"] for trigger in self._selected(context, request)]
        wanted = request.get("Tags")
        tagged = [name for name in names if tags.match(context, tags.arn_of(context, "trigger", name), wanted)]
        return paged(tagged, request, "TriggerNames")

    @handler("BatchGetTriggers", expand=False)
    def batch_get_triggers(self, context: RequestContext, request: Request) -> Response:
        triggers, names = store_of(context).triggers, request["TriggerNames"]
        found = [triggers[name].describe() for name in names if name in triggers]
        return {"Triggers": found, "TriggersNotFound": [name for name in names if name not in triggers]}

    @handler("StartTrigger", expand=False)
    def start_trigger(self, context: RequestContext, request: Request) -> Response:
        """Start an on-demand trigger's jobs; let any other trigger watch from now on."""
        trigger = self._trigger(context, request["Name"])
        if trigger.definition["Type"] == "ON_DEMAND":
            self._start_jobs(store_of(context), trigger, context.account_id, context.region)
        else:
            self._activate(trigger)
        return {"Name": request["Name"]}

    @handler("StopTrigger", expand=False)
    def stop_trigger(self, context: RequestContext, request: Request) -> Response:
        trigger = self._trigger(context, request["Name"])
        if trigger.definition["Type"] != "ON_DEMAND":
            trigger.state = "DEACTIVATED"
        return {"Name": request["Name"]}

    @handler("DeleteTrigger", expand=False)
    def delete_trigger(self, context: RequestContext, request: Request) -> Response:
        """Forget a trigger; as on AWS no error where there is none."""
        store_of(context).triggers.pop(request["Name"], None)
        tags.forget(context, tags.arn_of(context, "trigger", request["Name"]))
        return {"Name": request["Name"]}

    def after_run(self, run: JobRun) -> None:
        """Also start what was waiting for this run: as on AWS, only for runs that a trigger started."""
        super().after_run(run)
        if run.trigger_name is None or self.has_next_attempt(run):
            return
        store = glue_stores[run.account_id][run.region]
        for trigger in list(store.triggers.values()):
            if trigger.state == "ACTIVATED" and trigger.note_end(run.job_name, run.state):
                self._start_quietly(store, trigger, run.account_id, run.region)

    def _check(self, store: GlueStore, definition: Definition) -> None:
        if definition["Type"] == "EVENT" or definition.get("WorkflowName"):
            raise errors.not_local("triggers of workflows")
        if definition["Type"] == "SCHEDULED":
            _next_start(definition)
        conditions = (definition.get("Predicate") or {}).get("Conditions", [])
        if definition["Type"] == "CONDITIONAL" and not conditions:
            raise errors.invalid_input("A conditional trigger needs a Predicate with Conditions.")
        for part in [*definition["Actions"], *conditions]:
            if "JobName" not in part:
                raise errors.not_local("triggers of crawlers")
        for action in definition["Actions"]:
            if action["JobName"] not in store.jobs:
                raise errors.entity_not_found(f"Entity {action['JobName']} not found")

    def _trigger(self, context: RequestContext, name: str) -> Trigger:
        trigger = store_of(context).triggers.get(name)
        if trigger is None:
            raise errors.entity_not_found(f"Trigger {name} not found.")
        return trigger

    def _selected(self, context: RequestContext, request: Request) -> list[Trigger]:
        job = request.get("DependentJobName")
        triggers = list(store_of(context).triggers.values())
        return [trigger for trigger in triggers if job is None or trigger.starts(job)]

    def _activate(self, trigger: Trigger) -> None:
        with self._trigger_lock:
            if trigger.definition["Type"] == "SCHEDULED":
                trigger.next_start = _next_start(trigger.definition)
                self.scheduler.ensure_running()
            trigger.met_conditions.clear()
            trigger.state = "ACTIVATED"

    def _start_due(self, now: datetime) -> None:
        for account_id, regions in list(glue_stores.items()):
            for region, store in list(regions.items()):
                for trigger in list(store.triggers.values()):
                    if trigger.state == "ACTIVATED" and trigger.next_start and trigger.next_start <= now:
                        trigger.next_start = _next_start(trigger.definition)
                        self._start_quietly(store, trigger, account_id, region)

    def _start_quietly(self, store: GlueStore, trigger: Trigger, account_id: str, region: str) -> None:
        """Start a trigger's jobs with nobody there to be told of a refusal."""
        try:
            self._start_jobs(store, trigger, account_id, region)
        except CommonServiceException as error:
            LOG.warning("Trigger %s started nothing: %s", trigger.definition["Name"], error.message)

    def _start_jobs(self, store: GlueStore, trigger: Trigger, account_id: str, region: str) -> None:
        for action in trigger.definition["Actions"]:
            name = action["JobName"]
            if name not in store.jobs:
                raise errors.entity_not_found(f"Entity {name} not found")
            request = {key: value for key, value in action.items() if key != "JobName"}
            run = JobRun(name, store.jobs[name], request, account_id, region, trigger_name=trigger.definition["Name"])
            self.begin(store, run)


def _next_start(definition: Definition) -> datetime | None:
    try:
        return next_start(definition.get("Schedule", ""), datetime.now(UTC))
    except ScheduleError as error:
        raise errors.invalid_input(str(error)) from error
