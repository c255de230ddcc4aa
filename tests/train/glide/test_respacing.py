from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.errors import ConfigError
from train.glide import Diffusion
from train.glide.respacing import kept_timesteps

NAMES = ["100", "27", "fast27", "ddim50", "ddim25", "10,10,3,2,2", "250", "1000"]


@pytest.mark.parametrize("respacing", NAMES)
def test_the_kept_steps_are_those_of_the_released_code(golden, respacing):
    known = golden("diffusion.json")["respacings"]
    assert sorted(known) == sorted(NAMES)
    assert Diffusion("linear", respacing).timesteps == known[respacing]


def test_no_respacing_keeps_every_step():
    assert kept_timesteps("") == list(range(1000))


@pytest.mark.parametrize("respacing", ["fast", "ddim", "ddim600", "ddim3,4", "0", "-3", "10,,2", "1001", "600,600"])
def test_what_is_no_respacing_is_refused(respacing):
    with pytest.raises(ConfigError):
        kept_timesteps(respacing)


@st.composite
def respacings(draw):
    """(respacing, how many timesteps it keeps, of how many)."""
    steps = draw(st.integers(21, 1200))
    kind = draw(st.sampled_from(["all", "count", "stride", "sections"]))
    if kind == "all":
        return "", steps, steps
    if kind == "count":
        count = draw(st.integers(1, steps))
        return str(count), count, steps
    if kind == "stride":
        count = len(range(0, steps, draw(st.integers(1, steps))))
        return f"ddim{count}", count, steps
    sections = draw(st.integers(1, 20))
    counts = draw(st.lists(st.integers(1, steps // sections), min_size=sections, max_size=sections))
    return ",".join(map(str, counts)), sum(counts), steps


@given(respacings())
def test_a_respacing_keeps_as_many_steps_as_it_says(case):
    respacing, count, steps = case
    kept = kept_timesteps(respacing, steps)
    assert len(kept) == count
    assert kept[0] == 0
    assert kept[-1] < steps
    assert all(low < high for low, high in pairwise(kept))


@given(st.integers(21, 1200), st.data())
def test_a_number_spreads_the_steps_from_the_first_to_the_last(steps, data):
    count = data.draw(st.integers(2, steps))
    kept = kept_timesteps(str(count), steps)
    assert kept[-1] == steps - 1
    even = np.linspace(0, steps - 1, count)
    assert np.abs(np.array(kept) - even).max() < 0.5 + 1e-6


@given(st.integers(50, 1200))
def test_the_fast_respacing_ends_a_little_before_the_last_step(steps):
    kept = kept_timesteps("fast27", steps)
    assert (len(kept), kept[-1]) == (27, steps - 3)
    assert kept == sorted(set(kept))


@given(respacings(), st.sampled_from(["squaredcos_cap_v2", "linear"]))
def test_a_respaced_diffusion_passes_through_the_same_levels_of_noise(case, schedule):
    respacing, _, steps = case
    short, whole = Diffusion(schedule, respacing, steps), Diffusion(schedule, "", steps)
    assert np.allclose(short.alphas_bar, whole.alphas_bar[short.timesteps], rtol=1e-12, atol=0)
    # The last β of a short cosine schedule may be 1 - 2e-9, which leaves 1 - β half of its digits.
    assert np.allclose(np.cumprod(1 - short.betas), short.alphas_bar, rtol=1e-6, atol=0)
    assert ((short.betas > 0) & (short.betas < 1)).all()
    assert np.isfinite(short.posterior_log_variance).all()


def kept_or_refused(respacing):
    try:
        return kept_timesteps(respacing)
    except ConfigError:
        return None


@given(st.one_of(st.text(max_size=12), st.text("0123456789, ddimfast-", max_size=12)))
def test_any_text_is_a_respacing_or_refused_properly(respacing):
    kept = kept_or_refused(respacing)
    if kept is not None and respacing not in ("", "fast27"):
        assert all(part.strip().isdecimal() for part in respacing.removeprefix("ddim").split(","))
        assert 0 < len(kept) <= 1000
