"""What a citizen's words mean while a case is being filled in.

Plain rules without Rasa or database: in go the words and what is known so far, out
comes what was learnt from them, or that they are not an answer at all.
"""

from actions.case_form.heard import Heard, Learnt
from actions.case_form.listening import listen
from actions.case_form.recognising import kind_named, masked_phone

__all__ = ["Heard", "Learnt", "kind_named", "listen", "masked_phone"]
