{{ config(refresh='changed_rounds', meta={'layer': 'rounds'}) }}

WITH events AS (
    SELECT
        events.*,
        {{ local_time('events.fix_timestamp', 'profiles.time_zone') }} AS fix_local
    FROM {{ ref('real_events') }} AS events
    LEFT JOIN {{ source('silver', 'dim_course_profile') }} AS profiles
        ON events.course_id = profiles.course_id
    WHERE {{ in_scope('events', this) }}
),

placed_events AS (
    SELECT
        *,
        CASE
            WHEN fix_local IS NULL THEN 'unknown'
            WHEN day_of_week(fix_local) >= 6 THEN 'weekend'
            ELSE 'weekday'
        END AS day_type,
        cast(coalesce(hour(fix_local), -1) AS integer) AS hour_of_day
    FROM events
)

SELECT
    course_id,
    round_id,
    device,
    day_type,
    hour_of_day,
    min(ingest_date) AS ingest_date,
    count(*) AS fixes,
    min(fix_timestamp) AS first_fix_ts,
    max(fix_timestamp) AS last_fix_ts,
    count_if(is_problem) AS problem_fixes,
    {%- for column, name in {'pace': 'pace', 'pace_gap': 'pace_gap', 'battery_percentage': 'battery'}.items() %}
    sum(try_cast({{ column }} AS decimal(38, 3))) AS {{ name }}_sum,
    count(try_cast({{ column }} AS decimal(38, 3))) AS {{ name }}_count,
    {%- endfor %}
    min(battery_percentage) AS min_battery_pct,
    max(battery_percentage) AS max_battery_pct,
    array_sort(array_agg(pace_gap)) AS pace_gaps
FROM placed_events
GROUP BY course_id, round_id, device, day_type, hour_of_day
