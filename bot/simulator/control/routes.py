"""The control API of WeChat: /control/…, JSON in and out."""

from starlette.routing import Route

from bot.simulator.control import citizens, platform, shared
from bot.simulator.control.doors import Handler, routes_for
from bot.simulator.wechat import SimulatedWeChat

TABLE: tuple[tuple[str, str, Handler[SimulatedWeChat]], ...] = (
    ("GET", "/control/citizens", shared.known),
    ("POST", "/control/citizens", shared.create),
    ("POST", "/control/pictures", shared.store_picture),
    ("POST", "/control/videos", citizens.store_video),
    ("POST", "/control/say", citizens.say),
    ("POST", "/control/ask", shared.ask),
    ("POST", "/control/follow", citizens.follow),
    ("POST", "/control/unfollow", citizens.unfollow),
    ("POST", "/control/click", citizens.click),
    ("POST", "/control/tap", citizens.tap),
    ("POST", "/control/burst", shared.burst),
    ("GET", "/control/transcript", shared.transcript),
    ("POST", "/control/consent", citizens.consent),
    ("POST", "/control/revoke", citizens.revoke),
    ("POST", "/control/windows/close", citizens.close_windows),
    ("GET", "/control/quota", citizens.quota),
    ("GET", "/control/stats", platform.stats),
    ("GET", "/control/pushes", shared.pushes),
    ("GET", "/control/pushes/{push_id}", shared.push),
    ("GET", "/control/calls", shared.calls),
    ("GET", "/control/faults", shared.faults),
    ("POST", "/control/faults", shared.switch_faults),
    ("GET", "/control/accounts", platform.accounts),
    ("POST", "/control/accounts", platform.change_account),
    ("POST", "/control/verify", shared.verify),
    ("POST", "/control/tokens/revoke", platform.revoke_tokens),
    ("POST", "/control/reset", shared.reset),
)


def control_routes(wechat: SimulatedWeChat) -> list[Route]:
    return routes_for(wechat, TABLE)
