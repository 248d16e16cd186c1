"""Which tests belong on one of the workers that `make test` runs side by side."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

DEPLOYING = "deploying"
# They apply the root modules of this checkout, whose package lies in one folder: never two of them at once.
DEPLOY = ("airflow", "end_to_end", "emulator/deployment", "emulator/mwaa", "terraform")
# Their files share nothing and take long: whichever worker is free takes the next, and they come before what is short.
LONG = ("emulator/gold", "faults")


def group_of(nodeid: str) -> str:
    """A folder's tests share what they need, but for units and the long ones, whose files are by themselves."""
    path = PurePosixPath(nodeid.partition("::")[0]).relative_to("tests")
    if path.as_posix().startswith(DEPLOY):
        return DEPLOYING
    is_by_itself = path.parts[0] == "unit" or path.parent.as_posix() in LONG
    return path.as_posix() if is_by_itself else path.parent.as_posix()


def rank(nodeid: str) -> int:
    """The longest group comes first, then the long ones, so that no worker is left alone with one in the end."""
    group = group_of(nodeid)
    return 0 if group == DEPLOYING else 1 if group.startswith(LONG) else 2


class GroupScheduling(LoadScopeScheduling):
    """Sends a whole group to a worker, as xdist does with a class or a module; its own marker for that has no effect in
    pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
