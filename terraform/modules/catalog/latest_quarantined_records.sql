SELECT ${join(", ", columns)}
FROM "${database}"."quarantined_records"
WHERE (course_id, ingest_date, run_id) IN (SELECT course_id, ingest_date, run_id FROM "${database}"."latest_silver_runs")
