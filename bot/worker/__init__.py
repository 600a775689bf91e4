"""The worker: answers messages through the bot, delivers what is owed, mends what broke."""
