"""What roles asked for, whether they got it, and by which policies: the ground for a proof that the policies fit."""

import json
import threading
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from tm_localstack.config import local_config
from tm_localstack.iam.caller import Caller
from tm_localstack.iam.judge import Verdict

MOST_REFUSALS_KEPT = 100


class CallRecord:
    """What roles and users asked for and whether they got it, each once, as lines of JSON.

    `calls.jsonl` has a line for each kind of call, `policies.jsonl` one for each caller and state of its policies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls: set[tuple[str, str, str, bool]] = set()
        self._policies: dict[str, Caller] = {}
        self._refused: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._lock = threading.Lock()

    def refused(self) -> list[dict[str, Any]]:
        """What was refused, the newest last; each kind of call once."""
        with self._lock:
            return list(self._refused.values())

    def add(self, caller: Caller, verdicts: list[Verdict]) -> None:
        """Note what is new."""
        if not caller.principal.is_judged_by_identity:
            return
        with self._lock:
            self._note_policies(caller)
            for verdict in verdicts:
                self._note_call(verdict)

    def _note_policies(self, caller: Caller) -> None:
        name = caller.principal.issuer_arn
        known = self._policies.get(name)
        if known is None or (known.identity, known.boundary) != (caller.identity, caller.boundary):
            self._policies[name] = caller
            statements = [asdict(each) for document in caller.identity for each in document]
            self._write("policies.jsonl", {"principal": name, "statements": statements})

    def _note_call(self, verdict: Verdict) -> None:
        request, is_allowed = verdict.request, verdict.decision.is_allowed
        call = (request.principal.issuer_arn, request.action, request.resource)
        is_known = (*call, is_allowed) in self._calls
        if is_known and is_allowed:
            return
        line: dict[str, Any] = {
            "principal": request.principal.issuer_arn,
            "action": request.action,
            "resource": request.resource,
            "is_allowed": is_allowed,
            "context": {key: list(values) for key, values in request.context.items()},
        }
        if not is_allowed:
            self._note_refusal(call, line)
        if not is_known:
            self._calls.add((*call, is_allowed))
            self._write("calls.jsonl", line)

    def _note_refusal(self, call: tuple[str, str, str], line: dict[str, Any]) -> None:
        # Taken out first: a call that is refused again is the newest again.
        self._refused.pop(call, None)
        self._refused[call] = line
        if len(self._refused) > MOST_REFUSALS_KEPT:
            del self._refused[next(iter(self._refused))]

    def _write(self, name: str, line: dict[str, Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / name).open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")


@lru_cache(maxsize=1)
def call_record() -> CallRecord:
    """The record of this local AWS."""
    return CallRecord(local_config().iam_record)
