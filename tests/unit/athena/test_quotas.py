"""How many queries may be under way."""

import pytest

from tm_localstack.athena.quotas import TooManyQueriesError, check_active

SELECT, SHOW, CTAS = ("DML", "SELECT"), ("UTILITY", "SHOW_TABLES"), ("DDL", "CREATE_TABLE_AS_SELECT")


@pytest.mark.parametrize(("active", "asked"), [([SELECT] * 199, CTAS), ([SHOW] * 19, SHOW), ([SHOW] * 20, SELECT)])
def test_queries_under_the_quota_of_their_kind_are_taken(active, asked):
    check_active(active, asked)


@pytest.mark.parametrize(
    ("active", "asked"), [([SELECT] * 200, CTAS), ([CTAS] * 200, SELECT), ([SHOW] * 20, ("DDL", "CREATE_TABLE"))]
)
def test_one_more_than_the_quota_is_refused(active, asked):
    with pytest.raises(TooManyQueriesError):
        check_active(active, asked)
