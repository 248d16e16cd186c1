{# Keys that are NULL or come twice: one scan for both. Columns in `nullable` may be NULL, as one value like another. #}
{% test unique_key(model, columns, nullable=[], only=none, has_event_date=false) %}
SELECT
    {{ columns | join(', ') }},
    count(*) AS occurrences
FROM {{ model }} AS tested
WHERE {{ checked(only, 'tested', has_event_date) }}
GROUP BY {{ columns | join(', ') }}
HAVING
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    OR {{ column }} IS NULL
    {%- endfor %}
{% endtest %}
