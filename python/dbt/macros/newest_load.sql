{# When data last came into an Iceberg table; compaction brings none. #}
{% macro newest_load(table) -%}
SELECT max(committed_at) AS newest_load
FROM {{ api.Relation.create(database=table.database, schema=table.schema, identifier=table.identifier ~ '$snapshots') }}
WHERE operation <> 'replace'
{%- endmacro %}
