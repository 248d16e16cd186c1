{#
    An Iceberg table that is made once and from then on only committed to. It is never dropped, emptied or renamed, so
    every snapshot and every metadata file that a reader was given stays readable. One build is one MERGE, so one
    snapshot, and none where nothing changes.
    `refresh` says what a build does with the rows that are there:
      whole            the query gives the whole content: rows of other keys go, rows that differ are changed
      upsert           rows of other keys stay
      changed_rounds   the rounds in `in_scope` are replaced whole, and no others are looked at
    `key` tells the rows apart; its first column is never NULL.
#}
{% materialization kept_table, adapter='athena' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set existing = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if existing is none -%}
        {%- call statement('main') -%}
            {{ create_table_as(False, relation, sql) }}
        {%- endcall -%}
    {%- else -%}
        {%- do require_kept_table(existing) -%}
        {%- set scope = scope_of(sql) -%}
        {%- do fit_columns(relation, sql) -%}
        {%- if scope.empty -%}
            {%- call noop_statement('main', 'NOTHING CHANGED', 'NOTHING CHANGED', 0) -%}
                -- nothing changed
            {%- endcall -%}
        {%- else -%}
            {%- call statement('main') -%}
                {{ merge_into_kept_table(relation, sql, scope) }}
            {%- endcall -%}
        {%- endif -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {%- do persist_docs(relation, model) -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{# What `in_scope` told the query. Asked again, the answer could be another. #}
{% macro scope_of(sql) %}
    {%- set found = modules.re.search('/\* scope: (.*?) \*/', sql) -%}
    {{ return(fromjson(found.group(1)) if found else {'whole': flags.FULL_REFRESH, 'empty': false}) }}
{% endmacro %}

{% macro require_kept_table(existing) %}
    {%- if existing.is_view or adapter.get_glue_table_type(existing).value != 'iceberg_table' -%}
        {%- do exceptions.raise_compiler_error(
            existing ~ ' is there and is no Iceberg table. Nothing here drops it: rename it or drop it by hand, then build again.'
        ) -%}
    {%- endif -%}
{% endmacro %}

{# Add the columns that the model has and the table lacks, drop those that the model no longer has: metadata only. #}
{% macro fit_columns(relation, sql) %}
    {%- set there = adapter.get_columns_in_relation(relation) -%}
    {%- set names = there | map(attribute='name') | list -%}
    {%- set missing = model.columns.keys() | reject('in', names) | list -%}
    {%- if missing -%}
        {%- set typed = get_column_schema_from_query(sql) | selectattr('name', 'in', missing) | list -%}
        {%- do alter_relation_add_columns(relation, typed, 'iceberg') -%}
    {%- endif -%}
    {%- do alter_relation_drop_columns(relation, there | rejectattr('name', 'in', model.columns.keys() | list) | list) -%}
{% endmacro %}
