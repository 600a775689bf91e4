"""What the bot does for citizens: answers, cases, handing over to people."""
