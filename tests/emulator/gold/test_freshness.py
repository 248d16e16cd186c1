"""How late Silver's newest load is, from what Iceberg knows of it, through dbt and Athena."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import boto3
import pytest
from gold_lakehouse import gold_lakehouse

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
from tm_lakehouse.silver_to_gold.freshness import read_freshness
from tm_lakehouse.tables import fact_telemetry_event

FACT = fact_telemetry_event.TABLE
FIX = {"course_id": "erinhills", "round_id": "r1", "location_index": 0, "hole_number": 1, "ingest_date": "2024-06-01"}
TWO_DAYS = timedelta(days=2).total_seconds()


@pytest.fixture(scope="module")
def lakehouse(aws):
    """Databases are enough: nothing is built."""
    with gold_lakehouse() as settings:
        yield settings


@pytest.fixture
def freshness(lakehouse, tmp_path):
    """What dbt says of Silver's fixes now."""

    def look():
        dbt = replace(find_dbt(project_root(), "freshness"), work=tmp_path / "dbt")
        outcome = dbt.freshness()
        assert outcome.exit_code == 0, "\n".join(outcome.lines)
        (found,) = read_freshness(json.loads((dbt.target / "sources.json").read_text(encoding="utf-8")))
        assert found.source == "silver.fact_telemetry_event"
        return found

    return look


@pytest.fixture
def make_older(lakehouse, client):
    """Let every load of the table have been so long before."""

    def shift(age):
        table = client("glue").get_table(DatabaseName=lakehouse.db_silver, Name=FACT.name)["Table"]
        place = urlsplit(table["Parameters"]["metadata_location"])
        bucket = boto3.resource("s3").Bucket(place.netloc)
        metadata = json.loads(bucket.Object(place.path.strip("/")).get()["Body"].read())
        milliseconds = age // timedelta(milliseconds=1)
        metadata["last-updated-ms"] -= milliseconds
        for entry in (*metadata["snapshots"], *metadata["snapshot-log"], *metadata["metadata-log"]):
            entry["timestamp-ms"] -= milliseconds
        key = f"{place.path.strip('/').rpartition('/')[0]}/00099-{uuid.uuid4()}.metadata.json"
        bucket.put_object(Key=key, Body=json.dumps(metadata).encode())
        parameters = table["Parameters"] | {"metadata_location": f"s3://{place.netloc}/{key}"}
        kept = {name: table[name] for name in ("Name", "StorageDescriptor", "TableType") if name in table}
        client("glue").update_table(DatabaseName=lakehouse.db_silver, TableInput=kept | {"Parameters": parameters})

    return shift


def test_age_is_that_of_the_newest_load_and_lateness_tells_what_to_do(add_fixes, freshness, make_older):
    add_fixes([])
    never = freshness()
    assert (never.status, never.newest_load, never.warn_after_seconds) == ("warn", None, TWO_DAYS)

    add_fixes([FIX])
    fresh = freshness()
    assert fresh.status == "pass"
    assert 0 <= fresh.age_seconds < 300

    make_older(timedelta(days=3, hours=4))
    late = freshness()
    assert late.status == "warn"
    assert 0 <= late.age_seconds - timedelta(days=3, hours=4).total_seconds() < 300
    assert "was last loaded 3 days 4 hours ago" in str(late)
    assert "over 2 days. `tm-lakehouse silver --pending`" in str(late)

    add_fixes([FIX | {"round_id": "r2"}])
    assert freshness().status == "pass"
