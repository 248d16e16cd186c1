SELECT ${join(", ", columns)}
FROM (
    SELECT
        *,
        row_number() OVER (PARTITION BY course_id, ingest_date ORDER BY finished_at DESC, run_id DESC) AS newest_first
    FROM "${database}"."silver_run_summaries"
) AS runs
WHERE newest_first = 1
