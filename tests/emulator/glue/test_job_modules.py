"""Third-party modules of a job come by a zip of wheels in S3, for the driver and for Spark's workers."""

import io
import zipfile

SCRIPT = """
import tm_tiny
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
workers = spark.sparkContext.parallelize(range(2), 2).map(lambda _: __import__("tm_tiny").VALUE).collect()
assert [tm_tiny.VALUE, *workers] == ["from the wheel"] * 3, workers
"""
OFFLINE = {"--python-modules-installer-option": "--no-index"}


def zip_of(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tiny_wheel() -> bytes:
    info = "tm_tiny-1.0.dist-info"
    return zip_of(
        {
            "tm_tiny.py": "VALUE = 'from the wheel'\n",
            f"{info}/METADATA": "Metadata-Version: 2.1\nName: tm_tiny\nVersion: 1.0\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": f"tm_tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n",
        }
    )


def test_zip_of_wheels_reaches_driver_and_workers(make_job, run_job, upload, unique):
    wheels = zip_of({"tm_tiny-1.0-py3-none-any.whl": tiny_wheel()})
    modules = {"--additional-python-modules": upload(f"{unique('wheels')}/tiny.gluewheels.zip", wheels), **OFFLINE}
    run = run_job(make_job(SCRIPT), modules)

    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)


def test_modules_that_cannot_be_installed_fail_the_run(make_job, run_job, upload, unique):
    broken = upload(f"{unique('wheels')}/broken.gluewheels.zip", b"no zip")
    run = run_job(make_job(SCRIPT), {"--additional-python-modules": broken, **OFFLINE})

    assert run["JobRunState"] == "FAILED"
    assert "broken.gluewheels.zip" in run["ErrorMessage"]
