"""`make docs`: write the pages of the reference."""

import sys
from pathlib import Path

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.reference import command_line, local_aws, run_summaries, terraform_modules


def pages(project: Path) -> dict[str, str]:
    """Name and text of each page."""
    terraform = project / "terraform"
    return {
        "command-line.md": command_line.page(),
        "terraform.md": terraform_modules.page(terraform),
        "run-summary.md": run_summaries.page(terraform / "modules" / "catalog"),
        "local-aws-operations.md": local_aws.page(local_aws.read_services(project)),
    }


def main() -> None:
    """Write every page below docs/reference."""
    project = project_root()
    try:
        told = pages(project)
    except LakehouseError as error:
        sys.exit(f"error: {error.reason}\nnext:  {error.next_step}")
    for name, text in told.items():
        (project / "docs" / "reference" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
