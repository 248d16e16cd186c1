{{ config(refresh='changed_rounds', meta={'layer': 'rounds'}) }}

WITH rounds AS (
    SELECT
        course_id,
        round_id,
        min_by(ingest_date, location_index) AS ingest_date,
        min_by(device, location_index) AS device,
        min(fix_timestamp) AS round_start_ts,
        max(fix_timestamp) AS round_end_ts,
        count(*) AS fix_count,
        count_if(is_timestamp_missing) AS ts_missing_fix_count,
        count(DISTINCT CASE
            WHEN nine_number IS NOT NULL AND loop_number IS NOT NULL AND hole_number IS NOT NULL
                THEN row(nine_number, loop_number, hole_number)
        END) AS holes_played,
        count(DISTINCT CASE
            WHEN nine_number IS NOT NULL AND loop_number IS NOT NULL THEN row(nine_number, loop_number)
        END) AS nines_played,
        min(section_number) AS min_section_number,
        max(section_number) AS max_section_number,
        min(CASE WHEN hole_section = 1 THEN section_number END) AS first_tee_section_number,
        min_by(start_hole, location_index) AS start_hole,
        min_by(start_section, location_index) AS start_section,
        min_by(end_section, location_index) AS end_section,
        min_by(is_nine_hole, location_index) AS is_nine_hole,
        min_by(current_nine, location_index) AS current_nine,
        min_by(goal_time, location_index) AS goal_time,
        min_by(goal_name, location_index) AS goal_name,
        min_by(goal_time_fraction, location_index) AS goal_time_fraction,
        min_by(is_complete, location_index) AS is_complete,
        min_by(is_incomplete, location_index) AS is_incomplete,
        min_by(is_secondary, location_index) AS is_secondary,
        min_by(is_auto_assigned, location_index) AS is_auto_assigned,
        {{ mean('pace') }} AS avg_pace_sec,
        max(pace) AS max_pace_sec,
        {{ mean('pace_gap') }} AS avg_pace_gap_sec,
        {{ mean('positional_gap') }} AS avg_positional_gap,
        count_if(is_projected) AS projected_fix_count,
        count_if(is_problem) AS problem_fix_count,
        count_if(is_cache) AS cached_fix_count,
        min(battery_percentage) AS min_battery_pct,
        {{ mean('battery_percentage') }} AS avg_battery_pct,
        count_if(battery_percentage < 20) AS low_battery_fix_count,
        count_if(battery_percentage < 10) AS critical_battery_fix_count
    FROM {{ ref('real_events') }} AS events
    WHERE {{ in_scope('events', this) }}
    GROUP BY course_id, round_id
),

timed_rounds AS (
    SELECT
        rounds.*,
        {{ seconds_between('rounds.round_start_ts', 'rounds.round_end_ts') }} AS duration_sec,
        {{ local_time('rounds.round_start_ts', 'profiles.time_zone') }} AS round_start_local
    FROM rounds
    LEFT JOIN {{ source('silver', 'dim_course_profile') }} AS profiles
        ON rounds.course_id = profiles.course_id
)

SELECT
    course_id,
    round_id,
    ingest_date,
    device,
    round_start_ts,
    round_end_ts,
    duration_sec,
    round(duration_sec / 60, 1) AS round_duration_minutes,
    fix_count,
    ts_missing_fix_count,
    holes_played,
    nines_played,
    CASE
        WHEN nines_played >= 3 THEN '27'
        WHEN nines_played = 2 THEN '18'
        WHEN nines_played = 1 THEN '9'
        ELSE 'unknown'
    END AS round_length,
    min_section_number,
    max_section_number,
    first_tee_section_number,
    start_hole,
    start_section,
    end_section,
    is_nine_hole,
    current_nine,
    goal_time,
    goal_name,
    goal_time_fraction,
    is_complete,
    is_incomplete,
    is_secondary,
    is_auto_assigned,
    avg_pace_sec,
    max_pace_sec,
    avg_pace_gap_sec,
    avg_positional_gap,
    projected_fix_count,
    problem_fix_count,
    cached_fix_count,
    {{ rate('projected_fix_count', 'fix_count') }} AS projected_rate,
    {{ rate('problem_fix_count', 'fix_count') }} AS problem_rate,
    {{ rate('cached_fix_count', 'fix_count') }} AS cached_rate,
    {{ rate('ts_missing_fix_count', 'fix_count') }} AS ts_missing_rate,
    min_battery_pct,
    avg_battery_pct,
    low_battery_fix_count,
    critical_battery_fix_count,
    cast(round_start_local AS date) AS round_date,
    cast(year(round_start_local) AS integer) AS round_year,
    cast(month(round_start_local) AS integer) AS round_month,
    cast(day(round_start_local) AS integer) AS round_day,
    cast(day_of_week(round_start_local) AS integer) AS round_weekday
FROM timed_rounds
