"""What citizens send beside words: pictures, recordings, videos, kept under their hash."""
