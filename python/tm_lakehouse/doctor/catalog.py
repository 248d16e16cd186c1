"""Section 2: databases, warehouse paths and tables."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, failed, none_of, passed, told, warned

_APPLY = "Run `make apply`: Terraform makes them."
FACT = "fact_telemetry_event"
VIEWS = ("latest_silver_runs", "latest_quarantined_records")


def _databases(deployment: Deployment) -> Verdict:
    glue = deployment.client("glue")
    there = {
        each["Name"]: each.get("LocationUri", "")
        for page in glue.get_paginator("get_databases").paginate()
        for each in page["DatabaseList"]
    }
    missing = [f"{name} is missing" for name in deployment.databases.values() if name not in there]
    homeless = [f"{name} has no location" for name in deployment.databases.values() if there.get(name) == ""]
    return none_of([*missing, *homeless], ", ".join(deployment.databases.values()), _APPLY)


def _warehouses(deployment: Deployment) -> Verdict:
    settings, buckets = deployment.settings, deployment.buckets
    wanted = {
        "TM_ICEBERG_WAREHOUSE_SILVER": (settings.iceberg_warehouse_silver, f"s3://{buckets['source']}/warehouse"),
        "TM_ICEBERG_WAREHOUSE_GOLD": (settings.iceberg_warehouse_gold, f"s3://{buckets['serve']}/warehouse"),
    }
    wrong = [f"{name} is {given}, not {right}" for name, (given, right) in wanted.items() if given != right]
    paths = ", ".join(right for _, right in wanted.values())
    return none_of(wrong, paths, "Set them as `terraform output environment` shows them.")


def _fact_table(deployment: Deployment) -> Verdict:
    database = deployment.databases["silver"]
    table = next((each for each in deployment.tables(database) if each["Name"] == FACT), None)
    if table is None:
        return warned(f"{database}.{FACT} is not there yet", "Load what is landed: `tm-lakehouse silver --pending`.")
    kind = table.get("Parameters", {}).get("table_type", "")
    location = _location(table)
    if kind.upper() != "ICEBERG":
        return failed(
            f"{database}.{FACT} is {kind or 'no Iceberg table'}", "Rename it: the first load makes the table."
        )
    if not location.startswith(deployment.settings.iceberg_warehouse_silver):
        return failed(f"{database}.{FACT} lies in {location}", "Move it, or correct TM_ICEBERG_WAREHOUSE_SILVER.")
    return passed(location)


def _locations(deployment: Deployment) -> Verdict:
    """Two tables in one place: the orphan removal of one takes the files of the other."""
    placed = list(_placed(deployment))
    twice = [place for place, count in Counter(place for _, place in placed).items() if count > 1]
    names = [f"{place} holds {' and '.join(name for name, other in placed if other == place)}" for place in twice]
    return none_of(names, f"{len(placed)} tables", "Make one of them anew in a place of its own, and drop the other.")


def _placed(deployment: Deployment) -> Iterator[tuple[str, str]]:
    # A published table and the one it was built as share their place: it is the same table.
    for database in (deployment.databases["silver"], deployment.databases["gold_build"]):
        for table in deployment.tables(database):
            if place := _location(table):
                yield f"{database}.{table['Name']}", place.rstrip("/")


def _location(table: dict[str, Any]) -> str:
    return str(table.get("StorageDescriptor", {}).get("Location", ""))


def _views(deployment: Deployment) -> Verdict:
    database = deployment.databases["observability"]
    there = {each["Name"] for each in deployment.tables(database)}
    missing = [f"{database}.{name} is missing" for name in VIEWS if name not in there]
    return none_of(missing, ", ".join(sorted(there)), _APPLY)


def _gold(deployment: Deployment) -> Verdict:
    database = deployment.databases["gold"]
    tables = [each["Name"] for each in deployment.tables(database)]
    if not tables:
        return warned(f"{database} is empty", "Build and publish it: `tm-lakehouse gold`.")
    return passed(f"{len(tables)} tables: {told(tables)}")


LINES = (
    Line("catalog.databases", "Silver, Gold, its workshop and observability are databases", _databases),
    Line("catalog.warehouses", "Silver lies in the source bucket, Gold in the serving one", _warehouses),
    Line("catalog.fact_table", "Silver's fixes are an Iceberg table in its warehouse", _fact_table),
    Line("catalog.locations", "Every table has a place of its own", _locations),
    Line("catalog.views", "Run summaries and quarantine can be queried", _views),
    Line("catalog.gold", "Readers see published tables", _gold),
)
