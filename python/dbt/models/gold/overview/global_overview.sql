{{ config(key=['courses']) }}

WITH totals AS (
    SELECT
        count(DISTINCT course_id) AS courses,
        {{ round_totals() }}
    FROM {{ ref('fact_rounds') }}
)

SELECT
    totals.courses,
    {{ round_totals_with_pct() }},
    pace_gaps.avg_pace_gap_sec,
    pace_gaps.median_pace_gap_sec
FROM totals
LEFT JOIN {{ ref('pace_gap_statistics') }} AS pace_gaps
    ON pace_gaps.course_scope = '*'
