"""What the tests of eval share: features, and workspaces as export, training and sampling leave them."""

import hashlib
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageFilter

from curator.encoders import Absent
from curator.release import Sample
from curator.release.formats import FORMATS
from curator.release.sample import to_table
from curator.workspace import Workspace
from eval.evaluation import evaluate, make_groups
from eval.runs import find_run, release_of
from eval.settings import EvaluateSettings
from eval.spaces import Spaces

BASE, UPSAMPLED = 16, 32
FAST = EvaluateSettings(relabelings=199, resamples=100, distance_draws=99, halves=10)
NO_CLIP = Absent("CLIP-ViT-B-32", "weights absent: put them at /somewhere")


@pytest.fixture
def gaussian():
    """`gaussian(n, d, seed=0, mean=0.0, sd=1.0)`: n rows from an isotropic Gaussian, float64 (n, d)."""

    def draw(n, d, seed=0, mean=0.0, sd=1.0):
        return np.random.default_rng(seed).normal(mean, sd, (n, d))

    return draw


def photograph(seed, size=(48, 40)):
    """A picture with a coloured ground and three discs, unlike that of any other seed."""
    generator = np.random.default_rng(seed)
    rows, columns = np.mgrid[: size[1], : size[0]]
    levels = np.ones((size[1], size[0], 3)) * generator.integers(30, 226, 3)
    for _ in range(3):
        centre, radius = generator.uniform(0, 1, 2) * size[::-1], generator.uniform(4, 14)
        inside = (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 < radius**2
        levels[inside] = generator.integers(0, 256, 3)
    return Image.fromarray(levels.astype(np.uint8))


def noise(seed, size):
    """A picture that shows nothing."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size, size, 3)).astype(np.uint8))


def blurry(seed, size):
    """A real picture's twin without details."""
    return photograph(seed).resize((size, size)).filter(ImageFilter.GaussianBlur(size / 16))


@dataclass(frozen=True)
class Scene:
    """What to put into a workspace."""

    train: int = 8
    test: int = 4
    captions: dict = field(default_factory=dict)
    """Place of a sample → caption."""
    original: object = noise
    """(seed, size) → picture."""
    finetuned: object = noise
    sizes: tuple = (BASE, UPSAMPLED)
    guidance: float = 3.0
    seed: int = 0
    run: str = "v1-tiny-0123abcd"
    evaluate: str = ""
    """The table of curator.toml."""


def _sample(index, scene):
    image = hashlib.sha256(f"image {index}".encode()).hexdigest()
    return Sample(
        sample_id=f"{image[:16]}-a-0",
        image_id=image,
        source=f"dog{index // 2}/{index % 2:02}.jpg",
        caption=scene.captions.get(index, f"dog number {index} on a rug"),
        revision=index + 1,
        author="a",
        subject=f"dog{index // 2}",
        split="train" if index < scene.train else "test",
        transforms=("identity",),
        parents=(),
        noise_level=0.0,
        width=48,
        height=40,
        format="PNG",
        blob=hashlib.sha256(f"blob {index}".encode()).hexdigest(),
        licence=None,
    )


def _png(picture):
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def write_release(folder, samples, pictures):
    """A release in sidecar format."""
    folder.mkdir(parents=True)
    FORMATS["sidecar"].write(folder / "data", [(each, _png(pictures[each.sample_id])) for each in samples])
    pq.write_table(to_table(samples), folder / "records.parquet")
    digest = hashlib.sha256(repr(samples).encode()).hexdigest()
    about = {"layout": 1, "format": "sidecar", "digest": digest}
    (folder / "release.json").write_text(json.dumps(about), encoding="utf-8")
    return digest


def write_run(folder, scene, digest, samples):
    """A run with samples of both models: from the prompt's place and the size alone, so both share them."""
    (folder / "samples").mkdir(parents=True)
    config = {"name": folder.name, "release": {"name": "v1", "digest": digest}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    lines = []
    for index, sample in enumerate(samples):
        for model, paint in (("original", scene.original), ("finetuned", scene.finetuned)):
            for size in scene.sizes:
                file = Path(model) / f"{sample.sample_id}-{size}.png"
                (folder / "samples" / file).parent.mkdir(exist_ok=True)
                paint(scene.seed + index, size).save(folder / "samples" / file)
                lines.append(manifest_line(index, sample, model, size, file, scene))
    write_manifest(folder, lines)


def manifest_line(index, sample, model, size, file, scene):
    return {
        "sample_id": sample.sample_id,
        "image_id": sample.image_id,
        "prompt": sample.caption,
        "prompt_index": index,
        "role": sample.split,
        "model": model,
        "resolution": size,
        "file": file.as_posix(),
        "seed": scene.seed,
        "sampler": "ddim",
        "steps": 20 if size == min(scene.sizes) else 10,
        "respacing": "ddim20" if size == min(scene.sizes) else "ddim10",
        "guidance": scene.guidance,
        "temperature": 1.0,
        "checkpoint": hashlib.sha256(f"{model} {size}".encode()).hexdigest(),
        "batch_size": 4,
        "dtype": "float32",
        "threads": 1,
        "device": "cpu",
    }


def write_manifest(run, lines):
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (run / "samples" / "manifest.jsonl").write_text(text, encoding="utf-8")


def read_manifest(run):
    return [json.loads(line) for line in (run / "samples" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def manifest():
    """`manifest(run, change)`: rewrite a run's manifest; `change` takes and gives its lines."""

    def rewrite(run, change):
        write_manifest(run, change(read_manifest(run)))

    return rewrite


@pytest.fixture
def set_up(tmp_path):
    """`set_up(test=0, finetuned=photograph)`: a Workspace with a release, a run and its samples."""

    def make(folder=tmp_path / "workspace", **scene):
        scene = Scene(**scene)
        folder.mkdir(exist_ok=True)
        (folder / "curator.toml").write_text(f'name = "dogs"\n[evaluate]\n{scene.evaluate}\n', encoding="utf-8")
        samples = tuple(sorted((_sample(i, scene) for i in range(scene.train + scene.test)), key=lambda s: s.sample_id))
        pictures = {sample.sample_id: photograph(1000 + index) for index, sample in enumerate(samples)}
        if not (folder / "releases").exists():
            write_release(folder / "releases" / "v1", samples, pictures)
        digest = json.loads((folder / "releases" / "v1" / "release.json").read_text())["digest"]
        write_run(folder / "runs" / scene.run, scene, digest, samples)
        return Workspace.find(folder)

    return make


@pytest.fixture
def scenes():
    """Painters for `set_up`: `scenes.photograph` paints like the real pictures, `noise` shows nothing."""

    class Scenes:
        noise = staticmethod(noise)
        blurry = staticmethod(blurry)

        @staticmethod
        def photograph(seed, size):
            return photograph(5000 + seed).resize((size, size))

    return Scenes


@dataclass(frozen=True)
class Thumbnails:
    """An extractor: a picture's colours at 4 × 4, levels -1 to 1, and how rough it is."""

    name: str = "Thumbnails"
    digest: str = "0" * 64
    width: int = 51
    resize: str = "box to 4 px"

    def encode(self, pictures):
        return np.array([self.one(each) for each in pictures], dtype=np.float32).reshape(-1, self.width)

    def one(self, picture):
        small = np.asarray(picture.resize((4, 4), Image.Resampling.BOX), dtype=np.float32) / 127.5 - 1
        rough = np.abs(np.diff(np.asarray(picture, dtype=np.float32), axis=1)).mean(axis=(0, 1)) / 10
        return np.concatenate([small.ravel(), rough])


@dataclass(frozen=True)
class Words(Thumbnails):
    """A CLIP of a kind: a text that names a colour points where a picture of that colour does."""

    name: str = "CLIP-Words"

    def encode_texts(self, texts):
        colours = [tuple(255 if name in text else 0 for name in ("red", "green", "blue")) for text in texts]
        return self.encode(Image.new("RGB", (4, 4), colour) for colour in colours)


@pytest.fixture
def thumbnails():
    return Thumbnails()


@pytest.fixture
def words():
    return Words()


@pytest.fixture
def measure():
    """`measure(workspace)` evaluates the newest run in the space of `thumbnails`, or in `spaces`."""

    def call(workspace, spaces=None):
        run = find_run(workspace)
        release, samples = release_of(workspace, run), run.samples()
        spaces = spaces or Spaces((Thumbnails(),), NO_CLIP)
        return evaluate(release, make_groups(release, samples), spaces, FAST)

    return call


@pytest.fixture
def fast():
    """Settings for `set_up(evaluate=...)` that draw less often."""
    return "relabelings = 199\nresamples = 100\ndistance_draws = 99\nhalves = 10"
