{{ config(key=['course_id']) }}

WITH scores AS (
    SELECT
        *,
        100 - {{ mean_gap(['pace', 'pace_gap', 'positional_gap', 'goal_time']) }} AS pace_score,
        100 - {{ mean_gap(['coordinates', 'fix_timestamp', 'hole_number', 'section_number']) }} AS location_score,
        100 - {{ mean_gap(['battery', 'is_cache', 'fix_timestamp']) }} AS device_score,
        100 - {{ mean_gap(['start_hole', 'is_nine_hole', 'is_complete']) }} AS config_score
    FROM {{ ref('course_column_gaps') }}
)

SELECT
    course_id,
    fix_count AS total_events,
    total_rounds,
    {%- for column in quality_columns() %}
    round({{ gap(column) }}, 2) AS pct_missing_{{ column }},
    {%- endfor %}
    round(pace_score, 2) AS score_tier_1_pace,
    round(location_score, 2) AS score_tier_2_location,
    round(device_score, 2) AS score_tier_3_device,
    round(config_score, 2) AS score_tier_4_config,
    round(0.4e0 * pace_score + 0.3e0 * location_score + 0.2e0 * device_score + 0.1e0 * config_score, 2)
        AS data_quality_score
FROM scores
