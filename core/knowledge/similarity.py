"""Which question forms are near each other, by their characters and by how they sound."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex
from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

# From here on a form may be shown beside another; from there on a person should look at both.
WORTH_A_LOOK = 0.7
NEAR = 0.8

_SIGNS = regex.compile(r"[\p{P}\p{S}\p{Z}\p{C}]+")
# Each syllable becomes one character, so that likeness counts syllables and not letters.
_FIRST_SYLLABLE = 0xF0000  # private use
_syllables: dict[str, str] = {}


@dataclass(frozen=True)
class Form:
    """One way of asking; `change_id` where it is proposed and not yet live."""

    slug: str
    question: str
    text: str
    change_id: int | None = None


@dataclass(frozen=True)
class NearForm:
    form: Form
    likeness: float
    is_same: bool


class FormIndex:
    """All question forms, to be asked which of them are near a new one."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms = [form for form in forms if normalised(form.text)]
        self._texts = [normalised(form.text) for form in self._forms]
        self._sounds = [sound_of(text) for text in self._texts]

    def __len__(self) -> int:
        return len(self._forms)

    def near(self, text: str, *, limit: int = 6, least: float = WORTH_A_LOOK) -> list[NearForm]:
        """Return the nearest forms, the likeliest first, each text of an entry once."""
        key = normalised(text)
        if not key:
            return []
        likeness = _best_of(key, self._texts, least=least)
        for place, score in _best_of(sound_of(key), self._sounds, least=least).items():
            # What only sounds the same is a little less alike than what is written the same.
            likeness[place] = max(likeness.get(place, 0.0), score * 0.98)
        found: dict[tuple[str, str], NearForm] = {}
        for place, score in sorted(likeness.items(), key=lambda item: (-item[1], item[0])):
            form = self._forms[place]
            near = NearForm(form, round(score, 3), is_same=self._texts[place] == key)
            found.setdefault((form.slug, self._texts[place]), near)
            if len(found) == limit:
                break
        return list(found.values())


def normalised(text: str) -> str:
    """Return what counts of a form: no signs, no spaces, one width, small letters."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).lower()


def unique(forms: Sequence[str]) -> list[str]:
    """Return the forms, each once; of two that differ in signs only, the first stays."""
    first = {normalised(form): form for form in reversed(forms) if normalised(form)}
    return [form for form in dict.fromkeys(forms) if first.get(normalised(form)) == form]


@lru_cache(maxsize=50_000)
def sound_of(text: str) -> str:
    return "".join(
        _syllables.setdefault(syllable, chr(_FIRST_SYLLABLE + len(_syllables)))
        for syllable in lazy_pinyin(list(text))
    )


def _best_of(key: str, texts: Sequence[str], *, least: float) -> dict[int, float]:
    found = process.extract(key, texts, scorer=fuzz.ratio, score_cutoff=least * 100, limit=20)
    return {place: score / 100 for _, score, place in found}
