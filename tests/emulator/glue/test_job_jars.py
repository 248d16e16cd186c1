"""A job's extra jars come from S3, for the driver and for Spark's executors; Glue's own classes come first."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = """
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
assert spark._jvm.tm.Marker.value() == "from the jar"
found = spark.range(0, 2, 1, 2).selectExpr("reflect('tm.Marker', 'value') AS value").collect()
assert [row.value for row in found] == ["from the jar"] * 2, found
loader = spark._jvm.java.lang.Thread.currentThread().getContextClassLoader()
manifest = loader.getResource("META-INF/MANIFEST.MF").toString()
assert ("marker.jar" in manifest) == {is_first}, manifest
"""


@pytest.fixture(scope="module")
def marker_jar(tmp_path_factory) -> bytes:
    """A jar with one class, compiled by the JDK that the project needs anyway."""
    folder: Path = tmp_path_factory.mktemp("jar")
    source = folder / "tm" / "Marker.java"
    source.parent.mkdir()
    source.write_text('package tm; public class Marker { public static String value() { return "from the jar"; } }')
    subprocess.run(["javac", "--release", "11", str(source)], check=True, capture_output=True)
    jar = folder / "marker.jar"
    subprocess.run(["jar", "--create", "--file", str(jar), "-C", str(folder), "tm/Marker.class"], check=True)
    return jar.read_bytes()


@pytest.mark.parametrize("is_first", [False, True])
def test_extra_jars_reach_driver_and_executors(make_job, run_job, upload, unique, marker_jar, is_first):
    arguments = {"--extra-jars": upload(f"{unique('jars')}/marker.jar", marker_jar)}
    if is_first:
        arguments["--user-jars-first"] = "true"
    run = run_job(make_job(SCRIPT.format(is_first=is_first)), arguments)

    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)


def test_a_jar_that_is_not_in_s3_fails_the_run_as_glue_words_it(make_job, run_job, bucket):
    run = run_job(make_job(SCRIPT), {"--extra-jars": f"s3://{bucket}/nowhere.jar"})

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"] == (
        f"LAUNCH ERROR | Error downloading from S3 for bucket: {bucket}, key: nowhere.jar. "
        "The specified key does not exist. (Error Code: 404)"
    )
