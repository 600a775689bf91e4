"""The nginx of the production form, run from its own configuration on free ports."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import httpx

from launch.ports import free_ports
from launch.processes import Command
from tests.deploy.certificates import write_certificate
from tests.launch.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "config" / "nginx"
HTTP2_DIRECTIVE_SINCE = (1, 25, 1)


def find_nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class FrontDoor:
    """`door` is the configuration to run; `upstreams` maps `gateway:8080` to where it is here."""

    def __init__(self, folder: Path, door: str, upstreams: Mapping[str, str]) -> None:
        nginx = find_nginx()
        assert nginx is not None
        self._nginx = nginx
        self._folder = folder
        self._door = door
        plain, secure, health = free_ports(3)
        self.url = f"http://127.0.0.1:{plain}"
        self.secure_url = f"https://127.0.0.1:{secure}"
        self.health_url = f"http://127.0.0.1:{health}/healthz"
        ports = {"8080 default": plain, "8443 ssl": secure, "127.0.0.1:8079": health}
        self._moved = {
            "/tmp/": f"{folder}/",  # first: the checkout itself may lie in /tmp
            **{f"set ${name.partition(':')[0]} {name};": f"set ${name.partition(':')[0]} {here};"
               for name, here in upstreams.items()},
            **{f"listen {there}": f"listen 127.0.0.1:{port}{there.removeprefix('127.0.0.1:')[4:]}"
               for there, port in ports.items()},
            "/srv/desk/static": str(ROOT / "console" / "static"),
        }  # fmt: skip
        self._copy()

    def check(self) -> str:
        """Return what `nginx -t` has to say."""
        checked = subprocess.run(
            [*self._argv(), "-t"], capture_output=True, text=True, check=False, timeout=30
        )
        return checked.stderr

    @property
    def certificate(self) -> Path:
        return self._folder / "tls" / "fullchain.pem"

    def wait_until_open(self) -> None:
        wait_until(lambda: _answers(self.health_url))

    @property
    def command(self) -> Command:
        return Command("nginx", tuple(self._argv()), folder=self._folder)

    def _argv(self) -> list[str]:
        # Started by root, the workers would become another account that cannot read these folders.
        user = " user root;" if os.geteuid() == 0 else ""
        file = self._folder / f"{self._door}.conf"
        return [self._nginx, "-c", str(file), "-g", f"daemon off;{user}"]

    def _copy(self) -> None:
        for file in CONFIGURATION.iterdir():
            text = file.read_text(encoding="utf-8")
            for there, here in self._moved.items():
                text = text.replace(there, here)
            if self._version() < HTTP2_DIRECTIVE_SINCE:
                text = text.replace("http2 on;", "")
            (self._folder / file.name).write_text(text, encoding="utf-8")
        (self._folder / "tls").mkdir()
        write_certificate(self._folder / "tls")

    def _version(self) -> tuple[int, ...]:
        told = subprocess.run([self._nginx, "-v"], capture_output=True, text=True, check=True)
        found = re.search(r"nginx/([\d.]+)", told.stderr)
        assert found is not None
        return tuple(int(part) for part in found[1].split("."))


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.HTTPError:
        return False
