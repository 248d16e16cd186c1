{{ config(refresh='changed_rounds', meta={'layer': 'rounds'}) }}

SELECT
    course_id,
    round_id,
    min(ingest_date) AS ingest_date,
    {%- for column, is_missing in quality_columns().items() %}
    count_if({{ is_missing }}) AS missing_{{ column }},
    {%- endfor %}
    count(*) AS fix_count
FROM {{ ref('real_events') }} AS events
WHERE {{ in_scope('events', this) }}
GROUP BY course_id, round_id
