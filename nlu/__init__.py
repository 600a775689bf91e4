"""What the Rasa server loads. Runs on Python 3.10 in Rasa's own environment."""
