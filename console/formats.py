"""How templates show moments, days and lengths of time."""

from collections.abc import Callable
from datetime import date, datetime

from flask import Flask

from console import context, wording
from core.clock import office_date, office_time
from core.messaging import ChannelName

WEEKDAYS = "一二三四五六日"


def register(app: Flask) -> None:
    filters: dict[str, Callable[..., str]] = {
        "label": wording.label,
        "channel_icon": channel_icon,
        "clock": clock,
        "moment": moment,
        "day": day,
        "day_heading": day_heading,
        "span": span,
        "hours_and_minutes": hours_and_minutes,
        "ago": ago,
        "office_clock": office_clock,
    }
    for name, filter_ in filters.items():
        app.add_template_filter(filter_, name)
    app.add_template_filter(office_date, "office_day")


def channel_icon(channel: ChannelName) -> str:
    """Return the sign of a channel in the icon font."""
    return {ChannelName.WECHAT: "brand-wechat", ChannelName.WEIBO: "brand-weibo"}.get(
        channel, "world"
    )


def clock(at: datetime | None) -> str:
    """Show the time today, the day besides in this year, else the date."""
    if at is None:
        return ""
    wall, today = office_time(at), office_date(context.now())
    if wall.date() == today:
        return f"{wall:%H:%M}"
    if wall.year == today.year:
        return f"{wall:%m-%d %H:%M}"
    return f"{wall:%Y-%m-%d}"


def office_clock(at: datetime) -> str:
    return f"{office_time(at):%H:%M}"


def moment(at: datetime | None) -> str:
    return "" if at is None else f"{office_time(at):%Y-%m-%d %H:%M:%S}"


def day(on: date | None) -> str:
    return "" if on is None else f"{on:%Y-%m-%d}"


def day_heading(on: date) -> str:
    days = (office_date(context.now()) - on).days
    if days in {0, 1}:
        return "今天" if days == 0 else "昨天"
    return f"{on.year}年{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"


def span(seconds: float) -> str:
    """Show a length of time in its two largest units."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}天{hours}小时"
    if hours:
        return f"{hours}小时{minutes}分"
    return f"{minutes}分{rest:02d}秒" if minutes else f"{rest}秒"


def hours_and_minutes(seconds: float) -> str:
    """Show a length of time as a countdown does: the minute that has begun counts."""
    hours, minutes = divmod(max(0, -(-int(seconds) // 60)), 60)
    return f"{hours:02d}:{minutes:02d}"


def ago(at: datetime | None) -> str:
    if at is None:
        return ""
    seconds = (context.now() - at).total_seconds()
    for size, unit in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}前"
    return "刚刚"
