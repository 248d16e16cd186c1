{{ config(key=['course_scope']) }}

WITH gaps AS (
    SELECT
        hours.course_id,
        try_cast(gaps.pace_gap AS decimal(38, 3)) AS pace_gap
    FROM {{ ref('round_hours') }} AS hours
    CROSS JOIN unnest(hours.pace_gaps) AS gaps (pace_gap)
),

counts AS (
    SELECT
        CASE WHEN grouping(course_id) = 1 THEN '*' ELSE course_id END AS course_scope,
        pace_gap,
        count(*) AS fixes
    FROM gaps
    WHERE pace_gap IS NOT NULL
    GROUP BY GROUPING SETS ((course_id, pace_gap), (pace_gap))
),

ranked AS (
    SELECT
        course_scope,
        pace_gap,
        fixes,
        sum(fixes) OVER (PARTITION BY course_scope ORDER BY pace_gap) AS fixes_up_to_here,
        sum(fixes) OVER (PARTITION BY course_scope) AS all_fixes
    FROM counts
)

SELECT
    course_scope,
    sum(fixes) AS fixes,
    cast(sum(pace_gap * fixes) / sum(fixes) AS double) AS avg_pace_gap_sec,
    round(
        (
            cast(min(CASE WHEN fixes_up_to_here >= (all_fixes + 1) / 2 THEN pace_gap END) AS double)
            + cast(min(CASE WHEN fixes_up_to_here >= (all_fixes + 2) / 2 THEN pace_gap END) AS double)
        ) / 2, 4
    ) AS median_pace_gap_sec
FROM ranked
GROUP BY course_scope
