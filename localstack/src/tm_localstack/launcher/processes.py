"""Background processes that outlive the command that started them, and are found again by a record on disk."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tm_localstack.launcher.settings import LauncherError

STOP_SECONDS = 10
MARK = "TM_LOCAL_PROCESS"

# Python complains of, and never reaps, a child whose handle is dropped while it runs.
_handles: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class ProcessRecord:
    """One started process. `mark` stands in its environment and guards against a reused process id.

    The time of its start would not do: it is told by the machine's clock, and moves when that is set.
    """

    name: str
    pid: int
    mark: str
    log: str


def start(name: str, command: list[str], environment: Mapping[str, str], log: Path, cwd: Path) -> ProcessRecord:
    """Start a process in a session of its own, its output going to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    mark = uuid.uuid4().hex
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env={**environment, MARK: mark},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _handles.append(process)
    return ProcessRecord(name, process.pid, mark, str(log))


def find(record: ProcessRecord) -> psutil.Process | None:
    """The recorded process if it still runs."""
    try:
        process = psutil.Process(record.pid)
        same = process.environ().get(MARK) == record.mark and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return None
    return process if same else None


def stop(records: Iterable[ProcessRecord]) -> None:
    """End the processes with everything they started: politely, then by force after 10 s."""
    family: list[psutil.Process] = []
    for record in records:
        if process := find(record):
            family += [*_children(process), process]
    for process in family:
        _signal(process, "terminate")
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in alive:
        _signal(process, "kill")
    psutil.wait_procs(alive, timeout=STOP_SECONDS)
    _handles[:] = [handle for handle in _handles if handle.poll() is None]


def save(records: Iterable[ProcessRecord], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps([asdict(record) for record in records], indent=1), encoding="utf-8")
    draft.replace(path)


def load(path: Path) -> list[ProcessRecord]:
    """The records on disk; none when there is no file.

    Raises:
        LauncherError: another version of this project wrote them, by which its processes can't be told from others.
    """
    if not path.is_file():
        return []
    entries = json.loads(path.read_text(encoding="utf-8"))
    if any(entry.keys() != ProcessRecord.__annotations__.keys() for entry in entries):
        pids = ",".join(str(entry.get("pid")) for entry in entries)
        raise LauncherError(
            f"The local AWS of {path.parent} was started by another version of this project.",
            f"Look with `ps -p {pids}` what of it still runs, end that with `kill`, and remove {path}.",
        )
    return [ProcessRecord(**entry) for entry in entries]


def memory_bytes(record: ProcessRecord) -> int:
    """Resident memory of the process and everything it started."""
    process = find(record)
    if process is None:
        return 0
    return sum(_resident(member) for member in [process, *_children(process)])


def listener(port: int) -> str | None:
    """Who listens on a local port: its command, `another user's process`, or None when the port is free."""
    for connection in psutil.net_connections(kind="tcp"):
        address = connection.laddr
        if connection.status == psutil.CONN_LISTEN and address and address.port == port:
            return _describe(connection.pid)
    return None


def inherited_environment() -> dict[str, str]:
    """What the engines may see of the caller's environment: no AWS profile, key, proxy or Python setting."""
    kept = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "XDG_CACHE_HOME", "TM_CACHE_DIR"}
    certificates = {name for name in os.environ if name.endswith(("_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"))}
    return {name: value for name, value in os.environ.items() if name in kept | certificates}


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _signal(process: psutil.Process, action: str) -> None:
    try:
        getattr(process, action)()
    except psutil.Error:
        return


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _describe(pid: int | None) -> str:
    try:
        return f"process {pid}, {' '.join(psutil.Process(pid).cmdline())[:80]}" if pid else "another user's process"
    except psutil.Error:
        return "another user's process"
