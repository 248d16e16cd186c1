{# Courses for which two tables disagree on a total. #}
{% test same_total(model, total, other, other_total, only=none) %}
SELECT
    course_id,
    mine.total AS total,
    others.total AS other_total
FROM (SELECT course_id, {{ total }} AS total FROM {{ model }} AS tested
    WHERE {{ checked(only, 'tested') }} GROUP BY course_id) AS mine
FULL OUTER JOIN (SELECT course_id, {{ other_total }} AS total FROM {{ other }} AS tested
    WHERE {{ checked(only, 'tested') }} GROUP BY course_id) AS others
    USING (course_id)
WHERE mine.total IS DISTINCT FROM others.total
{% endtest %}
