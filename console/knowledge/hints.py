"""What an editor is told about a line while it is typed."""

from typing import cast

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from console.context import settings, unit_of_work
from console.entered import cleaned
from console.guard import needs
from console.knowledge import suggestions
from console.knowledge.understanding import Model
from console.knowledge.views import bp
from core.knowledge import queries
from core.operators.permissions import Permission


@bp.post("/near")
@needs(Permission.EDIT_KNOWLEDGE)
def near() -> ResponseReturnValue:
    """Show what is near the line that is being typed."""
    text = cleaned(request.form.get("line"))[:200]
    with unit_of_work() as uow:
        others, own = suggestions.near(
            uow,
            text,
            slug=request.form.get("slug", ""),
            change_id=request.form.get("change_id", type=int),
        )
    return render_template("knowledge/_near.html", line=text, others=others, own=own)


@bp.post("/understood")
@needs(Permission.EDIT_KNOWLEDGE)
def understood() -> ResponseReturnValue:
    """Show what the live model makes of the line; the page does without when it is away."""
    text = cleaned(request.form.get("line"))[:200]
    made = model().understand(text) if text else None
    slugs = (
        [guess.slug for guess in made.guesses] + [each.slug for each in made.nearest]
        if made
        else []
    )
    with unit_of_work() as uow:
        questions = {entry.slug: entry.question for entry in queries.published(uow.session, slugs)}
    return render_template(
        "knowledge/_understood.html",
        line=text,
        made=made,
        questions=questions,
        slug=request.form.get("slug", ""),
    )


def model() -> Model:
    """Return the client of this process."""
    if "knowledge_model" not in current_app.extensions:
        current_app.extensions["knowledge_model"] = Model(
            settings().rasa_url, settings().rasa_token.get_secret_value()
        )
    return cast(Model, current_app.extensions["knowledge_model"])
