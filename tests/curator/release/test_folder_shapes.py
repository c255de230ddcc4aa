import json

import pytest

SUBJECTS = {"dog": 5, "dog2": 6, "dog3": 6, "dog5": 5, "dog6": 5, "dog7": 5, "dog8": 5}
"""Pictures per folder of the set this project began with; every folder begins with 00.jpg."""


@pytest.mark.parametrize("format_", ["webdataset", "sidecar"])
def test_seven_folders_that_all_hold_the_same_names_stay_37_samples(run, tmp_path, picture, format_):
    found = tmp_path / "found"
    for place, (subject, count) in enumerate(SUBJECTS.items()):
        (found / subject).mkdir(parents=True)
        for number in range(count):
            (found / subject / f"{number:02d}.jpg").write_bytes(picture(100 * place + number, "JPEG"))
            (found / subject / f"{number:02d}.txt").write_text(f"{subject}, picture {number}")
    run("curator", "init", "dogs", "--members", "a,b", cwd=tmp_path)
    space = tmp_path / "dogs"
    run("curator", "ingest", found, cwd=space)
    run("curator", "hold-out", "--subjects", "dog8", cwd=space)
    about = json.loads(run("curator", "export", "--format", format_, "--json", cwd=space).stdout)
    assert about["counts"] == {"samples": 37, "images": 37, "train": 32, "test": 5, "subjects": 7}
    frame = run("curator", "list", "--json", cwd=space).stdout
    captions = {row["name"]: row["captions"][0]["text"] for row in json.loads(frame)}
    assert captions["dog2/05.jpg"] == "dog2, picture 5"
    assert len(captions) == 37
