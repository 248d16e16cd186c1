{{ config(key=['course_id']) }}

{%- set tier_columns = [
    'pace', 'pace_gap', 'positional_gap', 'goal_time', 'coordinates', 'fix_timestamp', 'hole_number',
    'section_number', 'battery', 'is_cache', 'is_projected', 'start_hole', 'is_nine_hole', 'is_complete',
] -%}
WITH gaps AS (
    SELECT
        course_id,
        {%- for column in tier_columns %}
        {{ gap(column) }} AS {{ column }},
        {%- endfor %}
        greatest({{ gap('pace') }}, {{ gap('pace_gap') }}) AS worst_pace
    FROM {{ ref('course_column_gaps') }}
)

SELECT
    course_id,
    {%- for column in tier_columns %}
    round({{ column }}, 2) AS pct_null_{{ column }},
    {%- endfor %}
    CASE
        WHEN worst_pace > 50 THEN 'critical'
        WHEN worst_pace > 20 THEN 'warning'
        WHEN worst_pace > 5 THEN 'minor'
        ELSE 'good'
    END AS pace_data_status,
    CASE
        WHEN hole_number > 30 THEN 'critical'
        WHEN hole_number > 10 THEN 'warning'
        ELSE 'good'
    END AS location_data_status,
    CASE
        WHEN battery > 50 THEN 'warning'
        WHEN battery > 20 THEN 'minor'
        ELSE 'good'
    END AS device_health_status,
    CASE
        WHEN goal_time > 80 THEN 'warning'
        WHEN goal_time > 50 THEN 'minor'
        ELSE 'good'
    END AS round_config_status,
    round(
        100 - (
            0.4e0 * worst_pace
            + 0.3e0 * (hole_number + fix_timestamp) / 2
            + 0.2e0 * (battery + is_projected) / 2
            + 0.1e0 * (goal_time + start_hole) / 2
        ), 2
    ) AS usability_score,
    CASE
        WHEN worst_pace > 20 THEN 'Restore pace and pace gap: pace of play cannot be trusted'
        WHEN hole_number > 20 THEN 'Restore hole numbers: fixes cannot be placed on the course'
        WHEN battery > 50 THEN 'Restore battery readings: device health cannot be watched'
        WHEN goal_time > 80 THEN 'Set goal times: pace has no target'
        ELSE 'Data quality is acceptable'
    END AS top_recommendation
FROM gaps
