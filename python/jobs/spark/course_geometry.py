"""The Glue job that derives the shape of courses from Silver: arguments in, one commit a table out. Optional."""

import argparse
import logging
import sys
from collections.abc import Sequence

from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_geometry.run import run
from tm_lakehouse.spark_job import lakehouse_variables, log_to_output, session_builder

logger = logging.getLogger("course_geometry")


def parse_arguments(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The courses asked for (none: all), and the `--TM_*` arguments by name."""
    parser = argparse.ArgumentParser(prog="course_geometry", allow_abbrev=False)
    parser.add_argument("--course-ids", "--course_ids", default="", help="Courses, separated by commas.")
    known, others = parser.parse_known_args(arguments)
    courses = {course.strip() for course in known.course_ids.split(",")} - {""}
    return sorted(courses), lakehouse_variables(others)


def main(arguments: Sequence[str]) -> None:
    """Run the job; a failure is the exception that ends it."""
    log_to_output()
    courses, variables = parse_arguments(arguments)
    settings = Settings.from_environment(variables)
    logger.info("geometry of %s", ", ".join(courses) or "all courses")
    spark = session_builder(settings, "course_geometry").getOrCreate()
    try:
        report = run(spark, settings, courses)
    finally:
        spark.stop()
    logger.info(
        "done from snapshot %d: outlines of %d courses, density of %d courses changed",
        report.snapshot_id, len(report.outlined), len(report.counted),
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
