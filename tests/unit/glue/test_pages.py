"""Lists in pages."""

import pytest

from tm_localstack.glue.pages import TokenError, page


def test_pages_together_are_the_list():
    items, found, request = list(range(5)), [], {"MaxResults": 2}
    while True:
        answer = page(items, request, "Things")
        found.append(answer["Things"])
        if "NextToken" not in answer:
            break
        request = {"MaxResults": 2, "NextToken": answer["NextToken"]}

    assert found == [[0, 1], [2, 3], [4]]


def test_a_full_last_page_has_no_next():
    assert page([1, 2], {"MaxResults": 2}, "Things") == {"Things": [1, 2]}


def test_unknown_token_is_refused():
    with pytest.raises(TokenError):
        page([1], {"NextToken": "x"}, "Things")
