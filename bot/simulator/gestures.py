"""What a thumb does: tapping, clicking the menu, scanning, taking a picture, speaking."""

from bot.simulator import payloads
from bot.simulator.markup import Tap
from bot.simulator.media import sample_picture, sample_video, silent_recording
from bot.simulator.payloads import Payload
from bot.simulator.quota import Trigger
from bot.simulator.transcripts import Entry
from bot.simulator.wechat import SimulatedWeChat


class NothingToTap(LookupError):
    """The message holds no such link or menu entry."""


def follow(*, scene: str = "") -> Payload:
    return payloads.subscribe(scene=scene, ticket=_ticket(scene))


def scan(wechat: SimulatedWeChat, openid: str, scene: str) -> Payload:
    """Scan a QR code with parameters; a newcomer becomes a follower by it."""
    if wechat.citizen(openid).is_following:
        return payloads.scan(scene, _ticket(scene))
    return follow(scene=scene)


def click(wechat: SimulatedWeChat, openid: str, *, key: str = "", url: str = "") -> Payload:
    """Press a menu button, whether or not the menu still has it."""
    citizen = wechat.citizen(openid)
    menu = wechat.account(citizen.account_key).menu_for(citizen.tag_ids)
    button = menu.find(key=key, url=url)
    name = button.name if button else key or url
    return payloads.view(url, name) if url else payloads.click(key, name)


def speak(wechat: SimulatedWeChat, *, recognition: str | None, seconds: int = 3) -> Payload:
    media = wechat.media.add_recording(silent_recording(seconds), wechat.now())
    return payloads.voice(media.media_id, recognition=recognition, seconds=seconds)


def film(wechat: SimulatedWeChat, media_id: str = "") -> Payload:
    """Send a stored video, or the sample video when none is named."""
    if not media_id:
        media_id = wechat.media.add_video(sample_video(), wechat.now()).media_id
    wechat.media.get(media_id, wechat.now())
    thumbnail = wechat.media.add_image(sample_picture(), wechat.now())
    return payloads.video(media_id, thumbnail.media_id)


def photograph(wechat: SimulatedWeChat, media_id: str = "") -> Payload:
    """Send a stored picture, or the sample picture when none is named."""
    if not media_id:
        media_id = wechat.media.add_image(sample_picture(), wechat.now()).media_id
    wechat.media.get(media_id, wechat.now())
    return payloads.image(wechat.picture_address(media_id), media_id)


def tap(
    wechat: SimulatedWeChat, openid: str, *, seq: int | None = None, choice: str | int = 0
) -> Payload:
    """Tap a link or menu entry, named by its place, its words or what it says.

    Without `seq` the newest message that has anything to tap is meant.
    """
    message = _message_with_taps(wechat, openid, seq)
    offered = message.taps()
    if isinstance(choice, int):
        chosen = offered[choice][1] if 0 <= choice < len(offered) else None
    else:
        chosen = next((tap for words, tap in offered if choice in {words, tap.content}), None)
    if chosen is None:
        raise NothingToTap(openid)
    return _tapped(wechat, openid, chosen, is_menu=message.kind == "msgmenu")


def _message_with_taps(wechat: SimulatedWeChat, openid: str, seq: int | None) -> Entry:
    for entry in reversed(wechat.transcripts.of(openid)):
        if entry.is_answer and seq in {None, entry.seq} and entry.taps():
            return entry
    raise NothingToTap(openid)


def _tapped(wechat: SimulatedWeChat, openid: str, tap: Tap, *, is_menu: bool) -> Payload:
    is_click = is_menu or wechat.options.text_links_count_as_menu_clicks
    trigger = Trigger.MENU_CLICK if is_click else Trigger.MESSAGE
    # The server of a test account is not told which entry was tapped.
    is_told = not wechat.account(wechat.citizen(openid).account_key).is_test_account
    return payloads.text(tap.content, menu_id=tap.menu_id if is_told else "", trigger=trigger)


def _ticket(scene: str) -> str:
    return f"ticket_{scene}" if scene else ""
