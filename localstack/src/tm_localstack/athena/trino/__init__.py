"""How the Trino server behind Athena is configured and started. Imports nothing of LocalStack."""

from tm_localstack.athena.trino.configuration import launch_command, write_configuration

__all__ = ["launch_command", "write_configuration"]
