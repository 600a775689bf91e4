"""What `make run` prints when the desk is up."""

from launch.supervisor import Desk
from launch.terminal import say


def announce(desk: Desk) -> None:
    lines = [f"工作台      {desk.url('console')}/", f"市民页面    {desk.settings.public_url}/m/"]
    if "simulator" in desk.programs:
        lines.insert(0, f"微信模拟器  {desk.url('simulator')}/")
    say()
    for line in lines:
        say(f"  {line}")
    say()
    say(f"  日志        {desk.folder / 'logs'}")
    say("  按 Ctrl-C 停止全部程序，数据会保留。")
    say("ready")
