from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.memory import LONGEST, TURNS_KEPT, shortened


def turn(number):
    return [
        UserUttered(f"问{number}", {"name": "faq"}, timestamp=number),
        ActionExecuted("action_answer_question", timestamp=number),
        SlotSet("last_question", f"q{number}", timestamp=number),
        BotUttered(f"答{number}", timestamp=number),
        ActionExecuted("action_listen", timestamp=number),
    ]


def turns(count):
    return [event for number in range(count) for event in turn(number)]


def texts(events):
    return [event.text for event in events if isinstance(event, UserUttered)]


def test_a_short_conversation_is_kept_as_it_is():
    events = turns(5)

    assert shortened(events) == events


def test_of_a_long_one_the_last_turns_are_kept_as_a_session():
    kept = shortened(turns(40))

    assert len(kept) < LONGEST
    assert texts(kept) == [f"问{number}" for number in range(40 - TURNS_KEPT, 40)]
    assert isinstance(kept[1], SessionStarted)


def test_what_was_remembered_before_the_cut_is_still_known():
    kept = shortened([SlotSet("case_number", "WZ1"), *turns(40)])

    tracker = DialogueStateTracker.from_events("7", kept)
    remembered = {event.key: event.value for event in tracker.events if isinstance(event, SlotSet)}

    assert remembered["case_number"] == "WZ1"
    assert remembered["last_question"] == "q39"


def test_a_form_is_never_cut():
    form = [
        *turns(3),
        UserUttered("投诉", {"name": "open_case"}),
        ActiveLoop("case_form"),
        *turns(30),
    ]

    kept = shortened(form)

    assert any(isinstance(event, ActiveLoop) for event in kept)
    assert texts(kept)[0] in {"投诉", "问0", "问1", "问2"}
    assert "投诉" in texts(kept)


def test_a_form_that_is_over_may_be_cut_away():
    over = [ActiveLoop("case_form"), *turns(3), ActiveLoop(None), *turns(40)]

    assert not any(isinstance(event, ActiveLoop) for event in shortened(over))
