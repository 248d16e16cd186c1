{# The newest load of an Iceberg table where it is older than so many days. #}
{% test loaded_within(model, days) %}
SELECT newest_load
FROM ({{ newest_load(model) }}) AS loads
WHERE coalesce(newest_load < current_timestamp - INTERVAL '{{ days }}' DAY, true)
{% endtest %}
