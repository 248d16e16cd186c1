{#
    Rows with a value that its column may not hold, all columns in one scan.
    `ranges`: column -> [lowest, highest], either may be null; NULL is in every range.
    `values`: column -> the texts it may hold; NULL is none of them.
#}
{% test sound_values(model, ranges={}, values={}, only=none, has_event_date=false) %}
SELECT {{ (ranges.keys() | list + values.keys() | list) | join(', ') }}
FROM {{ model }} AS tested
WHERE
    {{ checked(only, 'tested', has_event_date) }}
    AND (
    false
    {%- for column, (lowest, highest) in ranges.items() %}
    {%- if lowest is not none %}
    OR {{ column }} < {{ lowest }}
    {%- endif %}
    {%- if highest is not none %}
    OR {{ column }} > {{ highest }}
    {%- endif %}
    {%- endfor %}
    {%- for column, allowed in values.items() %}
    OR coalesce({{ column }} NOT IN ('{{ allowed | join("', '") }}'), true)
    {%- endfor %}
    )
{% endtest %}
