"""Which failures are not worth another attempt."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def final_failures() -> Iterator[None]:
    """A failure of the lakehouse's own is not tried again."""
    from airflow.exceptions import AirflowFailException

    from tm_lakehouse.errors import LakehouseError

    try:
        yield
    except LakehouseError as error:
        raise AirflowFailException(str(error)) from error
