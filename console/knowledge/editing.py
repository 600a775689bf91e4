"""Writing a change down: its page saves itself, warns of near forms, and shows the bubbles."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import notices
from console.context import operator, settings, unit_of_work
from console.entered import cleaned
from console.errors import words_for
from console.guard import needs
from console.knowledge import lists, suggestions
from console.knowledge.forms import REFERENCE_PARTS, REVIEW_AFTER, EntryForm, slug_of
from console.knowledge.previews import previews
from console.knowledge.views import bp
from console.wording import field_error
from core.departments import queries as departments
from core.errors import DomainError
from core.knowledge import queries, services
from core.knowledge.contents import EntryDraft
from core.knowledge.errors import (
    EntryChangedMeanwhile,
    EntryIncomplete,
    NotYourChange,
    SlugInvalid,
    SlugTaken,
)
from core.knowledge.states import ChangeKind, ChangeState, EntryScope
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

MAY_EDIT = {ChangeState.DRAFT, ChangeState.REFUSED}


@bp.post("/<slug>/edit")
@needs(Permission.EDIT_KNOWLEDGE)
def begin(slug: str) -> ResponseReturnValue:
    """Open the own draft of the entry, or begin one from what is live."""
    me = operator().id
    with unit_of_work() as uow:
        own = _own_draft(uow, slug, me)
        if own is None:
            entry = queries.get(uow.session, slug)
            own = services.draft_change(uow, entry.content, author_id=me)
    return redirect(url_for("knowledge.edit", change_id=own.id))


@bp.post("/<slug>/restore")
@needs(Permission.EDIT_KNOWLEDGE)
def restore(slug: str) -> ResponseReturnValue:
    """Begin a draft that says what an earlier version said."""
    wished = request.form.get("version", type=int)
    with unit_of_work() as uow:
        version = next(
            (each for each in queries.history(uow.session, slug) if each.version == wished), None
        )
        if version is None:
            queries.get(uow.session, slug)
            return redirect(url_for("knowledge.history", slug=slug))
        note = f"恢复第 {version.version} 版"
        change = services.draft_change(uow, version.content, author_id=operator().id, note=note)
    notices.tell(f"已按第 {version.version} 版生成草稿，提交审核通过后生效。")
    return redirect(url_for("knowledge.edit", change_id=change.id))


@bp.get("/new")
@needs(Permission.EDIT_KNOWLEDGE)
def new() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return _new_page(uow, {"question": cleaned(request.args.get("question"))[:200]}, {})


@bp.post("/new")
@needs(Permission.EDIT_KNOWLEDGE)
def create() -> ResponseReturnValue:
    """Begin a new entry from its question; the rest is filled in on its page."""
    names = ("question", "topic", "topic_title", "slug")
    typed = {name: cleaned(request.form.get(name)) for name in names}
    errors = {}
    if not typed["question"]:
        errors["question"] = field_error("required", what="标准问法")
    elif len(typed["question"]) > 200:
        errors["question"] = field_error("too_long", limit=200)
    with unit_of_work() as uow:
        topics = lists.topic_titles(uow)
        title = topics.get(typed["topic"], typed["topic_title"][:40])
        if not title:
            errors["topic"] = field_error("not_chosen", what="主题")
        if errors:
            return _new_page(uow, typed, errors), 422
        code = typed["topic"] if typed["topic"] in topics else slug_of(title)
        try:
            change = services.draft_change(
                uow,
                EntryDraft(
                    slug=typed["slug"] or free_slug(uow, typed["question"]),
                    topic=code or "other",
                    topic_title=title,
                    question=typed["question"],
                    variants=[],
                    answer="",
                    scope=EntryScope.NATIONAL,
                    department_code=own_unit(uow),
                    review_by=uow.today + REVIEW_AFTER,
                ),
                author_id=operator().id,
                base_version=0,
            )
        except (SlugTaken, SlugInvalid) as error:
            return _new_page(uow, typed, {"slug": words_for(error)}), 422
    return redirect(url_for("knowledge.edit", change_id=change.id))


@bp.get("/changes/<int:change_id>/edit")
@needs(Permission.EDIT_KNOWLEDGE)
def edit(change_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        change = queries.get_change(uow.session, change_id)
        if change.author_id != operator().id:
            raise NotYourChange(change_id=change_id, operator_id=change.author_id)
        if change.state not in MAY_EDIT or change.kind is not ChangeKind.CONTENT:
            return redirect(url_for("knowledge.change", change_id=change_id))
        form = EntryForm.of(change.content, note=change.note)
        return _editor(uow, change, form)


@bp.post("/changes/<int:change_id>/edit")
@needs(Permission.EDIT_KNOWLEDGE)
def save(change_id: int) -> ResponseReturnValue:
    """Save the draft, and with `then=submit` send it to review."""
    form = EntryForm.read(request.form)
    refused: DomainError | None = None
    is_sent = request.form.get("then") == "submit"
    with unit_of_work() as uow:
        topics = lists.topic_titles(uow)
    content = form.content(topics)
    if content is not None:
        try:
            with unit_of_work() as uow:
                _save(uow, change_id, content, form)
            if is_sent:
                with unit_of_work() as uow:
                    services.submit_change(uow, change_id, author_id=operator().id)
        except EntryIncomplete as error:
            form.mark_missing(str(error.details["missing"]))
        except (SlugTaken, SlugInvalid) as error:
            form.errors["slug"] = words_for(error)
        except NotYourChange:
            raise
        except DomainError as error:
            refused = error
    if content is None or form.errors or refused:
        with unit_of_work() as uow:
            change = queries.get_change(uow.session, change_id)
            if change.author_id != operator().id:
                raise NotYourChange(change_id=change_id, operator_id=change.author_id)
            return _editor(uow, change, form, refused=refused), 409 if refused else 422
    if is_sent:
        notices.tell("已提交，等待另一位同事审核。")
        return redirect(url_for("knowledge.change", change_id=change_id))
    merged = f"已合并 {form.merged} 条重复的问法。" if form.merged else ""
    notices.tell(f"草稿已保存。{merged}")
    return redirect(url_for("knowledge.edit", change_id=change_id))


@bp.post("/changes/<int:change_id>/autosave")
@needs(Permission.EDIT_KNOWLEDGE)
def autosave(change_id: int) -> ResponseReturnValue:
    """Keep what stands in the fields; tell the new revision, or what is in the way."""
    form = EntryForm.read(request.form)
    with unit_of_work() as uow:
        topics = lists.topic_titles(uow)
    content = form.content(topics)
    if content is None:
        return {"errors": form.errors}, 422
    try:
        with unit_of_work() as uow:
            change = _save(uow, change_id, content, form)
            return {"revision": change.revision}
    except (SlugTaken, SlugInvalid) as error:
        return {"errors": {"slug": words_for(error)}}, 422
    except DomainError as error:
        return {"error": words_for(error)}, 409


@bp.post("/changes/<int:change_id>/rebase")
@needs(Permission.EDIT_KNOWLEDGE)
def rebase(change_id: int) -> ResponseReturnValue:
    """Go on from the version that became live meanwhile, with what the draft says."""
    with unit_of_work() as uow:
        change = queries.get_change(uow.session, change_id)
        entry = queries.find(uow.session, change.slug)
        services.save_draft(
            uow,
            change_id,
            change.content,
            author_id=operator().id,
            revision=change.revision,
            note=change.note,
            base_version=0 if entry is None else entry.version,
        )
    notices.tell("已改为在最新版本上修改，请对照差异核对后再提交。")
    return redirect(url_for("knowledge.change", change_id=change_id))


@bp.post("/preview")
@needs(Permission.EDIT_KNOWLEDGE)
def preview() -> ResponseReturnValue:
    form = EntryForm.read(request.form)
    with unit_of_work() as uow:
        content = form.content(lists.topic_titles(uow))
    shown = [] if content is None or not content.answer else bubbles_of(content)
    return render_template("knowledge/_preview.html", previews=shown, is_blank=not shown)


def bubbles_of(content: EntryDraft) -> list[Any]:
    return list(
        previews(
            content,
            wechat_limit_bytes=settings().text_limit_bytes,
            weibo_limit_characters=settings().weibo_text_limit_characters,
        )
    )


def _save(uow: UnitOfWork, change_id: int, content: EntryDraft, form: EntryForm) -> Any:
    change = queries.get_change(uow.session, change_id)
    revision = request.form.get("revision", type=int)
    note = form.values["note"]
    is_same = change.content.as_json() == content.as_json() and change.note == note
    if is_same and change.state is ChangeState.DRAFT and change.author_id == operator().id:
        return change  # nothing was typed since
    return services.save_draft(
        uow,
        change_id,
        content,
        author_id=operator().id,
        revision=-1 if revision is None else revision,
        note=note,
    )


def _editor(
    uow: UnitOfWork, change: Any, form: EntryForm, *, refused: DomainError | None = None
) -> str:
    entry = queries.find(uow.session, change.slug)
    others = [
        each for each in queries.open_changes(uow.session, slug=change.slug) if each.id != change.id
    ]
    live_version = 0 if entry is None else entry.version
    variants = form.values["variants"].splitlines()
    topics = lists.topic_titles(uow)
    if form.values["topic"] in topics:
        form.values["topic_title"] = ""  # the field is for a new one
    return render_template(
        "knowledge/editor.html",
        change=change,
        entry=entry,
        form=form,
        refused=words_for(refused) if refused else "",
        is_outdated=change.base_version != live_version
        or isinstance(refused, EntryChangedMeanwhile),
        others=others,
        names=operators.names(uow.session, {each.author_id for each in others}),
        reviewer=operators.names(uow.session, [change.reviewer_id] if change.reviewer_id else []),
        topics=topics,
        branches=departments.tree(uow.session),
        scopes=list(EntryScope),
        reference_parts=REFERENCE_PARTS,
        blank=dict.fromkeys(REFERENCE_PARTS, ""),
        clashes=suggestions.clashes(uow, [form.values["question"], *variants], slug=change.slug),
        previews=bubbles_of(change.content) if change.content.answer else [],
    )


def _new_page(uow: UnitOfWork, typed: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "knowledge/new.html", typed=typed, errors=errors, topics=lists.topic_titles(uow)
    )


def _own_draft(uow: UnitOfWork, slug: str, author_id: int) -> Any:
    own = queries.open_changes(uow.session, slug=slug, author_id=author_id)
    return next(
        (each for each in own if each.state in MAY_EDIT and each.kind is ChangeKind.CONTENT), None
    )


def own_unit(uow: UnitOfWork) -> str:
    return departments.get(uow.session, operator().department_id).code


def free_slug(uow: UnitOfWork, question: str) -> str:
    taken = {change.slug for change in queries.open_changes(uow.session)}
    wished = slug_of(question) or "entry"
    slug, number = wished, 1
    while slug in taken or queries.find(uow.session, slug) is not None:
        number += 1
        slug = f"{wished}_{number}"
    return slug
