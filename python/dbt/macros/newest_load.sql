{# When rows last came into an Iceberg table: compaction, deletions and the making of the table bring none. #}
{% macro newest_load(table) -%}
SELECT max(committed_at) AS newest_load
FROM {{ api.Relation.create(database=table.database, schema=table.schema, identifier=table.identifier ~ '$snapshots') }}
WHERE operation <> 'replace' AND try_cast(element_at(summary, 'added-records') AS bigint) > 0
{%- endmacro %}
