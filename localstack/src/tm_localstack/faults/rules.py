"""Which call a fault strikes, when, and how. Pure: nothing here knows LocalStack."""

import random
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, NamedTuple, get_args

Effect = Literal["error", "delay", "hold"]
Moment = Literal["before", "after"]
LONGEST_SECONDS = 600


class InvalidRuleError(ValueError):
    """A rule that can't be meant; the message names the field."""


class Call(NamedTuple):
    """One call of AWS's API. `resource` is `bucket/key` for S3, `database.table` for the Glue catalog, else empty."""

    service: str
    operation: str
    resource: str


@dataclass(frozen=True)
class Rule:
    """A fault. Empty `service`, `operation` and `resource` match everything; `resource` matches by its beginning.

    Of the matching calls the first `skip` are spared and the next `times` struck (0: all further ones), each with
    `probability`, drawn from `seed`. `moment` says whether the call is carried out first. Effects: `error` answers
    `code` with HTTP `status`; `delay` waits `seconds`, so that the caller's patience may end before the answer comes;
    `hold` waits until released; when the rule ends first, or `seconds` are over, it is an `error`.
    """

    name: str
    effect: Effect
    service: str = ""
    operation: str = ""
    resource: str = ""
    moment: Moment = "before"
    skip: int = 0
    times: int = 0
    probability: float = 1.0
    seed: int = 0
    code: str = "InternalError"
    status: int = 500
    seconds: float = 60.0

    @classmethod
    def parse(cls, values: object) -> "Rule":
        """Read a rule from JSON.

        Raises:
            InvalidRuleError: a field is missing, unknown, or of no use.
        """
        if not isinstance(values, Mapping):
            raise InvalidRuleError("a rule is a JSON object")
        known = {each.name: each.type for each in fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise InvalidRuleError(f"there is no field {unknown[0]}; known are {', '.join(known)}")
        for required in ("name", "effect"):
            if not values.get(required):
                raise InvalidRuleError(f"{required} is missing")
        rule = cls(**{str(name): _typed(str(name), value, cls) for name, value in values.items()})
        rule._check()
        return rule

    def matches(self, call: Call) -> bool:
        """Whether the call is one that the rule speaks of."""
        return (
            self.service in ("", call.service)
            and self.operation in ("", call.operation)
            and call.resource.startswith(self.resource)
        )

    def _check(self) -> None:
        for name, choices in (("effect", get_args(Effect)), ("moment", get_args(Moment))):
            if getattr(self, name) not in choices:
                raise InvalidRuleError(f"{name} is one of {', '.join(choices)}")
        for name, lowest, highest in (
            ("skip", 0, 10**9), ("times", 0, 10**9), ("probability", 0, 1), ("status", 400, 599),
            ("seconds", 0, LONGEST_SECONDS),
        ):  # fmt: skip
            if not lowest <= getattr(self, name) <= highest:
                raise InvalidRuleError(f"{name} lies between {lowest} and {highest}")


def _typed(name: str, value: Any, cls: type[Rule]) -> Any:
    default = getattr(cls, name, "")
    wanted = (int, float) if isinstance(default, float) else type(default)
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise InvalidRuleError(f"{name} has a value of the wrong type: {value!r}")
    return value


class Fault:
    """A rule at work: how many calls it has met and struck, and how many it holds."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.met = 0
        self.struck = 0
        self.waiting = 0
        self._gate = threading.Event()
        self._is_released = False
        self._draws = random.Random(rule.seed)
        self._lock = threading.Lock()

    def strikes(self, call: Call, moment: Moment) -> bool:
        """Whether the fault happens to this call; counts it."""
        rule = self.rule
        if rule.moment != moment or not rule.matches(call):
            return False
        with self._lock:
            self.met += 1
            is_due = self.met > rule.skip and (rule.times == 0 or self.struck < rule.times)
            is_struck = is_due and self._draws.random() < rule.probability
            self.struck += is_struck
        return is_struck

    def hold(self) -> bool:
        """Wait until the gate opens, at most the rule's seconds; whether the call may go on."""
        with self._lock:
            self.waiting += 1
        self._gate.wait(self.rule.seconds)
        with self._lock:
            self.waiting -= 1
        return self._is_released

    def release(self) -> None:
        """Let the held calls go on, and those to come."""
        self._is_released = True
        self._gate.set()

    def end(self) -> None:
        """Let the held calls fail."""
        self._gate.set()

    def told(self) -> dict[str, Any]:
        """The rule and its counts, as JSON has them."""
        return asdict(self.rule) | {"met": self.met, "struck": self.struck, "waiting": self.waiting}


class Faults:
    """All rules at work, by name. The first that strikes a call decides it."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, rule: Rule) -> Fault:
        """Put a rule to work; one of its name ends."""
        self.remove(rule.name)
        self._faults[rule.name] = fault = Fault(rule)
        return fault

    def find(self, name: str) -> Fault | None:
        return self._faults.get(name)

    def remove(self, name: str) -> bool:
        """End a rule; calls that it holds fail. Whether there was one."""
        fault = self._faults.pop(name, None)
        if fault:
            fault.end()
        return fault is not None

    def clear(self) -> None:
        """End all rules."""
        for name in list(self._faults):
            self.remove(name)

    def struck_by(self, call: Call, moment: Moment) -> Fault | None:
        """The fault that happens to a call, if any does."""
        return next((fault for fault in list(self._faults.values()) if fault.strikes(call, moment)), None)

    def told(self) -> list[dict[str, Any]]:
        """All rules with their counts."""
        return [fault.told() for fault in self._faults.values()]
