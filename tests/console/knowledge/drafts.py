"""What the editor's page would send."""

from core.bootstrap import Core
from core.knowledge import queries


def change_of(core: Core, editor):
    with core.unit_of_work() as uow:
        [change] = queries.open_changes(uow.session, author_id=editor.id)
        return change


def fields(change, **changed):
    """Return the form as the page would send it, with what is given changed."""
    content = change.content
    return {
        "revision": change.revision,
        "question": content.question,
        "variants": "\n".join(content.variants),
        "answer": content.answer,
        "steps": "\n".join(content.steps),
        "topic": content.topic,
        "scope": content.scope.value,
        "department_code": content.department_code,
        "review_by": content.review_by.isoformat(),
        "slug": content.slug,
        "reference_document": [each.document for each in content.references],
        "reference_document_no": ["" for _ in content.references],
        "reference_article": [each.article or "" for each in content.references],
        "reference_effective_on": [str(each.effective_on or "") for each in content.references],
        "reference_repealed_on": ["" for _ in content.references],
        "reference_successor": ["" for _ in content.references],
    } | changed
