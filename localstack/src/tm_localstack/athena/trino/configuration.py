"""The configuration of the Trino server behind Athena, and the command that starts it."""

import os
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).parent / "templates"
CATALOGS = ("awsdatacatalog.properties", "hive.properties")
SERVER_FILES = ("config.properties", "node.properties", "log.properties", "jvm.config")
MAIN_CLASS = "io.trino.server.TrinoServer"
TEST_KEY = "test"
# The AWS clients of this Trino name it in their User-Agent; jvm.config sets it.
SDK_APPLICATION = "tm-athena-engine"


def write_configuration(directory: Path, *, port: int, gateway_url: str, region: str, data_dir: Path) -> None:
    """Write Trino's `etc` folder: one server on the loopback, its catalogs on the Glue and S3 of `gateway_url`."""
    values = {
        "port": str(port),
        "gateway_url": gateway_url.rstrip("/"),
        "region": region,
        "data_dir": str(data_dir),
        "concurrency": str(_power_of_two(os.cpu_count() or 1)),
        "access_key": TEST_KEY,
        "secret_key": TEST_KEY,
        "sdk_application": SDK_APPLICATION,
    }
    data_dir.mkdir(parents=True, exist_ok=True)
    for name in SERVER_FILES:
        _render(name, directory / name, values)
    for name in CATALOGS:
        _render(name, directory / "catalog" / name, values)


def launch_command(trino_home: Path, configuration: Path, java_home: Path) -> list[str]:
    """The command line that runs Trino in the foreground with a written configuration."""
    options = (configuration / "jvm.config").read_text(encoding="utf-8").split()
    node = _properties(configuration / "node.properties")
    return [
        str(java_home / "bin" / "java"),
        "-cp",
        str(trino_home / "lib" / "*"),
        *options,
        *(f"-D{name}={value}" for name, value in node.items()),
        f"-Dplugin.dir={trino_home / 'plugin'}",
        f"-Dcatalog.config-dir={configuration / 'catalog'}",
        f"-Dlog.levels-file={configuration / 'log.properties'}",
        f"-Dconfig={configuration / 'config.properties'}",
        MAIN_CLASS,
    ]


def _render(template: str, target: Path, values: dict[str, str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    target.write_text(Template(text).substitute(values), encoding="utf-8")


def _properties(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "=" in line]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _power_of_two(number: int) -> int:
    """The largest power of two that is not above `number`, as Trino wants its concurrency."""
    return 1 << (number.bit_length() - 1)
