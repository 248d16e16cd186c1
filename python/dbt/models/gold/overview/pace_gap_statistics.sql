{{ config(key=['course_scope']) }}

-- Sorting all fixes would take longer than all else of a day's build: only those of the whole second that holds the
-- middle are sorted, and how many lie before it is counted.
WITH gaps AS (
    SELECT
        hours.course_id,
        gaps.pace_gap,
        floor(gaps.pace_gap) AS whole_sec
    FROM {{ ref('round_hours') }} AS hours
    CROSS JOIN unnest(transform(hours.pace_gaps, gap -> try_cast(gap AS decimal(38, 3)))) AS gaps (pace_gap)
    WHERE gaps.pace_gap IS NOT NULL
),

whole_seconds AS (
    SELECT
        CASE WHEN grouping(course_id) = 1 THEN '*' ELSE course_id END AS course_scope,
        whole_sec,
        count(*) AS fixes,
        sum(pace_gap) AS total_sec
    FROM gaps
    GROUP BY GROUPING SETS ((course_id, whole_sec), (whole_sec))
),

counted AS (
    SELECT
        course_scope,
        whole_sec,
        fixes,
        sum(fixes) OVER (PARTITION BY course_scope ORDER BY whole_sec) AS fixes_up_to_here,
        sum(fixes) OVER (PARTITION BY course_scope) AS all_fixes,
        sum(total_sec) OVER (PARTITION BY course_scope) AS all_sec
    FROM whole_seconds
),

middle AS (
    SELECT
        course_scope,
        whole_sec,
        fixes_up_to_here - fixes AS fixes_before,
        all_fixes,
        all_sec
    FROM counted
    WHERE fixes_up_to_here >= (all_fixes + 1) / 2 AND fixes_up_to_here - fixes < (all_fixes + 2) / 2
),

ranked AS (
    SELECT
        middle.course_scope,
        middle.all_fixes,
        middle.all_sec,
        gaps.pace_gap,
        middle.fixes_before + row_number() OVER (
            PARTITION BY middle.course_scope, middle.whole_sec ORDER BY gaps.pace_gap
        ) AS place
    FROM gaps
    INNER JOIN middle
        ON gaps.whole_sec = middle.whole_sec AND middle.course_scope IN ('*', gaps.course_id)
)

SELECT
    course_scope,
    all_fixes AS fixes,
    cast(all_sec / all_fixes AS double) AS avg_pace_gap_sec,
    round(
        (
            cast(min(CASE WHEN place = (all_fixes + 1) / 2 THEN pace_gap END) AS double)
            + cast(min(CASE WHEN place = (all_fixes + 2) / 2 THEN pace_gap END) AS double)
        ) / 2, 4
    ) AS median_pace_gap_sec
FROM ranked
GROUP BY course_scope, all_fixes, all_sec
