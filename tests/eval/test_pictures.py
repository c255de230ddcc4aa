import numpy as np
import pytest
from PIL import Image

from curator.errors import InputError
from eval.pictures import blurred, read_picture, square


def test_the_centre_square_is_kept():
    picture = Image.new("RGB", (60, 20), "red")
    picture.paste("blue", (20, 0, 40, 20))
    assert np.array_equal(square(picture, 10, 20), np.full((10, 10, 3), (0, 0, 255)))


def test_small_is_made_from_large_by_area():
    """Each small pixel is the mean of the large ones that it covers."""
    levels = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    small = np.asarray(square(Image.fromarray(levels), 8, 32), dtype=float)
    means = levels.reshape(8, 4, 8, 4, 3).mean(axis=(1, 3))
    assert np.abs(small - means).max() <= 1, "Pillow rounds twice"


def test_a_picture_of_that_size_stays():
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (16, 16, 3), dtype=np.uint8))
    assert np.array_equal(square(picture, 16, 16), picture)


def test_blurring_takes_detail_and_keeps_colour():
    levels = np.indices((32, 32)).sum(0) % 2 * 255
    picture = Image.fromarray(np.stack([levels] * 3, axis=2).astype(np.uint8))
    soft = np.asarray(blurred(picture), dtype=float)
    assert soft.std() < 3
    assert soft.mean() == pytest.approx(127.5, abs=2)


def test_a_generated_picture_is_checked(tmp_path):
    Image.new("L", (16, 16), 7).save(tmp_path / "grey.png")
    assert read_picture(tmp_path / "grey.png", 16).getpixel((0, 0)) == (7, 7, 7)
    with pytest.raises(InputError, match="its manifest says 32"):
        read_picture(tmp_path / "grey.png", 32)
    (tmp_path / "cut.png").write_bytes((tmp_path / "grey.png").read_bytes()[:40])
    with pytest.raises(InputError, match=r"cut\.png"):
        read_picture(tmp_path / "cut.png", 16)
