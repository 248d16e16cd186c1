{# Rows for which one of the expressions is false or NULL. #}
{% test holds(model, expressions) %}
SELECT *
FROM {{ model }}
WHERE
    false
    {%- for expression in expressions %}
    OR NOT coalesce({{ expression }}, false)
    {%- endfor %}
{% endtest %}
