{{ config(key=['course_id']) }}

{%- set measures = [
    'pace', 'pace_gap', 'positional_gap', 'coordinates', 'fix_timestamp', 'hole_number', 'section_number', 'battery',
] -%}
SELECT
    course_id,
    count(*) AS total_rounds,
    sum(fix_count) AS total_events,
    {%- for measure in measures %}
    {{ pct('sum(fix_count - missing_' ~ measure ~ ')', 'sum(fix_count)') }} AS pct_events_with_{{ measure }},
    {%- endfor %}
    {%- for measure in measures %}
    {{ pct('count_if(missing_' ~ measure ~ ' = 0)', 'count(*)') }} AS pct_rounds_with_full_{{ measure }},
    {%- endfor %}
    {{ pct('count_if(missing_' ~ measures | join(' + missing_') ~ ' = 0)', 'count(*)') }} AS pct_rounds_fully_measured
FROM {{ ref('round_column_gaps') }}
GROUP BY course_id
