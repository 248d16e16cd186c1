"""The lake's own metrics: what runs tell CloudWatch, and that a run is not lost where it does not listen."""

import logging
from dataclasses import MISSING, fields

import boto3
import pytest
from botocore.exceptions import ClientError

from tm_lakehouse.landing_to_silver.metrics import silver_metrics
from tm_lakehouse.metrics import Metric, publish
from tm_lakehouse.run_summary import RunSummary as SilverSummary
from tm_lakehouse.silver_to_gold.artifacts import RunSummary as GoldSummary
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness
from tm_lakehouse.silver_to_gold.metrics import gold_metrics


def made(kind, **values):
    """A record of a kind, whose other fields without default are zero, empty or False by their type."""
    empty = {"int": 0, "str": "", "float": 0.0, "bool": False}
    required = [each for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING]
    return kind(**{each.name: empty.get(getattr(each.type, "__name__", str(each.type))) for each in required} | values)


def told(metrics):
    return {each.name: each.value for each in metrics}


def test_a_run_to_silver_tells_what_it_wrote_and_which_share_it_set_aside():
    summaries = [
        made(SilverSummary, records_read=30, rounds_written=20, records_quarantined=1),
        made(SilverSummary, records_read=10, rounds_written=9, records_quarantined=1),
    ]

    assert told(silver_metrics(summaries)) == {
        "RoundsWritten": 29, "RecordsQuarantined": 2, "QuarantinedRecordsPercent": 5.0,
    }  # fmt: skip


def test_a_run_that_read_nothing_tells_nothing():
    assert silver_metrics([]) == []
    assert silver_metrics([made(SilverSummary)]) == []


@pytest.mark.parametrize(("succeeded", "failed"), [(True, 0), (False, 1)])
def test_a_run_to_gold_tells_whether_it_held_what_it_cost_and_how_old_silver_was(succeeded, failed):
    ages = (
        SourceFreshness("a", "pass", age_seconds=1800.0),
        SourceFreshness("b", "warn", age_seconds=7200.0),
        SourceFreshness("c", "warn"),
    )
    summary = made(GoldSummary, succeeded=succeeded, dollars=0.25, freshness=ages)

    assert told(gold_metrics(summary)) == {"GoldRunsFailed": failed, "GoldDollars": 0.25, "SilverAgeHours": 2.0}


def test_an_age_that_nobody_knows_is_not_told():
    assert "SilverAgeHours" not in told(gold_metrics(made(GoldSummary)))


class Refusing:
    def put_metric_data(self, **_):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutMetricData")


def test_a_refusal_is_told_and_ends_no_run(monkeypatch, caplog):
    monkeypatch.setattr(boto3, "client", lambda *_, **__: Refusing())
    with caplog.at_level(logging.WARNING):
        publish("lake", [Metric("RoundsWritten", 1)])

    assert "no alarm sees this run" in caplog.text


@pytest.mark.parametrize(("namespace", "metrics"), [("", [Metric("RoundsWritten", 1)]), ("lake", [])])
def test_without_a_namespace_or_a_metric_nobody_is_asked(monkeypatch, namespace, metrics):
    monkeypatch.setattr(boto3, "client", None)
    publish(namespace, metrics)
