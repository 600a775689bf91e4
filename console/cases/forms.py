"""The forms of the case screens: what is typed, as values; the rules are the core's."""

from enum import StrEnum
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from console import wording
from console.context import now
from console.entered import cleaned, row_id
from core.cases.services import submitting
from core.cases.states import CaseClass, CaseKind, CaseSource, Priority, RejectionReason
from core.clock import office_date

MAX_REASON_CHARACTERS = 1_000
MAX_REPLY_CHARACTERS = 4_000
UNFILLED = "【"


def required(what: str) -> DataRequired:
    return DataRequired(wording.field_error("required", what=what))


def chosen(what: str) -> DataRequired:
    return DataRequired(wording.field_error("not_chosen", what=what))


def at_most(characters: int) -> Length:
    return Length(max=characters, message=wording.field_error("too_long", limit=characters))


def choice[Value: StrEnum](field: type[Any], enumeration: type[Value], *, what: str,
                           default: Value | None = None) -> Any:  # fmt: skip
    return field(
        what,
        choices={value.value: wording.label(value) for value in enumeration},
        coerce=lambda value: enumeration(value) if value else None,
        default=default,
        validators=[chosen(what)],
    )


def text(what: str, *validators: Any, area: bool = True) -> Any:
    field = TextAreaField if area else StringField
    return field(what, filters=[cleaned], validators=list(validators))


class StepForm(Form):
    """A step with nothing to fill in, and what all others start from.

    `refusal` is what the core said against it, shown next to the form.
    """

    refusal: str = ""

    class Meta:
        locales = ["zh"]

    @property
    def typed(self) -> str:
        """Return the longest text that was typed: what nobody wants to type again."""
        texts = [field.data for field in self if isinstance(field, TextAreaField) and field.data]
        return max(texts, key=len, default="")


class AcceptForm(StepForm):
    case_class = choice(RadioField, CaseClass, what="分类", default=CaseClass.GENERAL)
    priority = choice(RadioField, Priority, what="紧急程度", default=Priority.NORMAL)
    reason = text("定级理由", at_most(MAX_REASON_CHARACTERS))

    def validate_reason(self, field: Any) -> None:
        """A deadline longer than usual is explained."""
        if self.case_class.data not in {None, CaseClass.GENERAL} and not field.data:
            raise ValidationError(wording.field_error("class_reason"))


class RejectForm(StepForm):
    reason = choice(SelectField, RejectionReason, what="理由")
    explanation = text("告知市民的说明", required("说明"), at_most(MAX_REASON_CHARACTERS))

    def validate_explanation(self, field: Any) -> None:
        if UNFILLED in field.data:
            raise ValidationError(wording.field_error("unfilled"))


class DispatchForm(StepForm):
    department_id = SelectField(
        "承办单位",
        coerce=lambda value: row_id(value) if value else None,
        validators=[chosen("承办单位")],
        validate_choice=False,
    )
    due_on = DateField("单位办理期限", validators=[chosen("单位办理期限")])
    requirements = text("办理要求", required("办理要求"), at_most(MAX_REASON_CHARACTERS))
    is_designated = BooleanField("指定承办")

    def validate_due_on(self, field: Any) -> None:
        if field.data < office_date(now()):
            raise ValidationError(wording.field_error("past_date"))


class ReasonForm(StepForm):
    reason = text("理由", required("理由"), at_most(MAX_REASON_CHARACTERS))


class DraftForm(StepForm):
    text = text("答复内容", required("答复内容"), at_most(MAX_REPLY_CHARACTERS))


class UrgeForm(StepForm):
    text = text("催办内容", required("催办内容"), at_most(MAX_REASON_CHARACTERS))


class CloseForm(StepForm):
    outcome = RadioField(
        "办理结果",
        choices={outcome: outcome for outcome in wording.outcomes()},
        validators=[chosen("办理结果")],
    )
    note = text("说明", Optional(), at_most(MAX_REASON_CHARACTERS))

    @property
    def result(self) -> str:
        return f"{self.outcome.data}：{self.note.data}" if self.note.data else self.outcome.data


# The doors staff open for a citizen; what comes by chat opens in the chat.
STAFF_SOURCES = (
    CaseSource.HOTLINE,
    CaseSource.COUNTER,
    CaseSource.LETTER,
    CaseSource.EMAIL,
    CaseSource.WEB,
    CaseSource.WECHAT,
    CaseSource.WEIBO,
)


class OpeningForm(StepForm):
    form_key = StringField()
    kind = choice(RadioField, CaseKind, what="诉求类型")
    source = RadioField(
        "来源",
        choices={source.value: wording.label(source) for source in STAFF_SOURCES},
        coerce=lambda value: CaseSource(value) if value else None,
        validators=[chosen("来源")],
    )
    title = text("标题", Optional(), at_most(submitting.TITLE_CHARACTERS), area=False)
    content = text("诉求内容", required("诉求内容"), at_most(submitting.MAX_CONTENT_CHARACTERS))
    place = text("地点", Optional(), at_most(200), area=False)
    name = text("姓名", Optional(), at_most(40), area=False)
    phone = text("电话", Optional(), at_most(30), area=False)
