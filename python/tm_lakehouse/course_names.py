"""Whether the course that a file names is the course it is landed for."""

import re

_NOISE = frozenset({"golf", "course", "club", "country", "the"})


def plain_name(name: str) -> str:
    """Lower case without the words and signs that course names don't differ by."""
    words = re.split(r"[^0-9a-z]+", name.lower().replace("&", "and"))
    return "".join(word for word in words if word not in _NOISE)


def names_course(name: str, course_id: str) -> bool:
    """Whether the name means the course: equal, or one contains the other, or so without the id's ending "gc"."""
    named = plain_name(name)
    ids = [plain_name(course_id)]
    if course_id.lower().endswith("gc"):
        ids.append(plain_name(course_id[:-2]))
    return any(named and wanted and (named in wanted or wanted in named) for wanted in ids)
