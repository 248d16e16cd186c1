"""Everything before Airflow's processes start: plugins, requirements, startup script."""

import logging
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from tm_localstack.assumed_role import Credentials
from tm_localstack.config import LocalConfig
from tm_localstack.mwaa import configuration, definitions, startup_script
from tm_localstack.mwaa.components import SUPERVISOR, Launch
from tm_localstack.mwaa.configuration import COMPONENTS, Identity, Places
from tm_localstack.mwaa.definitions import Definition
from tm_localstack.mwaa.logs import EnvironmentLogs
from tm_localstack.mwaa.models import Environment
from tm_localstack.mwaa.python_environment import PythonEnvironments
from tm_localstack.mwaa.requirements_file import Requirements, parse
from tm_localstack.mwaa.source_bucket import SourceBucket, SourceError

LOG = logging.getLogger(__name__)
STREAM_END = "127.0.0.1.log"
_INHERITED = ("LANG", "LC_ALL", "PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")


class Preparation:
    """Makes one generation of an environment ready to start, in a folder of its own."""

    def __init__(
        self,
        environment: Environment,
        definition: Definition,
        credentials: Credentials,
        config: LocalConfig,
        *,
        root: Path,
        home: Path,
    ) -> None:
        self._environment = environment
        self._definition = definition
        self._credentials = credentials
        self._config = config
        self._root = root
        self._home = home
        client = credentials.client("s3", region=environment.region, endpoint_url=config.gateway_url)
        self.bucket = SourceBucket(client, definitions.bucket(definition))
        logs = credentials.client("logs", region=environment.region, endpoint_url=config.gateway_url)
        self.logs = EnvironmentLogs(logs, definition)

    def launch(self, is_wanted: Callable[[], bool]) -> Launch:
        """Fetch, install and run what the environment names; how to start its processes then.

        Raises:
            SourceError, RequirementsError, StartupScriptError: that part of it can't be used.
        """
        for folder in (self._home / "plugins", self._root / "output", self._root / "logs", self._root / "dags"):
            folder.mkdir(parents=True, exist_ok=True)
        (self._home / "dags").symlink_to(self._root / "dags")
        self.bucket.check()
        files = definitions.files(self._definition)
        if "Plugins" in files:
            self._unpack_plugins(*files["Plugins"])
        # In MWAA's order: a startup script can say where requirements come from, and can't use them.
        exported = self._start_up(*files["StartupScript"], is_wanted) if "StartupScript" in files else {}
        python = self._config.airflow_python
        if "Requirements" in files:
            python = self._install(*files["Requirements"], exported)
        return self._launch(self._places(python), exported)

    def follow_components(self, launch: Launch) -> None:
        """Show the output of Airflow's processes in their log groups."""
        for component in COMPONENTS:
            self.logs.follow(component.logging, f"{component.name}_{STREAM_END}", launch.log(component))

    def _unpack_plugins(self, key: str, version: str | None) -> None:
        archive = self._home / "plugins.zip"
        self.bucket.fetch(key, version, archive)
        try:
            with zipfile.ZipFile(archive) as plugins:
                plugins.extractall(self._home / "plugins")
        except zipfile.BadZipFile as error:
            raise SourceError(f"{key} is not a zip file.") from error

    def _install(self, key: str, version: str | None, exported: dict[str, str]) -> Path:
        file, log = self._home / "requirements_from_bucket.txt", self._home / "requirements.log"
        self.bucket.fetch(key, version, file)
        config = self._config
        images = PythonEnvironments(
            config.scratch / "mwaa-python", config.uv, config.airflow_python, config.airflow_lock, exported
        )
        try:
            return images.provide(self._requirements(file), self._home / "plugins", self._home, log)
        finally:
            self.logs.follow("SchedulerLogs", f"requirements_install_{STREAM_END}", log)
            self.logs.carry(is_last=True)

    def _requirements(self, file: Path) -> Requirements:
        text = file.read_text(encoding="utf-8")
        return parse(text, home=str(self._home), airflow_version=self._definition["AirflowVersion"])

    def _start_up(self, key: str, version: str | None, is_wanted: Callable[[], bool]) -> dict[str, str]:
        script, log = self._home / "startup" / "startup.sh", self._home / "startup.log"
        self.bucket.fetch(key, version, script)
        places = self._places(self._config.airflow_python)
        try:
            return startup_script.run(
                script,
                configuration.startup_environment(self._definition, self._platform(places.python), places),
                supervisor=SUPERVISOR,
                work=self._home,
                log=log,
                is_wanted=is_wanted,
            )
        finally:
            self.logs.follow("SchedulerLogs", f"startup_script_execution_{STREAM_END}", log)
            self.logs.carry(is_last=True)

    def _launch(self, places: Places, exported: dict[str, str]) -> Launch:
        environment = self._environment
        places.passwords.write_text(configuration.passwords(environment.admin_password), encoding="utf-8")
        places.passwords.chmod(0o600)
        identity = Identity(environment.web_server, environment.token_secret)
        platform = self._platform(places.python)
        return Launch(
            definition=self._definition,
            python=places.python,
            environment=configuration.process_environment(self._definition, platform, places, identity, exported),
            web_environment={"TM_MWAA_TOKEN_SECRET": environment.token_secret},
            home=self._home,
            output=self._root / "output",
        )

    def _places(self, python: Path) -> Places:
        root = self._root
        return Places(self._home, root / "dags", root / "airflow.db", root / "logs", root / "passwords.json", python)

    def _platform(self, python: Path) -> dict[str, str]:
        """What the machine gives: on AWS the container's environment, here besides it the address of the local AWS."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        region = self._environment.region
        return {
            # Without a language Python would set a variable of its own, which a startup script would seem to export.
            "LANG": "C.UTF-8",
            # Installers keep what they downloaded, from one environment to the next.
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
            **inherited,
            **self._credentials.environment(),
            "PATH": f"{python.parent}{os.pathsep}{inherited.get('PATH', os.defpath)}",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ENDPOINT_URL": self._config.gateway_url,
        }
