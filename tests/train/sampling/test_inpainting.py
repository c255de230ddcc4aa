import io

import numpy as np
import pytest
import torch
from PIL import Image

from curator.errors import InputError
from train.data import crop_pair
from train.sampling.inpainting import known_at, read_given


@pytest.fixture
def files(tmp_path):
    """`files(picture, mask)`: both images as files."""

    def write(picture, mask, kind="PNG"):
        paths = tmp_path / "picture", tmp_path / "mask"
        for path, image in zip(paths, (picture, mask), strict=True):
            image.save(path, kind)
        return paths

    return write


def noise(size, seed=0):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3)).astype(np.uint8))


def left_white(size):
    levels = np.zeros((size[1], size[0]), np.uint8)
    levels[:, : size[0] // 2] = 255
    return Image.fromarray(levels)


def kept(given, folder):
    given.keep(folder)
    return [known_at(folder, given.files, px) for px in given.files.sizes_px]


def test_the_picture_is_cropped_as_in_training_and_the_larger_mask_repeats_the_smaller(files, tmp_path):
    picture = noise((50, 32))
    low, high = kept(read_given(*files(picture, left_white((50, 32))), 8, 32), tmp_path / "album")
    expected = crop_pair(picture, 32, 8)
    assert torch.equal(high.picture, expected[0])
    assert torch.equal(low.picture, expected[1])
    assert torch.equal(high.mask, low.mask.repeat_interleave(4, 1).repeat_interleave(4, 2))


@pytest.mark.parametrize("size", [(64, 40), (8, 5), (64, 64), (1000, 10)])
def test_a_mask_of_any_size_covers_the_picture(files, tmp_path, size):
    (known, _) = kept(read_given(*files(noise((64, 40)), left_white(size)), 8, 16), tmp_path / "album")
    assert not known.mask[..., :4].any()
    assert known.mask[..., 4:].all()


def test_a_mask_is_cut_with_its_picture(files, tmp_path):
    """The white third on the left lies outside of the centre square, but for one pixel's column."""
    levels = np.zeros((8, 16), np.uint8)
    levels[:, :5] = 255
    (known, _) = kept(read_given(*files(noise((16, 8)), Image.fromarray(levels)), 8, 16), tmp_path / "album")
    assert known.mask[0, 0].tolist() == [False] + [True] * 7


def test_grey_counts_as_what_it_is_nearer_to(files, tmp_path):
    levels = np.repeat(np.array([[0, 100, 127, 128, 200, 255, 0, 0]], np.uint8), 8, axis=0)
    (known, _) = kept(read_given(*files(noise((8, 8)), Image.fromarray(levels)), 8, 16), tmp_path / "album")
    assert known.mask[0, 0].tolist() == [True, True, True, False, False, False, True, True]


def test_transparency_is_white_in_a_picture_and_black_in_a_mask(files, tmp_path):
    picture = Image.new("RGBA", (8, 8), (200, 10, 10, 0))
    mask = Image.new("RGBA", (8, 8), (255, 255, 255, 0))
    mask.paste((255, 255, 255, 255), (0, 0, 4, 8))
    (known, _) = kept(read_given(*files(picture, mask), 8, 16), tmp_path / "album")
    assert (known.picture == 255).all()
    assert known.mask[0, 0].tolist() == [False] * 4 + [True] * 4


def test_a_photograph_stands_upright(files, tmp_path):
    picture, mask = noise((16, 16)), left_white((16, 16))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", exif=exif)
    paths = files(picture, mask)
    paths[0].write_bytes(buffer.getvalue())
    (_, high) = kept(read_given(*paths, 8, 16), tmp_path / "album")
    turned = np.asarray(picture.transpose(Image.Transpose.ROTATE_270))
    assert np.array_equal(high.picture.permute(1, 2, 0).numpy(), turned)


def test_known_pixels_are_pasted_exactly(files, tmp_path):
    low, _ = kept(read_given(*files(noise((8, 8)), left_white((8, 8))), 8, 16), tmp_path / "album")
    painted = torch.zeros(3, 3, 8, 8, dtype=torch.uint8)
    pasted = low.paste(painted)
    assert torch.equal(pasted[1, :, :, 4:], low.picture[:, :, 4:])
    assert not pasted[..., :4].any()
    picture, mask = low.signed(3)
    assert picture.shape == (3, 3, 8, 8)
    assert mask.shape == (3, 1, 8, 8)
    assert mask[2, 0, 0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert torch.equal(((picture + 1) * 127.5).round().to(torch.uint8)[0], low.picture)


def test_what_cannot_be_painted_into_is_named(files, tmp_path):
    good, white = noise((8, 8)), Image.new("L", (8, 8), 255)
    with pytest.raises(InputError, match="nothing is white"):
        read_given(*files(good, Image.new("L", (8, 8), 127)), 8, None)
    with pytest.raises(InputError, match="more than 8 bits"):
        read_given(*files(Image.fromarray(np.full((8, 8), 999, np.uint16)), white), 8, None)
    paths = files(good, white)
    paths[0].write_bytes(paths[0].read_bytes()[:-30])
    with pytest.raises(InputError, match="not readable as a picture"):
        read_given(*paths, 8, None)


def test_a_copy_that_changed_is_noticed(files, tmp_path):
    given = read_given(*files(noise((8, 8)), left_white((8, 8))), 8, 16)
    given.keep(tmp_path)
    (tmp_path / given.files.picture).write_bytes(b"other")
    with pytest.raises(InputError, match=r"picture\.png is gone or was changed"):
        known_at(tmp_path, given.files, 8)
    (tmp_path / given.files.picture).unlink()
    with pytest.raises(InputError, match="gone"):
        known_at(tmp_path, given.files, 8)
