import pytest

import curator
from curator.errors import InputError


def test_a_row_per_caption_with_all_that_is_known(filled, write, store_of):
    write("00.png", "ada", "in a second slot", slot=1)
    store = store_of(filled)
    store.history.answer(store.records.find("01.png").image.id, "ben", "rating", 4)
    frame = curator.frame(filled.path)
    assert len(frame) == 13
    first = frame[frame["name"] == "00.png"]
    assert list(first["slot"]) == [0, 1]
    assert list(first["caption"]) == ["picture number 0", "in a second slot"]
    assert frame.set_index("name").loc["01.png", "answer.rating"] == 4
    assert list(frame[frame["state"] == "no caption"]["name"]) == ["11.png"]
    assert frame["subject"].value_counts().to_dict() == {"cat": 5, "dog": 4, "owl": 4}


def test_the_current_folder_is_the_default(filled, monkeypatch):
    monkeypatch.chdir(filled.path)
    assert len(curator.frame()) == len(curator.frame(filled)) == 12


def test_without_a_workspace_it_says_so(tmp_path):
    with pytest.raises(InputError, match=r"no curator\.toml"):
        curator.frame(tmp_path)
