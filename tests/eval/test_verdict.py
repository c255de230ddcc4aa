import pytest

from eval.floor import Spread
from eval.row import Controls, Difference, Figure, Figures, Row
from eval.settings import EvaluateSettings
from eval.verdict import is_far, make_verdict, outcome

SETTINGS = EvaluateSettings()


def figures(difference=-0.3, interval=(-0.4, -0.2), p=0.001):
    return Figures(Figure(0.9), Figure(0.9 + difference), Difference(difference, interval, p))


def controls(real=(12.3, 0.5), finetuned=(410.0, 3.0), blurred=(80.0, 3.0)):
    each = {
        name: Spread(*value, 15, 16)
        for name, value in {"real": real, "finetuned": finetuned, "blurred": blurred}.items()
    }
    return Controls(**each, copies=Spread(0, 0, 15, 16), original=Spread(450, 3, 15, 16))


def rows(found=None, beside=None, n=31):
    shape = {"role": "train", "stage": "upsampled", "resolution": 128, "n_real": n, "n_fake": n}
    test = {"role": "test", "stage": "upsampled", "resolution": 128, "n_real": 0, "n_fake": 0}
    return [
        Row("kid", "KID-X", **shape, figures=found or figures()),
        Row("frechet", "FD-X", **shape, figures=figures(-40, None), controls=beside or controls()),
        Row("alignment", "cosine CLIP", **shape, reason="weights absent"),
        Row("kid", "KID-X", **test, reason="the release has no test pictures"),
    ]


def test_closer_yet_far():
    verdict = make_verdict(rows(), SETTINGS)
    assert verdict.outcome == "better"
    assert verdict.headline == (
        "Closer to the train pictures than before, by more than chance (p = 0.001; 33.3 % of the way), "
        "yet far from real: FD-X floor 12.3, finetuned 410."
    )
    told = " ".join(verdict.points)
    assert "31 real, 31 of each model" in told
    assert "not measured: the release has no test pictures" in told
    assert "follow their captions was not measured: weights absent" in told
    assert "rests on KID-X of the train pictures, upsampled, 128 px" in told


def test_at_the_floor_is_said_with_its_limit():
    verdict = make_verdict(rows(beside=controls(finetuned=(13.0, 0.5))), SETTINGS)
    assert "At this n FD-X cannot tell the finetuned pictures from real ones: floor 12.3, finetuned 13.0" in (
        verdict.headline
    )


def test_blindness_to_blur_is_said():
    told = " ".join(make_verdict(rows(beside=controls(blurred=(12.0, 0.5))), SETTINGS).points)
    assert "Blurring costs nothing here" in told
    assert "Blurring" not in " ".join(make_verdict(rows(), SETTINGS).points)


def test_nothing_measured():
    verdict = make_verdict([Row("kid", "KID-X", "train", "base", 16, 1, 1, reason="too few")], SETTINGS)
    assert verdict.outcome == "not measured"
    assert verdict.headline == "Nothing could be measured on the train pictures: too few."


@pytest.mark.parametrize(
    ("found", "better", "expected"),
    [
        pytest.param(figures(), "lower", "better", id="lower is better"),
        pytest.param(figures(), "higher", "worse", id="lower is worse"),
        pytest.param(figures(p=0.06), "lower", "no difference", id="p too large"),
        pytest.param(figures(interval=(-0.7, 0.1)), "lower", "no difference", id="interval holds 0"),
        pytest.param(figures(interval=None), "lower", "better", id="no interval"),
        pytest.param(figures(0.0, (0.0, 0.0), 1.0), "lower", "same", id="same"),
        pytest.param(figures(0.0, (-0.1, 0.1), 1.0), "lower", "no difference", id="even by chance"),
    ],
)
def test_outcomes(found, better, expected):
    assert outcome(found, better, 0.05) == expected


def test_no_difference_is_no_proof_of_none():
    none = figures(p=0.4, interval=(-0.5, 0.5))
    assert make_verdict(rows(none), SETTINGS).headline.startswith(
        "No difference that 31 pictures of each model can show (p = 0.4). The finetuned pictures are far from real: "
    )
    assert make_verdict(rows(none, n=4), SETTINGS).headline.startswith(
        "4 pictures of each model are too few to show any difference (no p below 0.125 is possible)"
    )


def test_far_means_above_the_floor_and_its_noise():
    assert is_far(controls())
    assert not is_far(controls(finetuned=(13.0, 0.5)))
