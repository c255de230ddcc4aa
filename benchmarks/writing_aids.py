"""How long the writing aids take at each key, and how often the hint about colours is wrong.

    python -P benchmarks/writing_aids.py --captions 100000 --json
    python -P benchmarks/writing_aids.py --pictures FOLDER      (images/*.jpg and captions/*.txt in it; and OpenMoji)

`-P` keeps benchmarks/annotate.py from hiding the package. Times are processor time of this machine.
A hint about a colour that a person's caption names is counted as doubted, and most likely wrong; one about a colour
put in the place of a named one is most likely right, though a picture may show that one too.
"""

import argparse
import io
import json
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from annotate.pictures.colours import REGIONS, WORDS, Palette, palette, share
from annotate.writing.lint.claims import LEAST, colours
from annotate.writing.lint.corpus import Corpus
from annotate.writing.lint.lint import Facts, Lint
from annotate.writing.vocabulary import Vocabulary
from annotate.writing.wordings import Wording
from curator.audit.dictionary import is_known
from curator.audit.words import words
from curator.config import Config

TYPED_WORDS = 60
SLIPS = {5: "brwon", 20: "xqztlw", 30: "grene", 45: "slaeping"}
VOCABULARY = 4_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captions", type=int, default=100_000)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = hints(chosen.pictures) if chosen.pictures else times(chosen.captions)
    print(json.dumps(found, indent=2) if chosen.json else "\n".join(f"{key}: {value}" for key, value in found.items()))


def times(number: int) -> dict[str, Any]:
    """Seconds to build, milliseconds a key, all of processor time."""
    chance = random.Random(7)
    syllables = [a + b for a in "bcdfghklmnprst" for b in "aeiou"]
    known = ["small", "brown", "dog", "cat", "grass", "sofa", "sits", "lies", "with", "green", "fence", "house"]
    made = known + ["".join(chance.choices(syllables, k=3)) for _ in range(VOCABULARY)]
    weights = [1 / (rank + 3) for rank in range(len(made))]

    def text(length: int) -> str:
        return " ".join(chance.choices(made, weights, k=length))

    texts = [Wording(f"{at:064x}", "abcd"[at % 4], 0, text(chance.randint(6, 24))) for at in range(number)]
    start = time.process_time()
    corpus = Corpus(texts)
    built = time.process_time()
    vocabulary = Vocabulary((each.text for each in texts), is_word=is_known)
    learnt = time.process_time()
    lint = Lint(Config(name="x", captioning={"forbidden": ["photo of"], "require_subject": True}), corpus)
    lint.warm()
    warm = time.process_time()
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    facts = Facts("x", "a", 0, "dog", palette(noise))
    spoken = [SLIPS.get(at, word) for at, word in enumerate(text(TYPED_WORDS).split())]
    typed = " ".join(spoken)
    keys, offers = [], []
    for at in range(1, len(typed) + 1):
        begun = time.process_time()
        lint.check(typed[:at], facts, at)
        checked = time.process_time()
        vocabulary.complete(typed[:at], at)
        keys.append((checked - begun) * 1e3)
        offers.append((time.process_time() - checked) * 1e3)
    return {
        "captions": number,
        "corpus_cpu_s": round(built - start, 2),
        "vocabulary_cpu_s": round(learnt - built, 2),
        "warm_cpu_s": round(warm - learnt, 2),
        "key_cpu_ms_median": round(statistics.median(keys), 2),
        "key_cpu_ms_p95": round(sorted(keys)[len(keys) * 95 // 100], 2),
        "key_cpu_ms_most": round(max(keys), 2),
        "offer_cpu_ms_median": round(statistics.median(offers), 3),
        "offer_cpu_ms_most": round(max(offers), 2),
    }


def hints(folder: Path) -> dict[str, Any]:
    """Hints about colours that captions name, and about colours put in their place."""
    return {"least_share": LEAST, "photographs": _rates(_photographs(folder)), "openmoji": _rates(_openmoji())}


def _rates(pairs: Iterator[tuple[str, Palette]]) -> dict[str, int]:
    counts = {"pictures": 0, "claims": 0, "doubted": 0, "swapped": 0, "swapped_doubted": 0}
    for caption, shown in pairs:
        claimed = {WORDS[word] for word in words(caption) if word in WORDS}
        counts["pictures"] += 1
        counts["claims"] += sum(word in WORDS for word in words(caption))
        counts["doubted"] += len(colours(caption, shown))
        others = [name for name in REGIONS if claimed and name not in claimed]
        counts["swapped"] += len(others)
        counts["swapped_doubted"] += sum(share(shown, name) < LEAST for name in others)
    return counts


def _photographs(folder: Path) -> Iterator[tuple[str, Palette]]:
    for path in sorted((folder / "images").glob("*.jpg")):
        with Image.open(path) as image:
            small = image.convert("RGB")
        small.thumbnail((512, 512))
        yield (folder / "captions" / f"{path.stem}.txt").read_text(encoding="utf-8"), palette(np.asarray(small))


def _openmoji() -> Iterator[tuple[str, Palette]]:
    """The emoji whose names hold a colour; hair is left out, as its drawing is small."""
    from curator.catalogue.known import find_dataset
    from curator.catalogue.openmoji import items

    for item in items(find_dataset("openmoji"), None, 256):
        name = item.caption.partition(",")[0]
        if set(words(name)) & set(WORDS) and "hair" not in name:
            with Image.open(io.BytesIO(item.content)) as image:
                yield name, palette(np.asarray(image.convert("RGB")))


if __name__ == "__main__":
    main()
