{# Keys that another table does not hold. Keys that are NULL are left to the test of the key. #}
{% test related(model, columns, to, to_columns, only=none) %}
SELECT DISTINCT {{ columns | join(', ') }}
FROM {{ model }} AS many
WHERE
    {{ checked(only, 'many') }} AND
    {%- for column in columns %}
    many.{{ column }} IS NOT NULL AND
    {%- endfor %}
    NOT EXISTS (
        SELECT 1
        FROM {{ to }} AS one
        WHERE
            {%- for column in columns %}
            one.{{ to_columns[loop.index0] }} = many.{{ column }}{{ ' AND' if not loop.last }}
            {%- endfor %}
    )
{% endtest %}
