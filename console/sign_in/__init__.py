"""Coming in and going out: sign-in, sign-out, duty."""

from console.sections import Section
from console.sign_in.views import bp

section = Section(bp)
