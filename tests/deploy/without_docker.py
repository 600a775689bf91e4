"""Run a service of docker-compose.yml on this machine: the same command, environment and probe."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.ports import free_ports
from launch.processes import Command, KeptProcess
from launch.programs import PYTHON, RASA_PYTHON
from tests.deploy import compose
from tests.launch.waiting import wait_until

ROOT = compose.ROOT
PROBE_FILE = "/opt/desk/probe.py"
PORTS = ("8080", "8081", "8000", "5055", "5005", "8090")
PORT = re.compile(rf"\b(?:{'|'.join(PORTS)})\b")
NEIGHBOUR = re.compile(r"\b(?:rasa|actions|gateway|console|simulator)(?=:\d)")
DEATHS_TO_GIVE_UP = 3


@dataclass(frozen=True)
class Place:
    """Where things are on this machine instead of in containers."""

    folder: Path
    ports: Mapping[str, str]

    @classmethod
    def find(cls, folder: Path) -> "Place":
        free = (str(port) for port in free_ports(len(PORTS)))
        return cls(folder, dict(zip(PORTS, free, strict=True)))

    def here(self, value: str) -> str:
        """Say an address or path of the containers in this machine's words."""
        value = NEIGHBOUR.sub("127.0.0.1", value).replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        value = PORT.sub(lambda found: self.ports[found[0]], value)
        # First: the checkout itself may lie in /tmp.
        value = re.sub(r"^/tmp\b", str(self.folder), value)
        value = value.replace(PROBE_FILE, str(ROOT / "deploy" / "probe.py"))
        return re.sub(r"^/app\b", str(ROOT), value)


class Service:
    def __init__(self, name: str, described: Mapping[str, Any], given: Mapping[str, str],
                 place: Place) -> None:  # fmt: skip
        self.name = name
        self._described = described
        self._place = place
        self._python = RASA_PYTHON if "rasa" in described["image"] else PYTHON
        # As in a container: nothing of this machine's environment but where programs are.
        self._environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            **_of_the_image(described["build"], place),
            **(given if "env_file" in described else {}),
            **{key: place.here(str(value)) for key, value in described["environment"].items()},
        }
        # Not rewritten: where the storage is, is said in this machine's words already.
        for storage in ("DATABASE_URL", "REDIS_URL"):
            if storage in described["environment"]:
                self._environment[storage] = described["environment"][storage]
        self._kept = KeptProcess(self._command(described["command"]), place.folder)

    def run_to_its_end(self) -> str:
        command = self._command(self._described["command"])
        done = subprocess.run(
            command.argv,
            cwd=command.folder,
            env=dict(command.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start(self) -> None:
        self._kept.start()

    def stop(self) -> None:
        self._kept.stop()

    @property
    def is_well(self) -> bool:
        _, *probe = self._described["healthcheck"]["test"]
        command = self._command(probe)
        done = subprocess.run(
            command.argv,
            env=dict(command.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode == 0

    def wait_until_well(self, seconds: float) -> None:
        def is_well_or_hopeless() -> bool:
            return self._kept.deaths >= DEATHS_TO_GIVE_UP or self.is_well

        wait_until(is_well_or_hopeless, seconds)
        assert self.is_well, "\n".join(self._kept.last_lines)

    def _command(self, words: list[str]) -> Command:
        argv = tuple(self._python if word == "python" else self._place.here(word) for word in words)
        return Command(self.name, argv, folder=ROOT, environment=self._environment)


def _of_the_image(build: Mapping[str, Any], place: Place) -> dict[str, str]:
    """Return what the Dockerfile sets in the last stage."""
    text = (ROOT / build["dockerfile"]).read_text(encoding="utf-8").replace("\\\n", " ")
    stage = text.partition(f" AS {build.get('target', 'rasa')}\n")[2].partition("\nFROM ")[0]
    [line] = re.findall(r"^ENV (.*)$", stage, re.MULTILINE)
    pairs = (pair.partition("=") for pair in line.split())
    return {name: place.here(value) for name, _, value in pairs if name != "PATH"}
