"""curator.toml of a pack's workspace says what the rules say, whatever characters they hold."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from annotate.pack.form import Rules
from annotate.pack.settings import to_toml
from curator.config import AuditSettings, CaptioningSettings, Config

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WORDS = st.lists(TEXT, max_size=3).map(tuple)
NAME = st.from_regex(r"[A-Za-z][\w-]{0,5}", fullmatch=True).filter(lambda name: name not in ("rating", "flag", "note"))


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    words=WORDS,
    forbidden=WORDS,
    attributes=st.dictionaries(NAME, WORDS, max_size=3),
    places=st.dictionaries(TEXT, WORDS, max_size=3),
    limit=st.integers(0, 99),
)
def test_the_rules_come_back(name, words, forbidden, attributes, places, limit):
    rules = Rules(
        captioning=CaptioningSettings(forbidden=forbidden, max_words=limit, guide="../elsewhere"),
        attributes=attributes,
        audit=AuditSettings(words=words, places=places),
    )
    config = Config.model_validate(tomllib.loads(to_toml(name, rules)))
    assert config.captioning == rules.captioning.model_copy(update={"guide": "GUIDE.md"})
    assert (config.name, config.attributes, config.audit) == (name, attributes, rules.audit)
    assert config.store.url == "sqlite:///curator.db"
