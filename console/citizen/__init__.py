"""The pages citizens open on their phones: the way in, and how their case stands."""

from console.citizen import chat as chat  # their routes
from console.citizen import entering as entering
from console.citizen import linking as linking
from console.citizen import message_form as message_form
from console.citizen import mine as mine
from console.citizen import notices as notices
from console.citizen.views import bp
from console.sections import Section

section = Section(bp)
