{# Keys that are NULL or come twice: one scan for both. Columns in `nullable` may be NULL, as one value like another. #}
{% test unique_key(model, columns, nullable=[]) %}
SELECT
    {{ columns | join(', ') }},
    count(*) AS occurrences
FROM {{ model }}
GROUP BY {{ columns | join(', ') }}
HAVING
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    OR {{ column }} IS NULL
    {%- endfor %}
{% endtest %}
