"""Between the platforms and Rasa: webhooks, the turn worker, delivery."""
