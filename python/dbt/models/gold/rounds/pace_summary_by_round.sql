{{ config(refresh='changed_rounds', meta={'layer': 'rounds'}) }}

SELECT
    course_id,
    round_id,
    ingest_date,
    round_start_ts,
    round_end_ts,
    fix_count,
    avg_pace_sec AS avg_pace,
    avg_pace_gap_sec AS avg_pace_gap,
    avg_positional_gap
FROM {{ ref('fact_rounds') }} AS rounds
WHERE {{ in_scope('rounds', this, has_event_date=false) }}
