"""`make bench-athena`: what Athena's API adds to the engine, and whether a thousand queries leave something behind.

Starts a local AWS of its own. Fails where a bar is missed: 1.5 times for queries over a second, half a second for small
ones, and 1.5 times the memory, files and threads after all small queries.
"""

import argparse
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import boto3
from measure import AthenaApi, Holdings, Trino, holdings

from tm_localstack.launcher.local_aws import LocalAws
from tm_localstack.launcher.settings import LauncherSettings

NAME = "bench"
SMALL_SECONDS, LONG_RATIO, LEFT_RATIO = 0.5, 1.5, 1.5
SMALL = (
    "SELECT 1",
    "SELECT count(*) FROM fixes WHERE id < 100",
    "SELECT course, count(*) FROM fixes WHERE id < 1000 GROUP BY course",
    "VALUES 1, 2, 3",
)
LONG = (
    "SELECT course, count(*), approx_percentile(pace, 0.9) FROM fixes GROUP BY course",
    "SELECT count(DISTINCT pace), max(to_hex(md5(to_utf8(course)))) FROM fixes",
    "SELECT count(*) FROM fixes a JOIN fixes b ON a.id = b.id + 1 WHERE a.pace > b.pace",
    "SELECT id, course, pace FROM fixes WHERE id <= 50000",
)


def main() -> None:
    """Measure and print."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-athena-"))
    cache = LauncherSettings.from_environment().cache
    settings = LauncherSettings(_free_port(), _free_port(), folder, cache)
    os.environ |= settings.client_environment()
    emulator = LocalAws(settings)
    emulator.start(print)
    try:
        api = AthenaApi(boto3.client("athena"), NAME, NAME)
        _deploy(api, options.rows)
        trino = Trino(settings.trino_url, NAME)
        missed = _overhead(api, trino, options.repeats)
        missed += _leaks(emulator, api, options.queries, options.at_once)
    finally:
        emulator.stop()
    if missed:
        sys.exit("missed: " + "; ".join(missed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000, help="Rows of the table that is read.")
    parser.add_argument("--repeats", type=int, default=5, help="How often each query runs on either side.")
    parser.add_argument("--queries", type=int, default=1000, help="Small queries of the leak test.")
    parser.add_argument("--at-once", type=int, default=8, help="How many of them at a time.")
    return parser.parse_args()


def _deploy(api: AthenaApi, rows: int) -> None:
    boto3.client("s3").create_bucket(Bucket=NAME)
    boto3.client("glue").create_database(DatabaseInput={"Name": NAME})
    results = {"ResultConfiguration": {"OutputLocation": f"s3://{NAME}/results/"}}
    boto3.client("athena").create_work_group(Name=NAME, Configuration=results)
    thousands = rows // 1000
    api.seconds(
        f"CREATE TABLE fixes WITH (table_type='ICEBERG', is_external=false, location='s3://{NAME}/fixes/') AS "
        "SELECT id, 'course-' || cast(id % 100 AS varchar) AS course, cast((id * 7919) % 3600 AS double) / 7 AS pace "
        f"FROM (SELECT a * 1000 + b AS id FROM unnest(sequence(0, {thousands - 1})) AS s(a), "
        "unnest(sequence(1, 1000)) AS t(b))"
    )


def _overhead(api: AthenaApi, trino: Trino, repeats: int) -> list[str]:
    missed = []
    print(f"{'API s':>8} {'Trino s':>8} {'ratio':>6} {'added s':>8}  query")
    for sql in SMALL + LONG:
        through, direct = _medians(lambda sql=sql: api.seconds(sql), lambda sql=sql: trino.seconds(sql), repeats)
        ratio, added = through / direct, through - direct
        print(f"{through:8.3f} {direct:8.3f} {ratio:6.2f} {added:8.3f}  {sql}", flush=True)
        if (direct > 1 and ratio > LONG_RATIO) or (direct <= 1 and added > SMALL_SECONDS):
            missed.append(f"{sql}: {ratio:.2f} times, {added:.2f} s more")
    return missed


def _medians(one: Callable[[], float], other: Callable[[], float], repeats: int) -> tuple[float, float]:
    """By turns, so that what else the machine does falls on both."""
    one(), other()
    pairs = [(one(), other()) for _ in range(repeats)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def _leaks(emulator: LocalAws, api: AthenaApi, queries: int, at_once: int) -> list[str]:
    pids = {record.name: record.pid for record in emulator.records()}
    _many(api, queries // 5, at_once)
    before = {name: holdings(pid) for name, pid in pids.items()}
    _many(api, queries, at_once)
    after = {name: holdings(pid) for name, pid in pids.items()}
    print(f"after {queries} small queries, {at_once} at a time, beside what {queries // 5} had left:")
    return [miss for name in pids for miss in _compare(name, before[name], after[name])]


def _many(api: AthenaApi, queries: int, at_once: int) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        for number, _ in enumerate(pool.map(api.seconds, (SMALL[each % len(SMALL)] for each in range(queries))), 1):
            if number % 100 == 0:
                print(f"{number} of {queries} small queries after {time.monotonic() - began:.0f} s", flush=True)


def _compare(name: str, before: Holdings, after: Holdings) -> list[str]:
    missed = []
    for what, was in asdict(before).items():
        now = asdict(after)[what]
        print(f"{name:>12} {what:>12}: {was:>14,} -> {now:>14,}  ratio {now / was:.2f}", flush=True)
        if now > was * LEFT_RATIO:
            missed.append(f"{name} {what} grew {now / was:.2f} times")
    return missed


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
