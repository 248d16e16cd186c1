"""Tells EventBridge how a query ended, as Athena does. That one is queued or begins to run is not told here.

Follows "Monitor Athena query events with EventBridge" in Athena's user guide.
"""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from localstack.aws.connect import connect_to

logger = logging.getLogger(__name__)
# Beside the queries, which wait for no listener.
_SENDER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="athena-events")


def announce(event: dict[str, Any], account_id: str, region: str) -> None:
    """Send an event soon; Athena sends its own by best effort too."""
    _SENDER.submit(_send, event, account_id, region)


def end_event(
    query_id: str, statement_type: str, workgroup: str, state: str, previous: str, ended: datetime
) -> dict[str, Any]:
    """The event of a query's end, in EventBridge's form."""
    detail = {
        "versionId": "0",
        "currentState": state,
        "previousState": previous,
        "statementType": statement_type,
        "queryExecutionId": query_id,
        "workgroupName": workgroup,
        "sequenceNumber": "3" if previous == "RUNNING" else "2",
    }
    return {
        "Time": ended,
        "Source": "aws.athena",
        "DetailType": "Athena Query State Change",
        "Detail": json.dumps(detail),
    }


def _send(event: dict[str, Any], account_id: str, region: str) -> None:
    try:
        connect_to(aws_access_key_id=account_id, region_name=region).events.put_events(Entries=[event])
    except Exception:
        logger.exception("an event of a query's end is lost")
