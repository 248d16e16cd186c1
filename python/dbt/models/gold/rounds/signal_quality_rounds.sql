{{ config(refresh='changed_rounds', meta={'layer': 'rounds'}) }}

SELECT
    course_id,
    round_id,
    ingest_date,
    fix_count,
    projected_fix_count,
    problem_fix_count,
    projected_rate,
    problem_rate
FROM {{ ref('fact_rounds') }} AS rounds
WHERE {{ in_scope('rounds', this, has_event_date=false) }}
