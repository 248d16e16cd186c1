"""Statements and documents of policies."""

import json


def policy(*statements: dict[str, object]) -> str:
    """A document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: object, resources: object, **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: object, resources: object, **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}
