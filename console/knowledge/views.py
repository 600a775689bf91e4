"""The FAQ, to look up; it is edited elsewhere."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console.context import unit_of_work
from console.guard import needs
from core.knowledge import queries
from core.operators.permissions import Permission

REVIEW_AHEAD = timedelta(days=30)

bp = Blueprint("knowledge", __name__, url_prefix="/knowledge", template_folder="templates")


@bp.get("/")
@needs(Permission.VIEW_KNOWLEDGE)
def index() -> ResponseReturnValue:
    topic = request.args.get("topic", "")
    words = request.args.get("words", "").strip()
    is_due_only = request.args.get("due") == "yes"
    with unit_of_work() as uow:
        soon = uow.today + REVIEW_AHEAD
        entries = queries.listed(
            uow.session,
            topic=topic or None,
            words=words or None,
            review_before=soon + timedelta(days=1) if is_due_only else None,
        )
        due = queries.due_for_review(uow.session, today=uow.today, within=REVIEW_AHEAD)
        return render_template(
            "knowledge/index.html",
            topics=queries.topics(uow.session),
            entries=entries,
            topic=topic,
            words=words,
            is_due_only=is_due_only,
            due_count=len(due),
            today=uow.today,
            soon=soon,
        )


@bp.get("/<slug>")
@needs(Permission.VIEW_KNOWLEDGE)
def entry(slug: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get(uow.session, slug)
        return render_template(
            "knowledge/entry.html", entry=found, today=uow.today, soon=uow.today + REVIEW_AHEAD
        )
