"""The strings behind the stage: for tests, journeys, load and the chat page."""
