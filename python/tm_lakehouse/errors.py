"""Failures that the user can act on."""


class LakehouseError(Exception):
    """A failure with its reason in one line and what to do next.

    The command line prints both and exits with `exit_code`; no traceback.
    """

    def __init__(self, reason: str, next_step: str, exit_code: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.next_step = next_step
        self.exit_code = exit_code

    def __str__(self) -> str:
        """Both, for a job: its message is all that its starter sees."""
        return f"{self.reason} {self.next_step}"
