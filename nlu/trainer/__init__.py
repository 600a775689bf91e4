"""Trains, measures and keeps the models of the desk's own questions, beside the Rasa server."""
