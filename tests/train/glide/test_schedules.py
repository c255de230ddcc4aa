import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.errors import ConfigError
from train.glide.schedules import betas

SCHEDULES = ["squaredcos_cap_v2", "linear"]


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(steps=st.integers(21, 2000))
def test_every_step_adds_some_noise_and_none_adds_only_noise(schedule, steps):
    added = betas(schedule, steps)
    assert added.shape == (steps,)
    assert added.dtype == np.float64
    assert ((added > 0) & (added < 1)).all()
    left = np.cumprod(1 - added)
    assert (np.diff(left) < 0).all()
    assert 0 < left[-1] < 1e-3


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_length_of_a_schedule_hardly_changes_where_it_leads(schedule):
    short, long = np.cumprod(1 - betas(schedule, 500)), np.cumprod(1 - betas(schedule, 2000))
    assert np.abs(short - long[3::4]).max() < 2e-3


@given(steps=st.integers(1, 20))
def test_a_linear_schedule_of_a_few_steps_is_refused(steps):
    with pytest.raises(ConfigError, match="no room"):
        betas("linear", steps)


def test_an_unknown_schedule_is_refused():
    with pytest.raises(ConfigError, match="'cosine' is not known"):
        betas("cosine")
