{{ config(materialized='view') }}

WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY course_id, ingest_date
            ORDER BY finished_at DESC, run_id DESC
        ) AS newest_first
    FROM {{ source('observability', 'silver_run_summaries') }}
)

SELECT
    course_id,
    cast(ingest_date AS date) AS ingest_date,
    run_id,
    started_at,
    finished_at,
    code_version,
    files_read,
    bytes_read,
    records_read,
    slots_read,
    rows_written,
    empty_slots,
    duplicates,
    superseded,
    quarantined_slots,
    rounds_written,
    rounds_superseded,
    rounds_duplicate,
    records_quarantined,
    rounds_replaced,
    rounds_not_replaced,
    snapshot_id,
    topology_snapshot_id
FROM ranked
WHERE newest_first = 1
