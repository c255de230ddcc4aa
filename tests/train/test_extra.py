"""The extra "train" is asked for before torch is loaded."""

import subprocess
import sys

import pytest

from curator.errors import MissingExtra
from train.extra import require_extra


def test_what_is_missing_is_named():
    require_extra()
    require_extra("tensorboard")
    with pytest.raises(MissingExtra, match="unheard_of"):
        require_extra("unheard_of")


def test_asking_loads_no_torch():
    script = "import sys; from train.extra import require_extra; require_extra(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
