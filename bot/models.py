"""The servers of models as the worker needs them: the trainer, and every Rasa server."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from config.settings import Settings
from core.releases.services import BuiltModel

ENDING = ".tar.gz"
QUICK_SECONDS = 10.0
# Reading and writing files of some 20 MB, on a machine that may be busy.
FILES_SECONDS = 120.0


class TrainerFailed(Exception):
    """The trainer did not do what was asked; `code` can be put into words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class ServerRefused(Exception):
    """A Rasa server did not take a model, or does not answer with it."""


@dataclass(frozen=True)
class Training:
    """How far a training is, and its report when it is done."""

    version: str
    state: str
    stage: str
    percent: int
    report: dict[str, Any] | None
    failure: dict[str, Any] | None

    @property
    def is_running(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True)
class KeptModel:
    """A model as the trainer keeps it, under a path that Rasa servers know it by too."""

    path: str
    is_whole: bool
    is_bootstrap: bool
    built: BuiltModel


@dataclass(frozen=True)
class ModelFiles:
    live: str | None
    models: Sequence[KeptModel]

    def find(self, version: str) -> KeptModel | None:
        return next((one for one in self.models if one.built.version == version), None)


class TrainerClient:
    """The trainer over HTTP. Safe to share between threads."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(QUICK_SECONDS, connect=2.0),
        )

    def begin(self, request: dict[str, Any]) -> None:
        """Start a training; one that is left over from a dead worker ends."""
        try:
            self._ask("POST", "/trainings", json=request)
        except TrainerFailed as failure:
            if failure.code != "busy":
                raise
            self._ask("DELETE", f"/trainings/{failure.detail}")
            self._ask("POST", "/trainings", json=request)

    def look(self, version: str) -> Training:
        names = ("version", "state", "stage", "percent", "report", "failure")
        found = self._ask("GET", f"/trainings/{version}")
        return Training(**{name: found[name] for name in names})

    def keep(self, version: str) -> KeptModel:
        """Put what the gate let through among the kept models."""
        return _kept(self._ask("POST", f"/models/{version}/keep", timeout=FILES_SECONDS))

    def fit(self, version: str) -> KeptModel:
        """Return a kept model as one of the program as it is now."""
        return _kept(self._ask("POST", f"/models/{version}/fit", timeout=FILES_SECONDS))

    def make_live(self, version: str, *, keep: Sequence[str]) -> None:
        """Let servers that start from now on start with it; drop what is neither kept nor new."""
        self._ask(
            "POST", f"/models/{version}/live", json={"keep": list(keep)}, timeout=FILES_SECONDS
        )

    def files(self) -> ModelFiles:
        found = self._ask("GET", "/models")
        return ModelFiles(found["live"], [_kept(one) for one in found["models"]])

    def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, **given)
        except httpx.HTTPError as error:
            raise TrainerFailed("trainer_away", type(error).__name__) from error
        try:
            body = response.json()
        except ValueError:
            body = {}
        if response.is_success and isinstance(body, dict):
            return body
        code = body.get("code") or f"http_{response.status_code}"
        raise TrainerFailed(str(code), str(body.get("detail", "")))


class RasaServer:
    """One Rasa server, for swapping its model. Safe to share between threads."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._client = httpx.Client(
            base_url=url, params={"token": token}, timeout=httpx.Timeout(QUICK_SECONDS, connect=2.0)
        )

    def version(self) -> str:
        """Return the version it answers with, empty while it has none."""
        try:
            # Unwell without the action server, but it says its model all the same.
            found = self._client.get("/webhooks/desk/healthz").json()
        except (httpx.HTTPError, ValueError) as error:
            raise ServerRefused(type(error).__name__) from error
        return str(found.get("model") or "").removesuffix(ENDING)

    def take(self, path: str, version: str, probe: str) -> None:
        """Swap its model, and see that it understands something with the new one.

        Turns that are under way end with the old model; none is refused meanwhile.
        """
        try:
            put = self._client.put("/model", json={"model_file": path}, timeout=FILES_SECONDS)
            if put.status_code != HTTPStatus.NO_CONTENT:
                raise ServerRefused(f"HTTP {put.status_code} {put.text[:200]}")
            parsed = self._client.post("/model/parse", json={"text": probe})
            parsed.raise_for_status()
            understood = (parsed.json().get("intent") or {}).get("name")
        except (httpx.HTTPError, ValueError) as error:
            raise ServerRefused(type(error).__name__) from error
        if not understood or self.version() != version:
            raise ServerRefused(f"answers with {self.version()} after the swap")


def build_model_servers(settings: Settings) -> tuple[TrainerClient, list[RasaServer]]:
    token = settings.rasa_token.get_secret_value()
    addresses = settings.rasa_servers or [settings.rasa_url]
    return TrainerClient(settings.trainer_url, token), [
        RasaServer(address, token) for address in addresses
    ]


def _kept(found: dict[str, Any]) -> KeptModel:
    built = BuiltModel(
        version=found["version"],
        sha256=found["sha256"],
        size_bytes=found["size_bytes"],
        questions=found["questions"],
        forms=found["forms"],
    )
    return KeptModel(found["path"], found["is_whole"], found["is_bootstrap"], built)
