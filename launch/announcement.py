"""What `make run` prints when the desk is up."""

from launch.seeding import accounts
from launch.supervisor import Desk
from launch.terminal import say

# A Chinese character is two columns wide at a terminal.
TITLE_COLUMNS = 18


def announce(desk: Desk) -> None:
    is_demo = "simulator" in desk.programs
    say()
    if is_demo:
        say_row("微信模拟器", f"{desk.url('simulator')}/")
        say_row("微博模拟器", f"{desk.url('simulator')}/weibo")
    say_row("工作台", f"{desk.url('console')}/")
    say_row("市民网页", f"{desk.settings.public_url}/c/")
    if is_demo:
        say()
        say(f"  演示账号（密码均为 {desk.settings.demo_password.get_secret_value()}）")
        for account in accounts.shown():
            say_row(account.role, f"{account.login:<14}{account.name} · {account.unit}")
    say()
    say_row("日志", str(desk.folder / "logs"))
    say("  按 Ctrl-C 停止全部程序，数据会保留。")
    say("ready")


def say_row(title: str, text: str) -> None:
    say(f"  {title}{' ' * (TITLE_COLUMNS - 2 * len(title))}{text}")
