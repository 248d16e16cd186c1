"""Airflow's timetables, from where its version keeps those for authors of DAGs."""

try:
    from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable
except ImportError:  # Airflow 3.0
    from airflow.timetables.assets import AssetOrTimeSchedule
    from airflow.timetables.trigger import CronTriggerTimetable

__all__ = ["AssetOrTimeSchedule", "CronTriggerTimetable"]
