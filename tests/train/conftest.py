"""What the tests of training share: a workspace with a release as export leaves it, settings of a model for ants."""

import hashlib
import io
import json
import shutil
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image

from curator.release import Sample, read_release
from curator.release.formats import FORMATS
from curator.release.sample import to_table
from curator.workspace import Workspace
from train.glide import build
from train.glide.clip.noised_clip import NoisedClip
from train.glide.clip.options import read_clip_options
from train.glide.weights import write_weights
from train.start import Wanted, start

ANT = {"num_channels": 32, "num_res_blocks": 1, "channel_mult": "1,1", "num_head_channels": 32, "text_ctx": 16,
       "attention_resolutions": "4", "xf_width": 8, "xf_layers": 1, "xf_heads": 1}  # fmt: skip
SETTINGS = {
    "preset": "tiny", "steps": 4, "batch_size": 4, "upsampler_batch_size": 2, "checkpoint_steps": 2, "threads": 1,
    "precision": "float32", "learning_rate": 1e-3, "warmup_steps": 2,
    "base": {**ANT, "image_size": 8, "dropout": 0.1}, "upsampler": {**ANT, "image_size": 16},
}  # fmt: skip


def sample_at(index, split):
    image = hashlib.sha256(f"image {index}".encode()).hexdigest()
    return Sample(
        sample_id=f"{image[:16]}-a-0",
        image_id=image,
        source=f"dog{index // 2}/{index % 2:02}.png",
        caption=f"dog number {index} on a rug ",
        revision=index + 1,
        author="a",
        subject=f"dog{index // 2}",
        split=split,
        transforms=("identity",),
        parents=(),
        noise_level=0.0,
        width=48,
        height=40,
        format="PNG",
        blob=hashlib.sha256(f"blob {index}".encode()).hexdigest(),
        licence=None,
    )


def png(index):
    coarse = np.random.default_rng(index).integers(0, 256, (4, 5, 3)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(coarse).resize((48, 40), Image.Resampling.BICUBIC).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def samples():
    """`samples(train=7, test=3)`: rows of a release."""

    def make(train=7, test=3):
        return [sample_at(index, "train" if index < train else "test") for index in range(train + test)]

    return make


def write(workspace, rows, name="v1"):
    folder = workspace.releases / name
    folder.mkdir(parents=True)
    FORMATS["sidecar"].write(folder / "data", [(row, png(row.revision - 1)) for row in rows])
    pq.write_table(to_table(sorted(rows, key=lambda row: row.sample_id)), folder / "records.parquet")
    about = {"layout": 1, "format": "sidecar", "digest": hashlib.sha256(repr(rows).encode()).hexdigest()}
    (folder / "release.json").write_text(json.dumps(about), encoding="utf-8")
    return read_release(folder)


@pytest.fixture
def write_release():
    """Write a release in sidecar format into a workspace and open it."""
    return write


def toml(table, name="train"):
    """A table of settings as TOML."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    lines = [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in plain.items())]
    return "\n".join([*lines, *(toml(value, f"{name}.{key}") for key, value in inner.items())])


@pytest.fixture
def settings():
    """`settings(steps=9)`: the settings of a model for ants, with changes."""
    return lambda **changes: {**SETTINGS, **changes}


def settle(folder, rows, changes):
    """Make a workspace with a release of `rows`."""
    folder.mkdir()
    (folder / "curator.toml").write_text('name = "ants"\n' + toml({**SETTINGS, **changes}), encoding="utf-8")
    workspace = Workspace.find(folder)
    write(workspace, rows)
    return workspace


@pytest.fixture
def place(tmp_path, samples):
    """`place(train=7, test=3, steps=9)`: a workspace with a release and settings for ants in curator.toml."""
    made = []

    def make(train=7, test=3, **changes):
        made.append(tmp_path / f"ants{len(made)}")
        return settle(made[-1], samples(train, test), changes)

    return make


@pytest.fixture
def train_run():
    """Train in this process: `train_run(workspace, steps=6)`; options as on the command line."""

    def call(workspace, new=False, **options):
        return start(workspace, Wanted([], options, new))

    return call


@pytest.fixture(scope="session")
def _trained_once(tmp_path_factory):
    rows = [sample_at(index, "train" if index < 7 else "test") for index in range(10)]
    workspace = settle(tmp_path_factory.mktemp("trained") / "ants", rows, {"steps": 12, "learning_rate": 1e-2})
    start(workspace, Wanted([], {}))
    return workspace.path


@pytest.fixture
def trained(_trained_once, tmp_path):
    """A workspace with a run of twelve steps: its models are far enough from zero to depend on their inputs."""
    shutil.copytree(_trained_once, tmp_path / "trained")
    return Workspace.find(tmp_path / "trained")


@pytest.fixture(autouse=True)
def _one_thread():
    """Tests leave torch's number of threads as they found it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def derived():
    """A sample that a transform made of another."""
    return lambda row: replace(row, sample_id=f"{row.sample_id}-noisy", parents=(row.sample_id,), noise_level=0.1)


FAST = ["--steps", "3", "--upsampler-steps", "2"]
"""Options of `train sample` under which a test takes no time."""


def filled(module, seed):
    """Weights under which every input counts; fresh ones predict zero."""
    drawn = torch.Generator().manual_seed(seed)
    for value in module.state_dict().values():
        values = torch.randn(value.shape, generator=drawn)
        value.copy_(1 + 0.1 * values if value.ndim == 1 else values / max(1, value[0].numel()) ** 0.5)
    return module


def write_pair(folder, inpaint=False, low_px=8, **changes):
    """Files of a base model and of an upsampler to twice its size, with their options in them."""
    schedules = {"base": "squaredcos_cap_v2", "upsample": "linear"}
    for seed, name in enumerate(schedules, 2 * inpaint):
        large = name == "upsample"
        sizes = {"image_size": low_px * (1 + large), "super_res": large, "noise_schedule": schedules[name]}
        options = {**ANT, **sizes, "inpaint": inpaint, **changes}
        path = folder / f"{name}{'_inpaint' if inpaint else ''}.safetensors"
        write_weights(path, filled(build(options), seed).state_dict(), {"options": json.dumps(options)})


@pytest.fixture(scope="session")
def wide_weights(tmp_path_factory):
    """The two files of a pair wide and large enough (16 → 32 px) for each kind of convolution."""
    folder = tmp_path_factory.mktemp("wide")
    write_pair(folder, low_px=16, num_channels=64)
    return folder


@pytest.fixture(scope="session")
def ant_weights(tmp_path_factory):
    """A folder with all six released files, of models for ants: 8 → 16 px."""
    folder = tmp_path_factory.mktemp("weights")
    write_pair(folder)
    write_pair(folder, inpaint=True)
    towers = {"image_size": 8, "n_embd": 8, "n_vocab": 49408, "n_head_text": 1, "n_head_image": 1,
              "n_xf_blocks_text": 1, "n_xf_blocks_image": 1}  # fmt: skip
    clip = filled(NoisedClip(read_clip_options(towers)), 9)
    write_weights(folder / "clip_text_enc.safetensors", clip.text.state_dict())
    write_weights(folder / "clip_image_enc.safetensors", clip.image.state_dict())
    return folder


@pytest.fixture(scope="session")
def judge_weights(need, tmp_path_factory):
    """A folder with a small CLIP of random weights, as model hubs hand them out."""
    need("eval")
    from open_clip.model import CLIP

    config = {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    }
    folder = tmp_path_factory.mktemp("judge") / "tiny-judge"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": config}))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        write_weights(folder / "open_clip_model.safetensors", CLIP(**config).state_dict())
    return folder


@pytest.fixture
def inputs(tmp_path):
    """A picture of 24 x 16 px and a mask of 12 x 8 whose left half is white, as files."""
    picture, mask = tmp_path / "photo.jpg", tmp_path / "hole.png"
    levels = np.random.default_rng(5).integers(0, 256, (16, 24, 3)).astype(np.uint8)
    Image.fromarray(levels).save(picture, "PNG")
    holes = np.zeros((8, 12), np.uint8)
    holes[:, :6] = 255
    Image.fromarray(holes).save(mask)
    return picture, mask


@pytest.fixture(scope="session")
def levels():
    """A picture file as an array of whole numbers."""

    def read(path):
        with Image.open(path) as picture:
            return np.asarray(picture).astype(int)

    return read


@pytest.fixture(scope="session")
def stored():
    """All files of a folder with their bytes, but for locks."""

    def read(folder):
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != ".lock"
        }

    return read


@pytest.fixture(scope="session")
def fast():
    return FAST
