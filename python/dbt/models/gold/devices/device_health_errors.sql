{{ config(refresh='changed_rounds', meta={'layer': 'rounds'}) }}

SELECT
    course_id,
    round_id,
    location_index,
    ingest_date,
    device,
    fix_timestamp,
    battery_percentage,
    CASE WHEN battery_percentage < 10 THEN 'battery_critical' ELSE 'battery_low' END AS health_flag
FROM {{ ref('real_events') }} AS events
WHERE
    battery_percentage < 20
    AND {{ in_scope('events', this) }}
