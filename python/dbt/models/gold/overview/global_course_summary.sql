{{ config(key=['course_id']) }}

WITH totals AS (
    SELECT
        course_id,
        {{ round_totals() }}
    FROM {{ ref('fact_rounds') }}
    GROUP BY course_id
)

SELECT
    totals.course_id,
    {{ round_totals_with_pct() }},
    pace_gaps.avg_pace_gap_sec,
    pace_gaps.median_pace_gap_sec
FROM totals
LEFT JOIN {{ ref('pace_gap_statistics') }} AS pace_gaps
    ON totals.course_id = pace_gaps.course_scope
