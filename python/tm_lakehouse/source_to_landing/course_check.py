"""Which course a file belongs to, by its name and by what it says itself."""

from tm_lakehouse.course_names import names_course


def course_id_of(file_name: str) -> str:
    """The course id that a file's name tells: the text before `.rounds`, else before the first dot."""
    before, separator, _ = file_name.partition(".rounds")
    return before if separator else file_name.partition(".")[0]


def doubt_about(course: str | None, course_id: str) -> str | None:
    """Why a file whose first named course is `course` may not be one of `course_id`; None when it may."""
    if course is None:
        return "it names no course"
    if not names_course(course, course_id):
        return f"its course {course!r} does not look like {course_id}"
    return None
