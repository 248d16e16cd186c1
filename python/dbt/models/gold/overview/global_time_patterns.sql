{{ config(key=['course_id', 'day_type', 'hour_of_day']) }}

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
    sum(fixes) AS fixes,
    count(DISTINCT round_id) AS rounds,
    {{ mean_of_sums('pace') }} AS avg_pace_sec,
    {{ mean_of_sums('pace_gap') }} AS avg_pace_gap_sec,
    sum(problem_fixes) AS problem_fixes,
    {{ rate('sum(problem_fixes)', 'sum(fixes)') }} AS problem_rate
FROM {{ ref('round_hours') }}
WHERE day_type <> 'unknown'
GROUP BY course_id, day_type, hour_of_day
