"""One call of Terraform: its output seen as it comes, kept in a log, and its failure told in one line."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from python_terraform import Terraform

from tm_lakehouse.errors import LakehouseError

MINIMUM_VERSION = (1, 11)
ONLY_HERE = "TM_TERRAFORM__"
_INSTALL = "Install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install"
_ERROR = re.compile(r"^[│| ]*Error: (.+)$", re.MULTILINE)


class LoggedTerraform(Terraform):  # type: ignore[misc]  # python-terraform carries no types
    """python-terraform composes the command; the process is run here.

    Its own `cmd` shows nothing before the end or keeps nothing at all, knows one process environment only, and warns
    through a deprecated logger call at every exit code but 0.
    """

    def __init__(self, root: Path, environment: Mapping[str, str], log: Path, on_line: Callable[[str], None]) -> None:
        super().__init__(working_dir=str(root), terraform_bin_path=executable())
        self.environment = dict(environment)
        self.log = log
        self.on_line = on_line

    def cmd(self, cmd: str, *args: str, **options: Any) -> tuple[int, str, str]:
        """Run one command; give its exit code, its whole output, and the first error in it."""
        # Of a variable's several values Terraform takes the last: the command line's, not the file's.
        variables = {"var": options.pop("var")} if "var" in options else {}
        command = self.generate_cmd_string(cmd, *args, **options, **variables)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"$ terraform {' '.join(command[1:])}\n")
                code, text = self._stream(command, lambda line: log.write(line) and self.on_line(line.rstrip("\n")))
        finally:
            self.temp_var_files.clean_up()
        return code, text, first_error(text)

    def _stream(self, command: list[str], on_line: Callable[[str], object]) -> tuple[int, str]:
        lines = []
        with subprocess.Popen(
            command,
            cwd=self.working_dir,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        ) as process:
            try:
                for line in process.stdout or ():
                    lines.append(line)
                    on_line(line)
            except KeyboardInterrupt:
                # Terraform got the signal too: it finishes what is under way and saves its state. Keep its pipe empty.
                for line in process.stdout or ():
                    on_line(line)
                raise
        return process.returncode, "".join(lines)


def executable() -> str:
    """The path of a Terraform that is new enough.

    Raises:
        LakehouseError: there is none.
    """
    path = shutil.which("terraform")
    if path is None:
        raise LakehouseError("Terraform is not installed.", _INSTALL)
    environment = process_environment(os.environ)
    listed = subprocess.run([path, "version", "-json"], env=environment, capture_output=True, text=True, check=False)
    try:
        version = str(json.loads(listed.stdout)["terraform_version"])
    except (ValueError, KeyError):
        raise LakehouseError(f"{path} does not tell its version.", _INSTALL) from None
    if tuple(int(part) for part in version.split(".")[:2]) < MINIMUM_VERSION:
        raise LakehouseError(f"Terraform {version} is too old.", _INSTALL)
    return path


def process_environment(environment: Mapping[str, str], **additions: str) -> dict[str, str]:
    """The environment of Terraform's process: nothing asked, nothing looked up at HashiCorp's.

    A variable whose name begins with `TM_TERRAFORM__` is for this process alone: it gets it without that beginning.
    """
    own = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    meant = {name.removeprefix(ONLY_HERE): value for name, value in environment.items() if name.startswith(ONLY_HERE)}
    result = {**environment, **meant, **own, **additions}
    # Terraform warns at every call about a settings file that isn't there.
    if not Path(result.get("TF_CLI_CONFIG_FILE", "")).is_file():
        result.pop("TF_CLI_CONFIG_FILE", None)
    return result


def first_error(text: str) -> str:
    """The first error that Terraform told, on one line; empty when it told none."""
    match = _ERROR.search(text)
    return match[1].strip() if match else ""
