{# Ranges that are reversed, or that share a value with the range before them in their group. #}
{% test disjoint_ranges(model, group, first, last) %}
SELECT *
FROM (
    SELECT
        {{ group }},
        {{ first }},
        {{ last }},
        max({{ last }}) OVER (
            PARTITION BY {{ group }} ORDER BY {{ first }}, {{ last }} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS last_before
    FROM {{ model }}
) AS ranges
WHERE {{ first }} > {{ last }} OR {{ first }} <= last_before
{% endtest %}
