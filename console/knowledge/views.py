"""The FAQ as staff look it up: the list, one entry, its history."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console.context import operator, unit_of_work
from console.guard import needs
from console.knowledge import differences, lists
from console.knowledge.lists import REVIEW_AHEAD, Wish
from core.conversations.quality import Quality
from core.departments import queries as departments
from core.knowledge import queries
from core.knowledge.errors import EntryNotFound
from core.knowledge.states import EntryScope, EntryState
from core.operators import queries as operators
from core.operators.permissions import Permission

bp = Blueprint("knowledge", __name__, url_prefix="/knowledge", template_folder="templates")


@bp.get("/")
@needs(Permission.VIEW_KNOWLEDGE)
def index() -> ResponseReturnValue:
    wish = Wish.read(request.args)
    with unit_of_work() as uow:
        return render_template(
            "knowledge/index.html",
            wish=wish,
            listing=lists.listing(uow, wish),
            topics=queries.topics(uow.session),
            branches=departments.tree(uow.session),
            due_count=len(
                queries.due_for_review(uow.session, today=uow.today, within=REVIEW_AHEAD)
            ),
            waiting_count=queries.count_reviewable(uow.session, reviewer_id=operator().id),
            scopes=list(EntryScope),
            states=list(EntryState),
            fewest=lists.FEWEST_VARIANTS,
            today=uow.today,
            soon=uow.today + REVIEW_AHEAD,
        )


@bp.get("/coverage")
@needs(Permission.VIEW_KNOWLEDGE)
def coverage() -> ResponseReturnValue:
    with unit_of_work() as uow:
        figures = lists.quality_of_entries(uow)
        topic_of = {
            entry.slug: entry.topic for entry in queries.listed(uow.session, queries.EntryFilter())
        }
        asked: dict[str, Quality] = {}
        for slug, one in figures.items():
            total = asked.setdefault(topic_of.get(slug, ""), Quality())
            total.sure += one.sure
            total.offered += one.offered
            total.missed += one.missed
            total.unhelpful += one.unhelpful
        return render_template(
            "knowledge/coverage.html",
            topics=lists.coverage(uow),
            asked=asked,
            nothing=Quality(),
            fewest=lists.FEWEST_VARIANTS,
        )


@bp.get("/<slug>")
@needs(Permission.VIEW_KNOWLEDGE)
def entry(slug: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get(uow.session, slug)
        changes = queries.open_changes(uow.session, slug=slug)
        return render_template(
            "knowledge/entry.html",
            entry=found,
            changes=changes,
            names=operators.names(uow.session, {change.author_id for change in changes}),
            quality=lists.quality_of_entries(uow).get(slug, Quality()),
            today=uow.today,
            soon=uow.today + REVIEW_AHEAD,
        )


@bp.get("/<slug>/history")
@needs(Permission.VIEW_KNOWLEDGE)
def history(slug: str) -> ResponseReturnValue:
    """Show every version, and what changed between any two."""
    with unit_of_work() as uow:
        found = queries.get(uow.session, slug)
        versions = {version.version: version for version in queries.history(uow.session, slug)}
        if not versions:
            raise EntryNotFound(slug=slug)
        numbers = sorted(versions)
        newest = numbers[-1]
        after = _chosen("to", newest, versions)
        before = _chosen("from", max((n for n in numbers if n < after), default=after), versions)
        people = {
            person
            for version in versions.values()
            for person in (version.author_id, version.reviewer_id)
            if person is not None
        }
        return render_template(
            "knowledge/history.html",
            entry=found,
            versions=list(versions.values()),
            names=operators.names(uow.session, people),
            before=before,
            after=after,
            newest=newest,
            differences=differences.between(
                versions[before].content if before != after else None,
                versions[after].content,
                lists.unit_names(uow),
            ),
        )


def _chosen(name: str, default: int, versions: Mapping[int, object]) -> int:
    wished = request.args.get(name, default, type=int)
    return wished if wished in versions else default
