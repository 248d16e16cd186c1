"""`inside` runs in the dashboard's environment, which `test_pages.py` and tests/end_to_end start."""

collect_ignore = ["inside"]
