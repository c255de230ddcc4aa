"""What the tests of training share: a workspace with a release as export leaves it, settings of a model for ants."""

import hashlib
import io
import json
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


@pytest.fixture
def write_release():
    """Write a release in sidecar format into a workspace and open it."""

    def write(workspace, rows, name="v1"):
        folder = workspace.releases / name
        folder.mkdir(parents=True)
        FORMATS["sidecar"].write(folder / "data", [(row, png(row.revision - 1)) for row in rows])
        pq.write_table(to_table(sorted(rows, key=lambda row: row.sample_id)), folder / "records.parquet")
        about = {"layout": 1, "format": "sidecar", "digest": hashlib.sha256(repr(rows).encode()).hexdigest()}
        (folder / "release.json").write_text(json.dumps(about), encoding="utf-8")
        return read_release(folder)

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


@pytest.fixture
def place(tmp_path, samples, write_release):
    """`place(train=7, test=3, steps=9)`: a workspace with a release and settings for ants in curator.toml."""
    made = []

    def make(train=7, test=3, **changes):
        folder = tmp_path / f"ants{len(made)}"
        folder.mkdir()
        made.append(folder)
        (folder / "curator.toml").write_text('name = "ants"\n' + toml({**SETTINGS, **changes}), encoding="utf-8")
        workspace = Workspace.find(folder)
        write_release(workspace, samples(train, test))
        return workspace

    return make


@pytest.fixture
def train_run():
    """Train in this process: `train_run(workspace, steps=6)`; options as on the command line."""

    def call(workspace, new=False, **options):
        return start(workspace, Wanted([], options, new))

    return call


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
