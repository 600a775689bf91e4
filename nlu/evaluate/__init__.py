"""How well citizens are understood, measured beside what else could be used."""
