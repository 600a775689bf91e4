"""Knowledge: what the office answers, what it rests on, and until when it holds."""
