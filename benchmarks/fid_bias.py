"""How far Fréchet distance and KID can be trusted at small n: simulated, where the truth is known.

Features are Gaussian, 1280 wide, with a power-law spectrum (variance of direction k proportional to 1/k, 100 in all).
docs/evaluation.md quotes what this prints.

    python benchmarks/fid_bias.py [--draws 5] [--runs 10] [--json]
"""

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.fid import frechet_distance
from eval.kid import kid, kid_interval, kid_p, paired_contributions
from eval.paired_fid import half_sample_interval, swap_p
from eval.resampling import sign_flip_p

WIDTH = 1280
VARIANCE = 100.0
SCALES = np.sqrt(VARIANCE / np.arange(1, WIDTH + 1) / np.sum(1 / np.arange(1, WIDTH + 1)))
SIZES = ((37, 37), (100, 100), (500, 500), (37, 1000))
SHRINKS = (1.0, 0.8, 0.6, 0.4, 0.2)
SHIFTS = (0.0, 2.0, 5.0, 10.0)
N = 37


def draw(generator: np.random.Generator, n: int, shrink: float = 1.0, shift: float = 0.0) -> NDArray[np.float64]:
    """n rows of the law, their spread times `shrink`, their mean moved by `shift` along the diagonal."""
    return generator.normal(size=(n, WIDTH)) * SCALES * shrink + shift / np.sqrt(WIDTH)


def told(values: Sequence[float]) -> dict[str, float]:
    return {"mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1))}


def bias(generator: np.random.Generator, draws: int) -> list[dict[str, Any]]:
    """Both sides of one law: the true distance is 0."""
    rows = []
    for n, m in SIZES:
        pairs = [(draw(generator, n), draw(generator, m)) for _ in range(max(draws * 37 // n, 5))]
        rows.append({
            "n real": n, "n generated": m, "FD": told([frechet_distance(*pair) for pair in pairs]),
            "KID": told([kid(*pair) for pair in pairs]),
        })  # fmt: skip
    return rows


def shrunk(generator: np.random.Generator, draws: int) -> list[dict[str, Any]]:
    """Generated pictures less spread out than the real ones, at 37 of each: the true distance grows."""
    rows = []
    for shrink in SHRINKS:
        pairs = [(draw(generator, N), draw(generator, N, shrink)) for _ in range(draws)]
        rows.append({
            "spread": shrink, "true FD": VARIANCE * (1 - shrink) ** 2,
            "FD": told([frechet_distance(*pair) for pair in pairs]),
            "told apart": float(np.mean([kid_p(*pair, relabelings=199) < 0.05 for pair in pairs])),
        })  # fmt: skip
    return rows


def shifted(generator: np.random.Generator, draws: int) -> list[dict[str, Any]]:
    """Generated pictures of the same spread whose mean lies elsewhere, at 37 of each."""
    rows = []
    for shift in SHIFTS:
        pairs = [(draw(generator, N), draw(generator, N, shift=shift)) for _ in range(draws)]
        rows.append({
            "true FD": shift**2, "FD": told([frechet_distance(*pair) for pair in pairs]),
            "told apart": float(np.mean([kid_p(*pair, relabelings=199) < 0.05 for pair in pairs])),
        })  # fmt: skip
    return rows


def paired(generator: np.random.Generator, runs: int) -> dict[str, float]:
    """Two models at 37 pairs: how often p < 0.05 without a difference, and how often 95 % intervals hold the truth."""
    real = draw(generator, N)
    same = [(draw(generator, N, shift=5), draw(generator, N, shift=5)) for _ in range(runs)]
    better = [(draw(generator, N, shift=5), draw(generator, N, shift=3)) for _ in range(runs)]
    truth = float(np.mean([frechet_distance(real, after) - frechet_distance(real, before) for before, after in better]))
    intervals = [half_sample_interval(real, *pair, draws=50) for pair in better]
    shift_truth = kid(draw(generator, 3000), draw(generator, 3000, shift=5))
    of_kid = [kid_interval(draw(generator, N), before, 200) for before, _ in better]
    return {
        "FD swap p < 0.05, no difference": float(np.mean([swap_p(real, *pair, draws=99) < 0.05 for pair in same])),
        "KID swap p < 0.05, no difference": float(
            np.mean([sign_flip_p(paired_contributions(real, *pair), 199) < 0.05 for pair in same])
        ),
        "FD difference inside its interval": float(
            np.mean([low <= truth <= high for low, high in filter(None, intervals)])
        ),
        "KID inside its interval": float(np.mean([low <= shift_truth <= high for low, high in filter(None, of_kid)])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=5, help="sets behind each mean")
    parser.add_argument("--runs", type=int, default=10, help="pairs of models behind each share")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    generator = np.random.default_rng(0)
    found = {
        "one law": bias(generator, options.draws),
        "less spread": shrunk(generator, options.draws),
        "moved": shifted(generator, options.draws),
        "paired": paired(generator, options.runs),
    }
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for row in found["one law"]:
        print(
            f"{row['n real']} real, {row['n generated']} generated: FD {spread(row['FD'])}, KID {spread(row['KID'], 4)}"
        )
    for row in found["less spread"]:
        print(f"spread × {row['spread']}: {against(row)}")
    for row in found["moved"]:
        print(f"moved: {against(row)}")
    for name, share in found["paired"].items():
        print(f"{name}: {share:.0%}")


def against(row: dict[str, Any]) -> str:
    return f"true FD {row['true FD']:.0f}, FD {spread(row['FD'])}, told apart by KID {row['told apart']:.0%}"


def spread(found: dict[str, float], digits: int = 1) -> str:
    return f"{found['mean']:.{digits}f} ± {found['sd']:.{digits}f}"


if __name__ == "__main__":
    main()
