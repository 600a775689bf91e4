"""Conversations: what citizens and the desk say to each other, and who is speaking."""
