"""Released weights are found under both suffixes, and where they are not there the next step is said."""

import pytest

from curator.encoders.weights import weights_folder
from curator.errors import InputError, UsageError
from train.glide.released import RELEASED, need_released, released


def test_the_names_and_files_are_the_published_ones():
    assert {each.name: each.file for each in RELEASED} == {
        "base": "base.pt",
        "upsample": "upsample.pt",
        "base-inpaint": "base_inpaint.pt",
        "upsample-inpaint": "upsample_inpaint.pt",
        "clip-image-enc": "clip_image_enc.pt",
        "clip-text-enc": "clip_text_enc.pt",
    }


def test_a_file_is_found_under_both_suffixes_the_converted_first(tmp_path):
    assert released("base-inpaint", tmp_path) is None
    (tmp_path / "base_inpaint.pt").touch()
    assert released("base-inpaint", tmp_path) == tmp_path / "base_inpaint.pt"
    (tmp_path / "base_inpaint.safetensors").touch()
    assert need_released("base-inpaint", folder=tmp_path) == [tmp_path / "base_inpaint.safetensors"]


def test_without_a_folder_it_is_this_users_cache():
    weights_folder().mkdir(parents=True)
    (weights_folder() / "base.pt").touch()
    assert released("base") == weights_folder() / "base.pt"


def test_a_missing_file_is_named_with_the_command_that_gets_it(tmp_path):
    with pytest.raises(InputError, match=r"clip_text_enc\.pt are not in") as caught:
        need_released("clip-text-enc", folder=tmp_path)
    assert f"train weights fetch clip-text-enc --to {tmp_path}" in caught.value.hint
    with pytest.raises(InputError) as caught:
        need_released("base")
    assert caught.value.hint == "get them: train weights fetch base"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match="'bsae'") as caught:
        released("bsae")
    assert "base-inpaint" in caught.value.hint


def test_all_that_lacks_is_named_at_once(tmp_path):
    (tmp_path / "base.pt").write_bytes(b"")
    with pytest.raises(InputError) as refused:
        need_released("upsample", "base", "clip-text-enc", folder=tmp_path)
    assert "upsample.pt and clip_text_enc.pt are not" in refused.value.message
    assert "train weights fetch upsample clip-text-enc --to" in refused.value.hint
