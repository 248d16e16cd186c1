"""The courses' dimensions, as far as the courses of a run may have changed them."""

from collections.abc import Collection
from typing import Any

from tm_lakehouse.landing_to_silver.prefixes import parse_prefix
from tm_lakehouse.settings import Settings
from tm_lakehouse.topology.refresh import refresh


def refresh_courses(settings: Settings, prefixes: Collection[str]) -> dict[str, Any]:
    """Bring the dimensions up to date with Silver for the courses of these deliveries, or for all if there are none.

    Raises:
        LakehouseError: Athena refused, or the package's files contradict themselves.
    """
    courses = sorted({parse_prefix(each).course_id for each in prefixes})
    done = refresh(settings, courses=courses or None)
    return {
        "courses": len(courses) or "all",
        "nines_changed": [f"{nine.facility_id} {nine.nine_number}" for nine in done.nine_changes.upserts],
        "nines_removed": [f"{nine.facility_id} {nine.nine_number}" for nine in done.nine_changes.deletes],
        "profiles_changed": [profile.course_id for profile in done.profile_changes.upserts],
    }
