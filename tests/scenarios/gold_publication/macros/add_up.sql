{# Totals that are not those of the rounds. #}
{% test add_up(model) %}
SELECT totals.fixes
FROM {{ model }} AS totals
WHERE totals.fixes <> (SELECT sum(rounds.fixes) FROM {{ ref('rounds') }} AS rounds)
{% endtest %}
