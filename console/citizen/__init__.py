"""The pages citizens open on their phones: the way in, and how their case stands."""

from console.citizen.views import bp
from console.sections import Section

section = Section(bp)
