"""Which tests belong on one of the workers that `make test` runs side by side."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

DEPLOYING = "deploying"
# They apply the root modules of this checkout, whose package lies in one folder: never two of them at once.
DEPLOY = ("airflow", "end_to_end", "emulator/deployment", "emulator/mwaa", "terraform")


def group_of(nodeid: str) -> str:
    """A folder's tests share what they need, but for units, which share nothing."""
    path = PurePosixPath(nodeid.partition("::")[0]).relative_to("tests")
    if path.as_posix().startswith(DEPLOY):
        return DEPLOYING
    return path.as_posix() if path.parts[0] == "unit" else path.parent.as_posix()


class GroupScheduling(LoadScopeScheduling):
    """Sends a whole group to a worker, as xdist does with a class or a module; its own marker for that has no effect in
    pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
