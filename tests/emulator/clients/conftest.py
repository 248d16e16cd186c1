"""`inside` runs in the clients' environment, which `test_clients.py` starts: its modules are not for this one."""

collect_ignore = ["inside"]
