{#
    What is wrong with a table's own rows, in one scan: a key that is NULL or comes twice, a value that its column may
    not hold. One row per key and fault; rows of one key that have different faults are told apart.
    `key`: its columns; those in `nullable` may be NULL, as one value like another.
    `ranges`: column -> [lowest, highest], either may be null; NULL is in every range.
    `values`: column -> the texts it may hold; NULL is none of them.
#}
{% test sound_rows(model, key, nullable=[], ranges={}, values={}, only=none, has_event_date=false) %}
SELECT
    {{ key | join(', ') }},
    fault,
    count(*) AS occurrences
FROM (
    SELECT
        {{ key | join(', ') }},
        {{ first_fault(ranges, values) }} AS fault
    FROM {{ model }} AS tested
    WHERE {{ checked(only, 'tested', has_event_date) }}
) AS judged
GROUP BY {{ key | join(', ') }}, fault
HAVING
    count(*) > 1
    OR fault IS NOT NULL
    {%- for column in key if column not in nullable %}
    OR {{ column }} IS NULL
    {%- endfor %}
{% endtest %}

{# The first value of a row that its column may not hold, in words; NULL where all is well. #}
{% macro first_fault(ranges, values) %}
    {%- if not (ranges or values) -%}
        cast(NULL AS varchar)
    {%- else -%}
        CASE
        {%- for column, (lowest, highest) in ranges.items() %}
            {%- if lowest is not none %}
            WHEN {{ column }} < {{ lowest }} THEN '{{ column }} is below {{ lowest }}'
            {%- endif %}
            {%- if highest is not none %}
            WHEN {{ column }} > {{ highest }} THEN '{{ column }} is above {{ highest }}'
            {%- endif %}
        {%- endfor %}
        {%- for column, allowed in values.items() %}
            WHEN {{ column }} IS NULL THEN '{{ column }} is NULL'
            WHEN {{ column }} NOT IN ('{{ allowed | join("', '") }}') THEN '{{ column }} is another text'
        {%- endfor %}
        END
    {%- endif -%}
{% endmacro %}
