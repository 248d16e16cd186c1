{{ config(key=['round_id', 'course_id'], meta={'layer': 'inputs'}) }}

{%- set scope = build_scope() %}
SELECT DISTINCT
    course_id,
    round_id
FROM {{ source('silver', 'fact_telemetry_event') }} AS events
WHERE {{ 'false' if scope.whole else scope_condition(scope, 'events', has_event_date=true) }}
