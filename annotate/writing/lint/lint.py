"""All remarks on one caption, made anew at every key: each check is a plain function beside this module."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from annotate.pictures.colours import Palette
from annotate.writing.lint import claims, reading, shape, spelling
from annotate.writing.lint.corpus import Corpus
from annotate.writing.lint.remark import Remark, in_order
from curator.audit.doubts import accepted
from curator.config import Config
from curator.console import plain


@dataclass(frozen=True)
class Facts:
    """What is known of the picture that a text is written for, and of who writes."""

    image: str
    member: str
    slot: int = 0
    subject: str | None = None
    palette: Palette | None = None
    """The picture's colours, or None while they are not known."""


class Lint:
    """Judges texts by the settings of a workspace and by what the set holds already."""

    def __init__(
        self,
        config: Config,
        corpus: Corpus,
        names: Iterable[str] = (),
        name_of: Callable[[str], str] = lambda image: image[:12],
    ) -> None:
        """`names` are those of subjects and members, which the spelling check accepts; `name_of` names an image."""
        self._audit, self._captioning = config.audit, config.captioning
        self._corpus, self._name_of = corpus, name_of
        places = config.audit.places
        own = [*config.audit.words, *places, *(term for terms in places.values() for term in terms), *names]
        own += [text for name, choices in config.attributes.items() for text in (name, *choices)]
        self._accepted = accepted(own)
        self._forbidden = spelling.as_terms(config.captioning.forbidden)

    def warm(self) -> None:
        """Load the dictionary and the vocabularies: a second, once a process. For a thread of its own."""
        self.check("a warm borwn dgo on teh graass", Facts("", ""))

    def check(self, text: str, facts: Facts, typing: int | None = None) -> list[Remark]:
        """All remarks on a text, the gravest first; the word that ends at the cursor `typing` is not judged yet."""
        wanted = self._captioning
        found = shape.length(text, self._audit.min_words, wanted.max_words)
        found += spelling.forbidden(text, self._forbidden)
        found += spelling.misspelt(text, self._accepted, self._corpus.shared, typing)
        found += spelling.subject(text, facts.subject) if wanted.require_subject else []
        found += reading.tokens(text)
        found += self._copy(text, facts)
        found += claims.colours(text, facts.palette)
        found += shape.hidden(text) + shape.blanks(text) + shape.form(text)
        return in_order(found)

    def _copy(self, text: str, facts: Facts) -> list[Remark]:
        like = self._corpus.copies.like(text, facts.image, facts.member, facts.slot)
        if like is None:
            return []
        other = like.wording
        same_picture = other.image == facts.image
        whose = f"caption {other.slot + 1}" if same_picture else plain(self._name_of(other.image))
        if like.score == 100:
            return [Remark("copy", "warning", f"the same as {whose}: say what differs")]
        return [Remark("near-copy", "hint", f"nearly the same as {whose} ({like.score:.0f} % alike)")]
