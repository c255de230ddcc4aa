import collections
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from curator.errors import InputError
from train.data import TrainPictures, crop_pair, order, to_signed, tokenize, train_samples
from train.glide import Tokenizer

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("count", "batch"), [(7, 3), (5, 8), (1, 4), (6, 6)])
def test_every_picture_is_seen_once_an_epoch_whatever_the_batch(count, batch):
    steps = [order(0, "base", count, step * batch, batch) for step in range(4 * count)]
    series = [index for step in steps for index in step]
    for start in range(0, len(series) - count + 1, count):
        assert sorted(series[start : start + count]) == list(range(count))


def test_the_order_follows_from_the_seed_the_model_and_the_epoch():
    orders = [
        order(seed, name, 40, epoch * 40, 40) for seed in (0, 1) for name in ("base", "upsampler") for epoch in (0, 1)
    ]
    assert len({tuple(each) for each in orders}) == 8
    assert order(0, "base", 40, 0, 40) == orders[0]


def test_any_place_in_the_order_can_be_asked_for_first():
    whole = order(3, "base", 7, 0, 50)
    assert order(3, "base", 7, 31, 9) == whole[31:40]


ORDER = "from train.data import order; print(order(5, 'base', 37, 30, 20))"


def test_the_order_does_not_depend_on_pythons_hash_seed():
    printed = {
        subprocess.run(
            [sys.executable, "-c", ORDER],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert printed == {f"{order(5, 'base', 37, 30, 20)}\n"}


def test_both_sizes_are_made_of_the_same_centre_square():
    levels = np.zeros((40, 60, 3), dtype=np.uint8)
    levels[:, 10:50] = np.random.default_rng(0).integers(0, 256, (40, 40, 3))
    levels[:, :10] = levels[:, 50:] = 255
    high, low = crop_pair(Image.fromarray(levels), 40, 10)
    assert torch.equal(high, torch.from_numpy(levels[:, 10:50]).permute(2, 0, 1))
    areas = high.float().view(3, 10, 4, 10, 4).mean((2, 4))
    assert low.dtype == torch.uint8
    assert (low - areas).abs().max() <= 0.5


def test_small_pictures_are_enlarged_and_grey_ones_stay_grey():
    high, low = crop_pair(Image.new("RGB", (5, 3), (90, 90, 90)), 32, 8)
    assert high.shape == (3, 32, 32)
    assert low.shape == (3, 8, 8)
    assert set(high.unique().tolist()) | set(low.unique().tolist()) == {90}


def test_levels_span_minus_one_to_one():
    assert to_signed(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1.0, 1.0]


def test_outer_blanks_of_a_caption_are_not_tokens():
    batch = tokenize([" a dog\n", "a dog"], 16)
    assert torch.equal(batch.tokens[0], batch.tokens[1])
    assert torch.equal(batch.mask[0], batch.mask[1])
    assert batch.mask.sum(1).tolist() == [len(Tokenizer().encode("a dog"))] * 2


def test_an_emptied_caption_is_the_unconditional_one():
    batch = tokenize(["a dog", "two dogs on a rug", ""], 16)
    emptied = batch.emptied(torch.tensor([False, True, False]))
    for part in ("tokens", "mask"):
        old, new = getattr(batch, part), getattr(emptied, part)
        assert torch.equal(new[0], old[0])
        assert torch.equal(new[1], old[2])


def test_only_the_train_split_is_learned(place, samples, write_release, derived):
    workspace = place()
    rows = samples(4, 3)
    release = write_release(workspace, [*rows, derived(rows[0])], "v2")
    found = train_samples(release)
    assert [each.sample_id for each in found] == sorted(
        each.sample_id for each in release.samples if each.split == "train"
    )
    assert len(found) == 5


def test_a_picture_is_decoded_once(place, samples, write_release):
    release = write_release(place(), samples(3, 1), "v2")
    asked = collections.Counter()
    pictures = TrainPictures(release, 16, 8)

    class Counting:
        def picture(self, sample):
            asked[sample.sample_id] += 1
            return release.picture(sample)

    pictures.release = Counting()
    first = pictures.crops([0, 2, 1, 0])
    again = pictures.crops([0, 2, 1, 0])
    assert set(asked.values()) == {1}
    assert torch.equal(first.high, again.high)
    assert first.low.shape == (4, 3, 8, 8)
    assert torch.equal(first.high[0], first.high[3])


def test_a_damaged_picture_is_named(place, samples, write_release):
    release = write_release(place(), samples(3, 1), "v2")
    pictures = TrainPictures(release, 16, 8)
    sample = pictures.samples[1]
    (path,) = release.folder.glob(f"data/*/{sample.sample_id}.png")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(InputError, match=sample.sample_id):
        pictures.crops([0, 1])


def test_a_release_without_train_pictures_is_refused(place, samples, write_release):
    release = write_release(place(), samples(0, 3), "v2")
    with pytest.raises(InputError, match="no train samples"):
        train_samples(release)
