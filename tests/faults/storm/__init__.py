"""The fault run: many citizens, a platform that fails in every way it can, processes killed.

What became of every message is told from both ends: by the citizens' phones and by the database.
"""
