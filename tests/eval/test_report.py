import json
import subprocess

import numpy as np
import pytest
from markupsafe import escape
from PIL import Image

from eval.card import make_card
from eval.gallery import data_uri, make_gallery
from eval.report import Report, render, told, write_report
from eval.runs import find_run, release_of
from eval.settings import EvaluateSettings
from eval.spaces import Spaces
from eval.verdict import make_verdict

CAPTION = "<script>alert(1)</script> \"a dog\" & 'co'\nsecond line"


@pytest.fixture
def reported(measure, thumbnails):
    """`reported(workspace)`: its Report and Gallery."""

    def make(workspace, gallery=60):
        run = find_run(workspace)
        release, samples, settings = release_of(workspace, run), run.samples(), EvaluateSettings()
        found = measure(workspace)
        nothing = found.rows[-1]
        assert nothing.reason
        card = make_card(release, samples, found.groups, Spaces((thumbnails,), thumbnails), settings)
        report = Report(run.name, card, make_verdict(found.rows, settings), found.rows)
        return report, make_gallery(release, found, gallery)

    return make


def test_both_files_are_written_and_the_same_each_time(set_up, scenes, reported):
    workspace = set_up(finetuned=scenes.photograph)
    page = write_report(*reported(workspace), workspace.reports)
    data = page.with_suffix(".json")
    first = page.read_bytes(), data.read_bytes()
    write_report(*reported(workspace), workspace.reports)
    assert (page.read_bytes(), data.read_bytes()) == first
    assert page.name == "v1-tiny-0123abcd.html"


def test_no_place_and_no_address_is_in_the_files(set_up, reported):
    workspace = set_up()
    page = write_report(*reported(workspace), workspace.reports)
    for text in (page.read_text(), page.with_suffix(".json").read_text()):
        assert str(workspace.path) not in text
        assert "http" not in text.replace('http-equiv="Content-Security-Policy"', "")
        assert "/somewhere" not in text


def test_captions_are_escaped(set_up, reported):
    page = render(*reported(set_up(captions={0: CAPTION})))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_verdict_comes_first_and_every_row_is_shown(set_up, reported):
    report, gallery = reported(set_up(test=0))
    page = render(report, gallery)
    places = [page.index(f'id="{name}"') for name in ("verdict", "card", "figures", "controls", "pictures")]
    assert places == sorted(places)
    assert escape(report.verdict.headline) in page
    assert page.count('<th scope="row">') == len(report.rows) + sum(1 for row in report.rows if row.controls)
    assert page.count("not measured: the release has no test pictures") >= 4
    assert "not measured: weights absent" in page


def test_json_holds_the_card_and_every_row(set_up, reported):
    workspace = set_up()
    report, gallery = reported(workspace)
    content = json.loads(write_report(report, gallery, workspace.reports).with_suffix(".json").read_text())
    assert content["run"] == "v1-tiny-0123abcd"
    assert len(content["rows"]) == len(report.rows)
    assert content["card"]["conditions"]["sampling"]["16"]["guidance"] == 3.0
    measured = next(row for row in content["rows"] if row["figures"])
    assert {"value", "interval", "p"} == measured["figures"]["difference"].keys()


def test_the_gallery_shows_each_caption_with_its_pictures(set_up, reported):
    _, gallery = reported(set_up(train=6, test=2))
    assert [exhibit.role for exhibit in gallery.exhibits] == ["train"] * 6 + ["test"] * 2
    assert gallery.size_px == 32
    for exhibit in gallery.exhibits:
        assert exhibit.real.startswith("data:image/png;base64,")
        assert len({exhibit.real, exhibit.original}) == 2
        assert (exhibit.nearest is not None) == (exhibit.role == "train")


def test_a_large_gallery_is_thinned_out_and_says_so(set_up, reported):
    report, gallery = reported(set_up(train=10, test=10), gallery=5)
    assert [exhibit.role for exhibit in gallery.exhibits] == ["train"] * 3 + ["test"] * 2
    assert gallery.left_out == 15
    assert "15 more are not shown" in render(report, gallery)


def test_small_pictures_are_lossless_and_large_ones_small():
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8))
    assert data_uri(picture).startswith("data:image/jpeg")
    assert data_uri(picture.resize((64, 64))).startswith("data:image/png")
    assert len(data_uri(picture)) < 128 * 128 * 3


def test_hashes_are_shortened():
    assert told({"n": 3, "sha256": "ab" * 32, "seeds": [1, 2], "none": None}) == (
        "n 3, sha256 abababababab…, seeds 1, 2, none none"
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_the_page_fits_and_its_pictures_load(need, set_up, reported, tmp_path, width):
    chromium = need("chromium")
    workspace = set_up(train=4, test=2, captions={0: "word" * 60, 1: CAPTION})
    page = write_report(*reported(workspace), workspace.reports)
    probe = tmp_path / "probe.html"
    probe.write_text(
        f"""<!doctype html><iframe id="page" src="{page.as_uri()}" width="{width}" height="800"></iframe><p id="told">
        <script>page.onload = () => {{
          const inside = page.contentDocument, images = [...inside.images];
          images.forEach(image => image.loading = "eager");
          Promise.all(images.map(image => image.decode())).then(() => told.textContent = JSON.stringify({{
            wide: inside.documentElement.scrollWidth, images: images.filter(image => image.naturalWidth == 32).length,
            scripts: inside.scripts.length, headline: inside.querySelector("h2").textContent}}));
        }}</script>"""
    )
    line = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--dump-dom"]
    done = subprocess.run(
        [
            *line,
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={width + 60},900",
            "--virtual-time-budget=20000",
            probe.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    found = json.loads(done.stdout.partition('<p id="told">')[2].partition("<")[0] or "{}")
    assert found, done.stderr
    assert found["wide"] <= width
    assert found["images"] == 4 * 4 + 2 * 3
    assert found["scripts"] == 0
    assert found["headline"]
