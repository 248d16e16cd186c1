{% macro merge_into_kept_table(relation, sql, scope) %}
    {%- set columns = model.columns.keys() | list -%}
    {%- set refresh = config.get('refresh', 'whole') -%}
    {%- if refresh == 'changed_rounds' -%}
        {{ replace_rows(relation, sql, columns, ['course_id', 'round_id'], rounds_to_replace(relation, scope), scope.held_dates if not scope.whole_courses) }}
    {%- elif scope.whole and refresh == 'whole' -%}
        {%- set key = [config.require('key')[0]] -%}
        {{ replace_rows(relation, sql, columns, key, 'SELECT DISTINCT ' ~ key[0] ~ ' FROM ' ~ relation, none) }}
    {%- else -%}
        {{ change_rows(relation, sql, columns, config.require('key'), refresh == 'whole') }}
    {%- endif -%}
{% endmacro %}

{# The rounds whose rows go: those that came again, wherever the table has them, and those that it has of a changed delivery. #}
{% macro rounds_to_replace(relation, scope) -%}
    {%- if scope.whole -%}
SELECT DISTINCT course_id, round_id FROM {{ relation }}
    {%- else -%}
SELECT course_id, round_id FROM {{ ref('changed_rounds') }}
    UNION
    SELECT held.course_id, held.round_id FROM {{ relation }} AS held
    WHERE {{ scope_condition(scope, 'held', false) }}
    {%- endif -%}
{%- endmacro %}

{#
    Delete the rows that `gone` lists by `key` and insert what the query gives, in one commit.
    `held_dates` are the only ingest dates under which such rows lie: a MERGE reads every column of the table that it
    changes, and so reads those files only.
#}
{% macro replace_rows(relation, sql, columns, key, gone, held_dates) %}
MERGE INTO {{ relation }} AS held
USING (
    WITH fresh AS (
        {{ sql }}
    ),

    gone AS (
        {{ gone }}
    )

    SELECT
        {{ columns | join(', ') }},
        {% for column in key -%} NULL AS gone_{{ column }}{{ ', ' if not loop.last }} {%- endfor %}
    FROM fresh
    UNION ALL
    SELECT
        {% for column in columns -%} NULL, {% endfor %}
        {{ key | join(', ') }}
    FROM gone
) AS change
    ON {% for column in key -%} held.{{ column }} = change.gone_{{ column }}{{ ' AND ' if not loop.last }} {%- endfor %}
    {%- if held_dates %}
    AND held.ingest_date {{ among_dates(held_dates) }}
    {%- endif %}
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND change.gone_{{ key[0] }} IS NULL THEN
    INSERT ({{ columns | join(', ') }})
    VALUES (change.{{ columns | join(', change.') }})
{% endmacro %}

{#
    Insert rows of new keys, change rows that differ and, with `is_whole`, delete rows whose key the query doesn't give.
    A key that the query gives twice fails or is inserted twice, which the test of the key finds.
#}
{% macro change_rows(relation, sql, columns, key, is_whole) %}
MERGE INTO {{ relation }} AS held
USING (
    {%- if is_whole %}
    SELECT {{ columns | join(', ') }}, is_gone
    FROM (
        SELECT *, rank() OVER (PARTITION BY {{ key | join(', ') }} ORDER BY is_gone) AS newest_first
        FROM (
            SELECT {{ columns | join(', ') }}, false AS is_gone FROM ({{ sql }}) AS fresh
            UNION ALL
            SELECT {{ columns | join(', ') }}, true FROM {{ relation }}
        ) AS versions
    ) AS ranked
    WHERE newest_first = 1
    {%- else %}
    SELECT {{ columns | join(', ') }}, false AS is_gone FROM ({{ sql }}) AS fresh
    {%- endif %}
) AS change
    ON held.{{ key[0] }} = change.{{ key[0] }}
    {%- for column in key[1:] %}
    AND held.{{ column }} IS NOT DISTINCT FROM change.{{ column }}
    {%- endfor %}
WHEN MATCHED AND change.is_gone THEN DELETE
{%- set others = columns | reject('in', key) | list %}
{%- if others %}
WHEN MATCHED AND (
    {%- for column in others %}
    held.{{ column }} IS DISTINCT FROM change.{{ column }}{{ ' OR' if not loop.last }}
    {%- endfor %}
) THEN UPDATE SET
    {%- for column in others %}
    {{ column }} = change.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endif %}
WHEN NOT MATCHED THEN
    INSERT ({{ columns | join(', ') }})
    VALUES (change.{{ columns | join(', change.') }})
{% endmacro %}
