"""What was asked for, and whether it was allowed: the ground for a proof that the policies fit."""

import json
import threading
from collections import deque
from functools import lru_cache
from pathlib import Path
from typing import Any

from tm_localstack.config import local_config
from tm_localstack.iam.judge import Verdict

MOST_REFUSALS_KEPT = 100


class CallRecord:
    """What roles and users asked for and whether they got it, each once, as lines of JSON."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: set[tuple[str, str, str, bool]] = set()
        self._refused: deque[dict[str, Any]] = deque(maxlen=MOST_REFUSALS_KEPT)
        self._lock = threading.Lock()

    def refused(self) -> list[dict[str, Any]]:
        """What was refused, the newest last; each kind of call once."""
        with self._lock:
            return list(self._refused)

    def add(self, verdicts: list[Verdict]) -> None:
        """Note verdicts that are new."""
        for verdict in verdicts:
            request, is_allowed = verdict.request, verdict.decision.is_allowed
            if not request.principal.is_judged_by_identity:
                continue
            key = (request.principal.issuer_arn, request.action, request.resource, is_allowed)
            with self._lock:
                if key not in self._seen:
                    self._seen.add(key)
                    self._write(verdict)

    def _write(self, verdict: Verdict) -> None:
        request = verdict.request
        line: dict[str, Any] = {
            "principal": request.principal.issuer_arn,
            "action": request.action,
            "resource": request.resource,
            "is_allowed": verdict.decision.is_allowed,
            "context": {key: list(values) for key, values in request.context.items()},
        }
        if not verdict.decision.is_allowed:
            self._refused.append(line)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")


@lru_cache(maxsize=1)
def call_record() -> CallRecord:
    """The record of this local AWS."""
    return CallRecord(local_config().scratch / "iam" / "calls.jsonl")
