SELECT
    course_id,
    cast({{ env_var('TM_TEST_VERSION') }} AS integer) AS fixes
FROM (VALUES 'erinhills', 'pinehurst4') AS courses (course_id)
