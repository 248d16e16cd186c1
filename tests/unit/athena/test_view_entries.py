"""Views as Athena stores them and as Trino reads them."""

import base64
import json

import pytest

from tm_localstack.athena.view_entries import as_athena_stores, as_trino_reads, definition_of

COLUMNS = [{"name": "a", "type": "integer"}, {"name": "m", "type": "map(varchar, bigint)"}]
ATHENAS = {"originalSql": "SELECT 'ü' a", "catalog": "awsdatacatalog", "schema": "gold", "columns": COLUMNS}
TRINOS = ATHENAS | {"runAsInvoker": True, "path": []}


def entry(definition, **differences):
    text = base64.b64encode(json.dumps(definition).encode()).decode()
    view = {"Name": "v", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": f"/* Presto View: {text} */"}
    return view | {"Owner": "athena", "Parameters": {"presto_view": "true", "trino_query_id": "1"}} | differences


def test_trinos_view_is_stored_as_athenas_with_its_columns():
    stored = as_athena_stores(entry(TRINOS))
    assert definition_of(stored) == ATHENAS
    assert stored["Parameters"] == {"presto_view": "true", "comment": "Presto View"}
    assert stored["StorageDescriptor"]["Columns"] == [
        {"Name": "a", "Type": "int"},
        {"Name": "m", "Type": "map<string,bigint>"},
    ]


def test_trino_reads_athenas_view_as_one_that_runs_with_its_callers_rights():
    read = as_trino_reads(entry(ATHENAS | {"catalog": "AwsDataCatalog"}))
    assert definition_of(read) == ATHENAS | {"runAsInvoker": True}


def test_a_view_with_an_owner_stays_as_it_is():
    owned = entry(ATHENAS | {"owner": "ann"})
    assert as_trino_reads(owned) == owned


@pytest.mark.parametrize(
    "other",
    [
        {"Name": "t", "TableType": "EXTERNAL_TABLE"},
        entry(ATHENAS, TableType="EXTERNAL_TABLE"),
        entry(ATHENAS, ViewOriginalText="SELECT 1"),
        entry(ATHENAS, ViewOriginalText="/* Presto View: no base64 */"),
        entry(ATHENAS, ViewOriginalText="/* Presto View: bm8ganNvbg== */"),
        entry(["a list"]),
    ],
)
def test_what_is_no_view_of_athena_stays_as_it_is(other):
    assert definition_of(other) is None
    assert as_trino_reads(other) == as_athena_stores(other) == other
