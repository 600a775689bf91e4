"""The live model, what is on its way, the history with its reports, and the way back."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console import wording
from console.context import operator, unit_of_work
from console.guard import needs
from console.notices import done
from core.events import SYSTEM, operator_actor
from core.knowledge import queries as knowledge
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.releases import queries, services
from core.unit_of_work import UnitOfWork

SHOWN = 30
TOPIC = "model"
LONGEST_NOTE = 200

bp = Blueprint("models", __name__, url_prefix="/models", template_folder="templates")


@bp.get("/")
@needs(Permission.VIEW_MODELS)
def index() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template("models/index.html", **_board(uow))


@bp.get("/board")
@needs(Permission.VIEW_MODELS)
def board() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template("models/_board.html", **_board(uow))


@bp.get("/<version>")
@needs(Permission.VIEW_MODELS)
def release(version: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get(uow.session, version)
        changes = [knowledge.get_change(uow.session, each) for each in found.change_ids]
        return render_template(
            "models/release.html",
            release=found,
            report=found.report or {},
            changes=changes,
            names=_names(uow, [found]),
            failure=_failure(found.failure_code),
        )


@bp.post("/train")
@needs(Permission.RELEASE_MODEL)
def train() -> ResponseReturnValue:
    note = request.form.get("note", "")[:LONGEST_NOTE]
    with unit_of_work() as uow:
        services.request_release(uow, requested_by=operator_actor(operator().id), note=note)
    return done("已加入训练队列。", changed=TOPIC)


@bp.post("/<version>/rollback")
@needs(Permission.RELEASE_MODEL)
def roll_back(version: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")[:LONGEST_NOTE]
    with unit_of_work() as uow:
        services.request_rollback(uow, version, operator_id=operator().id, reason=reason)
    return done("正在恢复，各台服务器换好后生效。", changed=TOPIC)


def _board(uow: UnitOfWork) -> dict[str, Any]:
    live, running = queries.live(uow.session), queries.running(uow.session)
    history = queries.history(uow.session, limit=SHOWN)
    return {
        "live": live,
        "running": running,
        "queued": queries.queued(uow.session),
        "waiting": knowledge.approved_changes(uow.session),
        "carried": set(running.change_ids) if running else set(),
        "history": history,
        "names": _names(uow, history),
        "stage": wording.models()["stages"].get(running.stage, "") if running else "",
        "troubles": [_trouble(one) for one in live.troubles] if live else [],
        "failures": {one.version: _failure(one.failure_code) for one in history},
    }


def _names(uow: UnitOfWork, releases: Any) -> dict[str, str]:
    actors = {actor for one in releases for actor in (one.requested_by, one.rollback_by) if actor}
    ids = {int(actor.partition(":")[2]) for actor in actors if actor.startswith("operator:")}
    names = operators.names(uow.session, ids)
    return {SYSTEM: "系统"} | {operator_actor(each): name for each, name in names.items()}


def _failure(code: str) -> str:
    return wording.models()["failures"].get(code, code)


def _trouble(told: str) -> str:
    code, _, detail = told.partition(":")
    return wording.models()["troubles"].get(code, code).format(detail=detail)
