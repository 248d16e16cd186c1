{{ config(key=['course_id']) }}

-- Counted in Silver where this build made Gold anew, taken over from Gold for the rest: `--full-refresh` counts all.
WITH counted AS (
    SELECT
        course_id,
        count(*) AS real_rows,
        count(DISTINCT round_id) AS real_rounds,
        count(DISTINCT CASE
            WHEN hole_number IS NOT NULL THEN row(round_id, nine_number, loop_number, hole_number)
        END) AS hole_keys
    FROM {{ ref('real_events') }} AS events
    WHERE {{ in_scope('events') }}
    GROUP BY course_id
    UNION ALL
    SELECT
        course_id,
        sum(fix_count) AS real_rows,
        count(*) AS real_rounds,
        0 AS hole_keys
    FROM {{ ref('fact_rounds') }} AS rounds
    WHERE NOT coalesce({{ in_scope('rounds', has_event_date=FALSE) }}, FALSE)
    GROUP BY course_id
    UNION ALL
    SELECT
        course_id,
        0 AS real_rows,
        0 AS real_rounds,
        count(*) AS hole_keys
    FROM {{ ref('fact_round_hole_performance') }} AS holes
    WHERE NOT coalesce({{ in_scope('holes', has_event_date=FALSE) }}, FALSE)
    GROUP BY course_id
),

silver AS (
    SELECT
        course_id,
        sum(real_rows) AS silver_real_rows,
        sum(real_rounds) AS silver_real_rounds,
        sum(hole_keys) AS silver_hole_keys
    FROM counted
    GROUP BY course_id
),

rounds AS (
    SELECT
        course_id,
        count(*) AS fact_rounds_rows,
        sum(fix_count) AS fact_rounds_fixes
    FROM {{ ref('fact_rounds') }}
    GROUP BY course_id
),

holes AS (
    SELECT
        course_id,
        count(*) AS hole_rows
    FROM {{ ref('fact_round_hole_performance') }}
    GROUP BY course_id
),

months AS (
    SELECT
        course_id,
        sum(rounds) AS rounds_by_month
    FROM {{ ref('course_rounds_by_month') }}
    GROUP BY course_id
),

weekdays AS (
    SELECT
        course_id,
        sum(rounds) AS rounds_by_weekday
    FROM {{ ref('course_rounds_by_weekday') }}
    GROUP BY course_id
),

counts AS (
    SELECT
        course_id,
        coalesce(silver.silver_real_rows, 0) AS silver_real_rows,
        coalesce(rounds.fact_rounds_fixes, 0) AS fact_rounds_fixes,
        coalesce(silver.silver_real_rounds, 0) AS silver_real_rounds,
        coalesce(rounds.fact_rounds_rows, 0) AS fact_rounds_rows,
        coalesce(months.rounds_by_month, 0) AS rounds_by_month,
        coalesce(weekdays.rounds_by_weekday, 0) AS rounds_by_weekday,
        coalesce(silver.silver_hole_keys, 0) AS silver_hole_keys,
        coalesce(holes.hole_rows, 0) AS hole_rows
    FROM silver
    FULL OUTER JOIN rounds USING (course_id)
    FULL OUTER JOIN holes USING (course_id)
    FULL OUTER JOIN months USING (course_id)
    FULL OUTER JOIN weekdays USING (course_id)
)

SELECT
    course_id,
    silver_real_rows,
    fact_rounds_fixes,
    silver_real_rounds,
    fact_rounds_rows,
    rounds_by_month,
    rounds_by_weekday,
    silver_hole_keys,
    hole_rows,
    silver_real_rows = fact_rounds_fixes AS is_every_fix_counted,
    silver_real_rounds = fact_rounds_rows AS is_every_round_counted,
    rounds_by_month = fact_rounds_rows AS is_every_month_counted,
    rounds_by_weekday = fact_rounds_rows AS is_every_weekday_counted,
    silver_hole_keys = hole_rows AS is_every_hole_counted
FROM counts
