{# Rows for which one of the expressions is false or NULL. #}
{% test holds(model, expressions, only=none) %}
SELECT *
FROM {{ model }} AS tested
WHERE
    {{ checked(only, 'tested') }}
    AND (
    false
    {%- for expression in expressions %}
    OR NOT coalesce({{ expression }}, false)
    {%- endfor %}
    )
{% endtest %}
