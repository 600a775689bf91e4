"""The programs of the desk, in the order they are started, and how each is run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from config.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
RASA_PYTHON = str(ROOT / ".venv-rasa" / "bin" / "python")
MODELS = ROOT / "models"


@dataclass(frozen=True)
class Program:
    """`setting` is what moves it to another port; `environment` is added to that of all."""

    name: str
    title: str
    argv: tuple[str, ...]
    port: int
    setting: str
    ready_path: str = "/readyz"
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ready_url(self) -> str:
        return self.url + self.ready_path


def programs(settings: Settings) -> tuple[Program, ...]:
    return (
        Program(
            name="simulator",
            title="微信模拟器",
            argv=(PYTHON, "-m", "bot.simulator"),
            port=settings.simulator_port,
            setting="DESK_SIMULATOR_PORT",
        ),
        rasa(settings),
        trainer(settings),
        Program(
            name="actions",
            title="动作服务",
            argv=(PYTHON, "-m", "actions"),
            port=settings.actions_port,
            setting="DESK_ACTIONS_PORT",
        ),
        Program(
            name="gateway",
            title="消息网关",
            argv=(PYTHON, "-m", "bot", "gateway"),
            port=settings.gateway_port,
            setting="DESK_GATEWAY_PORT",
        ),
        Program(
            name="worker",
            title="后台任务",
            argv=(PYTHON, "-m", "bot", "worker"),
            port=settings.worker_health_port,
            setting="DESK_WORKER_HEALTH_PORT",
        ),
        Program(
            name="console",
            title="工作台",
            argv=(PYTHON, "-m", "console"),
            port=settings.console_port,
            setting="DESK_CONSOLE_PORT",
        ),
    )


def released_models(data_folder: Path) -> Path:
    """Return the folder of what this desk has released; it belongs to its database."""
    return data_folder / "models"


def trainer(settings: Settings) -> Program:
    port = urlsplit(settings.trainer_url).port or 5006
    return Program(
        name="trainer",
        title="模型训练",
        argv=(
            *(RASA_PYTHON, "-m", "nlu.trainer", "serve", "--port", str(port)),
            *("--models", str(released_models(settings.data_folder)), "--base", str(MODELS)),
        ),
        port=port,
        setting="DESK_TRAINER_URL",
        environment={
            "DESK_RASA_TOKEN": settings.rasa_token.get_secret_value(),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        },
    )


def rasa(settings: Settings) -> Program:
    port = urlsplit(settings.rasa_url).port or 5005
    token = settings.rasa_token.get_secret_value()
    return Program(
        name="rasa",
        title="Rasa",
        argv=(
            *(RASA_PYTHON, "-m", "rasa", "run", "--enable-api", "--auth-token", token),
            *("--interface", "127.0.0.1", "--port", str(port)),
            *("--model", str(released_models(settings.data_folder) / "live")),
            *("--endpoints", str(ROOT / "config" / "rasa" / "endpoints.yml")),
            *("--credentials", str(ROOT / "config" / "rasa" / "credentials.yml")),
        ),
        port=port,
        setting="DESK_RASA_URL",
        ready_path="/webhooks/desk/healthz",
        environment={
            # config/rasa/*.yml read these; Rasa itself does not look into .env.
            "ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
            "DESK_RASA_TOKEN": token,
            "REDIS_URL": settings.redis_url,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",  # of old pins there are hundreds
            "RASA_TELEMETRY_ENABLED": "false",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
    )
