import pytest

from curator.errors import ConfigError
from eval.settings import EvaluateSettings, read_settings


def test_nothing_said_means_defaults(set_up):
    assert read_settings(set_up(train=1, test=0)) == EvaluateSettings()


def test_an_unknown_key_is_refused_with_the_nearest(set_up):
    with pytest.raises(ConfigError, match="relabeling") as caught:
        read_settings(set_up(train=1, test=0, evaluate="relabeling = 500"))
    assert "relabelings" in caught.value.hint


@pytest.mark.parametrize("line", ["relabelings = 10", "alpha = 2", 'device = "tpu"', "seed = -1", 'gallery = "all"'])
def test_a_value_that_is_not_allowed_is_refused(set_up, line):
    with pytest.raises(ConfigError, match=line.partition(" ")[0]):
        read_settings(set_up(train=1, test=0, evaluate=line))
