{# Before each statement: which run and node sent it, so that its cost can be told. #}
{% macro query_comment(node) %}
    {%- set told = {'invocation_id': invocation_id} -%}
    {%- if node is not none -%}
        {%- do told.update({'node_id': node.unique_id}) -%}
    {%- endif -%}
    {{ return(tojson(told)) }}
{% endmacro %}
