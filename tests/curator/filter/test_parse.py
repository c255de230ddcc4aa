"""The text of a filter and its tree, in both directions, and what is said where the text makes no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.errors import InputError
from curator.filter import FIELDS, parse
from curator.filter.fields import STATES
from curator.filter.parse import DEEPEST, LONGEST
from curator.filter.tree import (
    All,
    Ask,
    Expression,
    Glob,
    Not,
    Nothing,
    Some,
    Span,
    State,
    Switch,
    write,
)

ATTRIBUTES = {"pose": ("sitting", "standing"), "tags": ()}


def word(text, field="caption"):
    return Ask(field, Glob(tuple(text.split("*"))))


A, B, C = word("a"), word("b"), word("c")
MEANT = {
    "": All(()),
    "  ": All(()),
    "dog": word("dog"),
    "a b": All((A, B)),
    "a and b": All((A, B)),
    "a AND b c": All((A, B, C)),
    "a or b": Some((A, B)),
    "a b or c": Some((All((A, B)), C)),
    "a (b or c)": All((A, Some((B, C)))),
    "(a b) c": All((A, B, C)),
    "(a or b) or c": Some((A, B, C)),
    "((a))": A,
    "not a": Not(A),
    "-a": Not(A),
    "-(a b)": Not(All((A, B))),
    "not not a": Not(Not(A)),
    "a -b or c": Some((All((A, Not(B))), C)),
    '"a b"': Ask("caption", Glob(("a b",))),
    '"and"': word("and"),
    "android": word("android"),
    "golden-retriever": word("golden-retriever"),
    "dog*": word("dog*"),
    "**": word("*"),
    r"5\*": Ask("caption", Glob(("5*",))),
    r'"a \"b\" *"': Ask("caption", Glob(('a "b" ', ""))),
    r"\(a\)": Ask("caption", Glob(("(a)",))),
    "10:30": word("10:30"),
    "caption:dog": word("dog"),
    "caption:and": word("and"),
    "Caption:dog": word("dog"),
    "caption:none": Ask("caption", Nothing()),
    "none": word("none"),
    'subject:"none"': word("none", "subject"),
    "subject:NONE": word("NONE", "subject"),
    "subject:none": Ask("subject", Nothing()),
    "name:none": word("none", "name"),
    "owner:ada(b)": All((word("ada", "owner"), B)),
    "name:a/b*.jpg": word("a/b*.jpg", "name"),
    "re:/a b/": Ask("caption", Expression("a b")),
    r"name:re:/^a\/b\.(c|d)/": Ask("name", Expression(r"^a/b\.(c|d)")),
    "words:4": Ask("words", Span(4, 4)),
    "words:=4": Ask("words", Span(4, 4)),
    "words:>4": Ask("words", Span(4, None, above=True)),
    "words:>=4": Ask("words", Span(4, None)),
    "words:<4": Ask("words", Span(None, 4, below=True)),
    "words:<=4": Ask("words", Span(None, 4)),
    "words:2..4": Ask("words", Span(2, 4)),
    "words:2..": Ask("words", Span(2, None)),
    "words:..4": Ask("words", Span(None, 4)),
    "ratio:1.5..1.75": Ask("ratio", Span(1.5, 1.75)),
    "rating:none": Ask("rating", Nothing()),
    "draft:yes": Ask("draft", Switch(True)),
    "draft:No": Ask("draft", Switch(False)),
    "state:open": Ask("state", State("open", None)),
    "state:Open@ben": Ask("state", State("open", "ben")),
    "state:open@*": Ask("state", State("open", "*")),
    "split:Test": word("Test", "split"),
    "pose:sitting": word("sitting", "pose"),
    "pose:s*": word("s*", "pose"),
    "tags:anything": word("anything", "tags"),
}


@pytest.mark.parametrize("text", MEANT)
def test_what_a_text_means(text):
    assert parse(text, ATTRIBUTES).tree == MEANT[text]


WRONG = {
    "(a": (0, "never closed"),
    "a)": (1, "never opened"),
    "()": (1, "missing before this parenthesis"),
    "a or": (4, "missing here"),
    "or a": (0, "none before it"),
    "a or or b": (5, "none before it"),
    "a (and b)": (3, "none before it"),
    "not": (3, "missing here"),
    "a - b": (3, "at once"),
    "-": (1, "at once"),
    '"a': (0, "never closed"),
    '""': (0, "nothing to look for"),
    '" "': (0, "nothing to look for"),
    "a\\": (1, "missing"),
    "re:/a": (0, "never closed"),
    "re:/(a/": (0, "no regular expression"),
    "re:/a/b": (6, "a blank is missing"),
    "captoin:a": (0, "no field 'captoin'"),
    "a tokns:4": (2, "no field 'tokns'"),
    "caption:": (8, "a value is missing"),
    "caption: a": (8, "a value is missing"),
    "words:many": (6, "no number"),
    "words:>": (6, "no number"),
    "words:..": (6, "no number"),
    "words:-4": (6, "no number"),
    "words:nan": (6, "no number"),
    "words:4..2": (6, "no number lies in"),
    'words:"4"': (6, "no number"),
    "words:1111111111111111": (6, "digits"),
    "draft:maybe": (6, "yes or no"),
    "state:done": (6, "never 'done'"),
    "state:open@": (6, "a member is missing"),
    "split:tset": (6, "never 'tset'"),
    "pose:siting": (5, "never 'siting'"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_makes_no_sense(text):
    at, said = WRONG[text]
    with pytest.raises(InputError) as caught:
        parse(text, ATTRIBUTES)
    first, shown, carets = caught.value.message.split("\n")
    assert said in first
    assert f"character {at + 1}:" in first
    assert shown == f"    {text}"
    assert carets.index("^") == 4 + at
    assert len(carets) <= 4 + max(len(text), at + 1)


@pytest.mark.parametrize(
    ("text", "near"),
    [("captoin:a", "'caption'"), ("auhtor:a", "'author'"), ("pse:a", "'pose'"), ("pose:siting", "'sitting'"),
     ("split:tset", "'test'"), ("words:4..2", "2..4")],
)  # fmt: skip
def test_the_nearest_known_name_is_offered(text, near):
    with pytest.raises(InputError) as caught:
        parse(text, ATTRIBUTES)
    assert near in caught.value.hint


def test_the_caret_stands_below_the_place_also_where_letters_are_wide():
    with pytest.raises(InputError) as caught:
        parse("猫猫 x:1")
    assert caught.value.message.split("\n")[2] == "         ^"


def test_of_a_long_text_the_part_around_the_place_is_shown():
    with pytest.raises(InputError) as caught:
        parse("a " * 500 + "nofield:1 " + "b " * 500)
    shown, carets = caught.value.message.split("\n")[1:]
    assert len(shown) < 160
    assert shown[carets.index("^") :].startswith("nofield:1")


@pytest.mark.parametrize(
    "text",
    ["(" * 5000, "-" * 3000, "not " * 900, "a" * (LONGEST + 1), "(" * (DEEPEST + 2) + "a" + ")" * (DEEPEST + 2)],
    ids=["parentheses", "dashes", "nots", "long", "deep"],
)
def test_what_is_too_large_is_refused_and_not_tried(text):
    with pytest.raises(InputError):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_an_input_error(text):
    try:
        tree = parse(text, ATTRIBUTES).tree
    except InputError:
        return
    assert parse(write(tree), ATTRIBUTES).tree == tree


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
ends = st.one_of(st.just(""), texts)
with_gaps = st.builds(lambda first, inner, last: (first, *inner, last), ends, st.lists(texts, max_size=2), ends)
globs = st.one_of(texts.filter(str.strip).map(lambda text: (text,)), with_gaps).map(Glob)
numbers = st.one_of(st.integers(0, 10**6).map(float), st.floats(0, 1000).filter(lambda value: len(f"{value:f}") < 15))
numbers = numbers.map(lambda value: round(value, 4))
spans = st.one_of(
    st.tuples(numbers, numbers).map(lambda pair: Span(min(pair), max(pair))),
    st.builds(lambda low, above: Span(low, None, above=above), numbers, st.booleans()),
    st.builds(lambda high, below: Span(None, high, below=below), numbers, st.booleans()),
)
expressions = st.sampled_from(["a/b", r"\d+\.", "(x|y)*", r"a\\b", r'" \)', r"\\"]).map(Expression)
names = st.from_regex(r"[a-z]{1,5}|\*", fullmatch=True)
STRATEGIES = {
    "words": st.one_of(globs, expressions),
    "name": st.one_of(globs, expressions),
    "number": spans,
    "switch": st.booleans().map(Switch),
    "state": st.builds(State, st.sampled_from(STATES), st.one_of(st.none(), names)),
}


@st.composite
def asked(draw):
    field = draw(st.sampled_from(FIELDS))
    if field.optional and draw(st.booleans()):
        return Ask(field.name, Nothing())
    choice = st.sampled_from(field.choices).map(lambda name: Glob((name,))) if field.choices else STRATEGIES[field.kind]
    return Ask(field.name, draw(choice))


def joined(nodes):
    def flat(kind):
        inner = nodes.filter(lambda node: not isinstance(node, kind))
        return st.lists(inner, min_size=2, max_size=3).map(tuple).map(kind)

    return st.one_of(nodes.map(Not), flat(All), flat(Some))


trees = st.one_of(st.just(All(())), st.recursive(asked(), joined, max_leaves=8))


@given(trees)
def test_a_tree_is_written_so_that_it_is_read_again(tree):
    assert parse(write(tree)).tree == tree
