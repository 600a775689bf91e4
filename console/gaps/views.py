"""The groups of open questions, and what a person decides about each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import notices
from console.context import CurrentOperator, operator, unit_of_work
from console.entered import cleaned
from console.errors import words_for
from console.guard import needs
from console.knowledge import lists
from console.knowledge.editing import free_slug, own_unit
from console.knowledge.forms import REVIEW_AFTER
from core.errors import DomainError
from core.gaps import queries, services
from core.gaps.states import GapKind, GapState
from core.knowledge import queries as knowledge
from core.knowledge.contents import EntryDraft
from core.knowledge.queries import EntryFilter
from core.knowledge.similarity import unique
from core.knowledge.states import EntryScope
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

bp = Blueprint("gaps", __name__, url_prefix="/gaps", template_folder="templates")

EXAMPLES_SHOWN = 3
ENTRIES_FOUND = 8
MAX_REASON_CHARACTERS = 200


@dataclass(frozen=True)
class LikelyEntry:
    slug: str
    question: str


@dataclass(frozen=True)
class ShownGroup:
    """A group as its card shows it; `asked` holds each wording once."""

    id: int
    group: Any
    asked: Sequence[str]
    kinds: Sequence[tuple[GapKind, int]]
    likely: Sequence[LikelyEntry]


def count_open(uow: UnitOfWork, who: CurrentOperator) -> int:
    return queries.count(uow.session, GapState.OPEN)


@bp.get("/")
@needs(Permission.EDIT_KNOWLEDGE)
def index() -> ResponseReturnValue:
    state = _wanted_state()
    with unit_of_work() as uow:
        groups = queries.groups(uow.session, state)
        shown = _shown(uow, groups)
        decided_by = {group.decided_by_id for group in groups if group.decided_by_id}
        return render_template(
            "gaps/index.html",
            state=state,
            counts={each: queries.count(uow.session, each) for each in GapState},
            shown=shown,
            examples=EXAMPLES_SHOWN,
            names=operators.names(uow.session, decided_by),
        )


@bp.get("/<int:group_id>")
@needs(Permission.EDIT_KNOWLEDGE)
def group(group_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get(uow.session, group_id)
        [shown] = _shown(uow, [found])
        gaps = queries.questions(uow.session, [group_id])[group_id]
        return render_template(
            "gaps/group.html",
            shown=shown,
            gaps=gaps,
            topics=lists.topic_titles(uow),
            topic=_topic_of(uow, shown.likely),
            names=operators.names(
                uow.session, [found.decided_by_id] if found.decided_by_id else []
            ),
        )


@bp.get("/<int:group_id>/entries")
@needs(Permission.EDIT_KNOWLEDGE)
def entries(group_id: int) -> ResponseReturnValue:
    """Return the entries that hold the words typed into the search box."""
    words = cleaned(request.args.get("words"))
    with unit_of_work() as uow:
        found = knowledge.listed(uow.session, EntryFilter(words=words)) if words else []
        return render_template(
            "gaps/_entries.html",
            group_id=group_id,
            words=words,
            entries=[LikelyEntry(each.slug, each.question) for each in found[:ENTRIES_FOUND]],
        )


@bp.post("/<int:group_id>/assign")
@needs(Permission.EDIT_KNOWLEDGE)
def assign(group_id: int) -> ResponseReturnValue:
    """Send the chosen questions to review as ways of asking for an entry."""
    slug = cleaned(request.form.get("slug"))
    try:
        with unit_of_work() as uow:
            texts = _chosen(uow, group_id)
            change = services.assign_group(uow, group_id, slug, texts, operator_id=operator().id)
            question = change.content.question
    except DomainError as error:
        return _refused(group_id, error)
    notices.tell(f"已把 {len(texts)} 种问法加入“{question}”，提交审核；通过并经模型检验后生效。")
    return redirect(url_for("gaps.index"))


@bp.post("/<int:group_id>/start")
@needs(Permission.EDIT_KNOWLEDGE)
def start(group_id: int) -> ResponseReturnValue:
    """Begin a new entry that these questions ask for, and go on with its answer."""
    try:
        with unit_of_work() as uow:
            texts = _chosen(uow, group_id)
            topics = lists.topic_titles(uow)
            topic = cleaned(request.form.get("topic"))
            topic = topic if topic in topics else next(iter(topics), "other")
            question = texts[0] if texts else ""
            change = services.start_entry(
                uow,
                group_id,
                EntryDraft(
                    slug=free_slug(uow, question),
                    topic=topic,
                    topic_title=topics.get(topic, topic),
                    question=question,
                    variants=texts,
                    answer="",
                    scope=EntryScope.NATIONAL,
                    department_code=own_unit(uow),
                    review_by=uow.today + REVIEW_AFTER,
                ),
                operator_id=operator().id,
            )
    except DomainError as error:
        return _refused(group_id, error)
    notices.tell("已生成新条目的草稿，请补充答案和依据，再提交审核。")
    return redirect(url_for("knowledge.edit", change_id=change.id))


@bp.post("/<int:group_id>/dismiss")
@needs(Permission.EDIT_KNOWLEDGE)
def dismiss(group_id: int) -> ResponseReturnValue:
    reason = cleaned(request.form.get("reason"))[:MAX_REASON_CHARACTERS]
    try:
        with unit_of_work() as uow:
            services.dismiss_group(uow, group_id, reason=reason, operator_id=operator().id)
    except DomainError as error:
        return _refused(group_id, error)
    notices.tell("已忽略；以后同样的问题不再提醒，可在“已忽略”里恢复。")
    return redirect(url_for("gaps.index"))


@bp.post("/<int:group_id>/reopen")
@needs(Permission.EDIT_KNOWLEDGE)
def reopen(group_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            services.reopen_group(uow, group_id, operator_id=operator().id)
    except DomainError as error:
        return _refused(group_id, error)
    return redirect(url_for("gaps.group", group_id=group_id))


def _wanted_state() -> GapState:
    wished = request.args.get("state", "")
    return GapState(wished) if wished in set(GapState) else GapState.OPEN


def _chosen(uow: UnitOfWork, group_id: int) -> list[str]:
    """Return what was ticked and perhaps reworded; without a list, all the group's questions."""
    if "text" in request.form or "chosen" in request.form:
        return [cleaned(text) for text in request.form.getlist("text") if cleaned(text)]
    queries.get(uow.session, group_id)
    return _wordings(queries.questions(uow.session, [group_id])[group_id])


def _wordings(gaps: Sequence[Any]) -> list[str]:
    return unique([str(gap.text) for gap in gaps])


def _refused(group_id: int, error: DomainError) -> ResponseReturnValue:
    notices.tell(words_for(error), level="error")
    return redirect(url_for("gaps.group", group_id=group_id))


def _shown(uow: UnitOfWork, groups: Sequence[Any]) -> list[ShownGroup]:
    ids = [group.id for group in groups]
    questions = queries.questions(uow.session, ids)
    likely = {each: queries.likely_entries(questions[each]) for each in ids}
    slugs = {slug for found in likely.values() for slug in found}
    titles = {entry.slug: entry.question for entry in knowledge.published(uow.session, slugs)}
    shown = []
    for group in groups:
        group_id = group.id
        gaps = questions[group_id]
        kinds = [(kind, sum(gap.kind is kind for gap in gaps)) for kind in GapKind]
        shown.append(
            ShownGroup(
                group_id,
                group,
                _wordings(gaps),
                [(kind, count) for kind, count in kinds if count],
                [LikelyEntry(slug, titles[slug]) for slug in likely[group_id] if slug in titles],
            )
        )
    return shown


def _topic_of(uow: UnitOfWork, likely: Sequence[LikelyEntry]) -> str:
    return knowledge.get(uow.session, likely[0].slug).topic if likely else ""
