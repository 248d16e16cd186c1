WITH events AS (
    SELECT
        events.course_id,
        events.round_id,
        events.pace,
        events.pace_gap,
        events.is_problem,
        {{ local_time('events.fix_timestamp', 'profiles.time_zone') }} AS fix_local
    FROM {{ ref('real_events') }} AS events
    LEFT JOIN {{ source('silver', 'dim_course_profile') }} AS profiles
        ON events.course_id = profiles.course_id
    WHERE events.fix_timestamp IS NOT NULL
),

timed_events AS (
    SELECT
        *,
        CASE WHEN day_of_week(fix_local) >= 6 THEN 'weekend' ELSE 'weekday' END AS day_type,
        cast(hour(fix_local) AS integer) AS hour_of_day
    FROM events
)

SELECT
    course_id,
    day_type,
    CASE
        WHEN hour_of_day BETWEEN 5 AND 11 THEN 'morning'
        WHEN hour_of_day BETWEEN 12 AND 17 THEN 'afternoon'
        WHEN hour_of_day >= 18 THEN 'evening'
        ELSE 'night'
    END AS time_bucket,
    hour_of_day,
    count(*) AS fixes,
    count(DISTINCT round_id) AS rounds,
    {{ mean('pace') }} AS avg_pace_sec,
    {{ mean('pace_gap') }} AS avg_pace_gap_sec,
    count_if(is_problem) AS problem_fixes,
    {{ rate('count_if(is_problem)', 'count(*)') }} AS problem_rate
FROM timed_events
GROUP BY course_id, day_type, hour_of_day
