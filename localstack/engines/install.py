"""Set up everything that runs: Python environments and JVM engines. `make setup` calls it; a second call checks only.

Needs nothing but Python's standard library.
"""

from __future__ import annotations

import argparse
import fcntl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import java_artifacts
import python_environments
from places import cache
from prerequisites import SetupError, check

HEARTBEAT_SECONDS = 20


class Report:
    """Plain progress lines with the seconds since the start, from several threads."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def __call__(self, message: str) -> None:
        with self._lock:
            sys.stderr.write(f"setup {time.monotonic() - self._began:5.1f} s  {message}\n")
            sys.stderr.flush()


def main() -> int:
    """Install what is missing; 0 when everything is there, 1 with one sentence when something can't be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-tools", action="store_true", help="what plan, apply and lint need: no engine")
    parser.add_argument("--with-bench", action="store_true", help="also what the benchmarks' references and plots need")
    parser.add_argument("--with-clients", action="store_true", help="also other people's clients of Athena, for tests")
    parser.add_argument("--with-airflow-next", action="store_true", help="also the Airflow that DAGs must read next")
    parser.add_argument("--with-iam-oracle", action="store_true", help="also another evaluator of IAM, for tests")
    parser.add_argument("--with-docs", action="store_true", help="also what builds the documentation's site")
    parser.add_argument("--with-dashboard", action="store_true", help="also what `tm-lakehouse dashboard` runs in")
    parser.add_argument("--with-dashboard-tests", action="store_true", help="also the same with a browser's driver")
    options = parser.parse_args()
    asked = (
        (options.with_bench, python_environments.BENCH),
        (options.with_clients, python_environments.CLIENTS),
        (options.with_airflow_next, python_environments.AIRFLOW_NEXT),
        (options.with_iam_oracle, python_environments.IAM_ORACLE),
        (options.with_docs, python_environments.DOCS),
        (options.with_dashboard, python_environments.DASHBOARD),
        (options.with_dashboard_tests, python_environments.DASHBOARD_TESTS),
    )
    optional = [environment for is_asked, environment in asked if is_asked]
    report = Report()
    try:
        check()
        with _only_one_setup(report):
            _install_missing(report, optional, only_tools=options.only_tools)
    except SetupError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted; run `make setup` again, it goes on where it stopped.\n")
        return 130
    return 0


def _install_missing(
    report: Report, optional: list[python_environments.PythonEnvironment], *, only_tools: bool
) -> None:
    jobs = dict(_missing(report, optional, only_tools=only_tools))
    if not jobs:
        report("everything is in place")
        return
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        running = {name: pool.submit(_timed, name, job, report) for name, job in jobs.items()}
        _watch(running, report)
    for future in running.values():
        future.result()
    report("done")


def _missing(
    report: Report, optional: list[python_environments.PythonEnvironment], *, only_tools: bool
) -> list[tuple[str, Callable[[], None]]]:
    wanted = [env for env in python_environments.ENVIRONMENTS if env.name == "tools" or not only_tools]
    wanted += optional
    environments = [env for env in wanted if not python_environments.is_current(env)]
    wanted_engines: tuple[str, ...] = () if only_tools else ("spark", "trino")
    if python_environments.DOCS in optional:
        wanted_engines += ("site",)
    engines = [engine for engine in wanted_engines if not java_artifacts.is_current(engine)]
    jobs: list[tuple[str, Callable[[], None]]] = [
        (f"{engine} jars", lambda engine=engine: java_artifacts.install(engine, report))  # type: ignore[misc]
        for engine in engines
    ]
    if environments:
        jobs.append(("Python environments", lambda: _install_environments(environments, report)))
    return jobs


def _install_environments(
    environments: list[python_environments.PythonEnvironment], report: Callable[[str], None]
) -> None:
    uv_program = python_environments.uv()
    for environment in environments:
        report(f"installing the {environment.name} environment")
        python_environments.install(environment, uv_program)


def _timed(name: str, job: Callable[[], None], report: Report) -> None:
    began = time.monotonic()
    job()
    report(f"{name}: done in {time.monotonic() - began:.0f} s")


def _watch(running: dict[str, Future[None]], report: Report) -> None:
    while wait(running.values(), timeout=HEARTBEAT_SECONDS).not_done:
        report(f"still working: {', '.join(name for name, future in running.items() if not future.done())}")


@contextmanager
def _only_one_setup(report: Report) -> Iterator[None]:
    """Two set-ups on one machine take turns instead of overwriting each other's downloads."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("another set-up is running; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
