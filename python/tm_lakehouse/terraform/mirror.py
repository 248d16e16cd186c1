"""Finds Terraform's provider on this machine, for networks in which the registry can't be reached."""

import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tm_lakehouse.errors import LakehouseError

HOST = "registry.terraform.io"
SOURCE = "hashicorp/aws"
USUAL_PLACES = (Path("/opt"), Path("/usr/share"), Path("/usr/local/share"), Path.home())
_HOME_FOLDERS = (".terraform.d", ".local/share/terraform")
_LOCKED_VERSION = re.compile(rf'provider "{re.escape(HOST)}/{SOURCE}" {{\s+version\s+= "([^"]+)"')


@dataclass(frozen=True)
class Provider:
    """The provider that the lock file names, for this machine."""

    version: str
    system: str

    @classmethod
    def locked(cls, lock_file: Path) -> "Provider":
        """Read the version from `.terraform.lock.hcl`."""
        match = _LOCKED_VERSION.search(lock_file.read_text(encoding="utf-8"))
        if match is None:
            raise LakehouseError(f"{lock_file} does not name {SOURCE}.", "Restore it from git.")
        return cls(match[1], _system())

    def is_in(self, mirror: Path) -> bool:
        """Whether a filesystem mirror holds it, unpacked or as the zip that HashiCorp publishes."""
        folder = mirror / HOST / SOURCE
        packed = f"terraform-provider-aws_{self.version}_{self.system}.zip"
        return (folder / self.version / self.system).is_dir() or (folder / packed).is_file()


def find(
    provider: Provider, places: Iterable[Path] = USUAL_PLACES, environment: Mapping[str, str] = os.environ
) -> Path | None:
    """The folder that holds the provider: TF_PLUGIN_DIR, else one in the usual places; None: ask the registry.

    Raises:
        LakehouseError: TF_PLUGIN_DIR is set and doesn't hold the provider.
    """
    if named := environment.get("TF_PLUGIN_DIR"):
        if provider.is_in(Path(named)):
            return Path(named)
        raise LakehouseError(
            f"TF_PLUGIN_DIR={named} holds no {SOURCE} {provider.version} for {provider.system}.",
            f"Put it at {named}/{HOST}/{SOURCE}/{provider.version}/{provider.system}/, or unset TF_PLUGIN_DIR.",
        )
    return next((folder for place in places for folder in _mirrors_under(place) if provider.is_in(folder)), None)


def registry_unreachable(provider: Provider) -> LakehouseError:
    """What to say when neither a mirror nor the registry has the provider."""
    wanted = f"{SOURCE} {provider.version} for {provider.system}"
    return LakehouseError(
        f"Terraform's registry does not answer, and no folder here holds {wanted}.",
        f"Unpack the provider into /opt/terraform/{HOST}/{SOURCE}/{provider.version}/{provider.system}/, "
        "or name its folder in TF_PLUGIN_DIR.",
    )


def _mirrors_under(place: Path) -> Iterator[Path]:
    # A home folder is large and partly unreadable: only the folders that Terraform itself looks into, and one level.
    patterns = [f"*/{HOST}", *(f"{folder}/*/{HOST}" for folder in _HOME_FOLDERS)]
    if place != Path.home():
        patterns.append(f"*/*/{HOST}")
    candidates = [place / HOST, *(found for pattern in patterns for found in _glob(place, pattern))]
    for candidate in candidates:
        if candidate.is_dir():
            yield candidate.parent


def _glob(place: Path, pattern: str) -> list[Path]:
    try:
        return sorted(place.glob(pattern))
    except OSError:
        return []


def _system() -> str:
    machine = platform.machine().lower()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    return f"{'darwin' if sys.platform == 'darwin' else 'linux'}_{architecture}"
