import pytest

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
