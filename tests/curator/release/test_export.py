import hashlib
import io
import shutil
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from curator.blobs import Blobs
from curator.errors import GateError, InputError
from curator.record import Image, Source
from curator.release import newest_release, read_release
from curator.release.export import export
from curator.release.formats import FORMATS
from curator.release.options import Options
from curator.release.sample import SCHEMA
from curator.release.verify import verify
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

BOTH = pytest.mark.parametrize("format_", sorted(FORMATS))


def contents(folder):
    """Relative path → sha256 of every file below a folder."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture
def ready(filled, write):
    """`filled`, with its last caption written and its owls held out."""
    write("11.png", "ada", "picture number 11")
    return filled


@BOTH
def test_a_release_gives_back_captions_pixels_and_where_they_come_from(ready, store_of, picture, format_):
    done = export(ready, store_of(ready), Options(format_))
    release = read_release(done.folder)
    assert [sample.source for sample in sorted(release.samples, key=lambda each: each.source)] == [
        f"{number:02d}.png" for number in range(12)
    ]
    for sample in release.samples:
        number = int(sample.source[:2])
        assert sample.caption == f"picture number {number}"
        with Pillow.open(io.BytesIO(picture(number))) as original:
            assert release.picture(sample).tobytes() == original.convert("RGB").tobytes()
        assert (sample.transforms, sample.parents, sample.noise_level) == (("identity",), (), 0.0)
        assert hashlib.sha256(release.picture_bytes(sample)).hexdigest() == sample.blob
    assert len(release.split("train")) + len(release.split("test")) == 12
    assert (
        len({sample.subject for sample in release.split("test")} & {each.subject for each in release.split("train")})
        == 0
    )


@BOTH
def test_the_same_store_and_settings_give_the_same_bytes(ready, store_of, tmp_path, format_):
    shutil.copytree(ready.path, tmp_path / "copy")
    first = export(ready, store_of(ready), Options(format_)).folder
    copy = Workspace.find(tmp_path / "copy")
    second = export(copy, store_of(copy), Options(format_)).folder
    assert contents(first) == contents(second)
    assert str(tmp_path) not in (first / "release.json").read_text()


def test_nothing_new_is_written_when_nothing_changed(ready, store_of, write):
    store = store_of(ready)
    assert export(ready, store, Options()).is_new
    assert not export(ready, store, Options()).is_new
    assert export(ready, store, Options("sidecar")).folder.name == "v2"
    write("00.png", "ben", "another text")
    assert export(ready, store, Options("sidecar")).folder.name == "v3"
    assert [row.name for row in store.history.releases()] == ["v1", "v2", "v3"]
    assert newest_release(ready.releases).name == "v3"


def test_unready_pictures_stop_the_export_or_are_left_out(filled, store_of, write):
    store = store_of(filled)
    first = write("00.png", "ada", "one")
    for text in ("two", "three"):
        store.captions.submit(Writing(first.image, "ada", text, base=first.id))
    with pytest.raises(GateError, match=r"(?s)2 pictures are not ready.*00\.png: conflict.*11\.png: no caption"):
        export(filled, store, Options())
    assert not filled.releases.exists()
    done = export(filled, store, Options(skip_unready=True))
    assert done.plan.about["counts"]["samples"] == 10
    assert read_release(done.folder).about["left_out"] == [["00.png", "conflict"], ["11.png", "no caption"]]


def test_several_captions_of_a_picture_are_several_samples(ready, store_of, write):
    write("00.png", "ada", "another view of it", slot=1)
    release = read_release(export(ready, store_of(ready), Options()).folder)
    of_first = [sample for sample in release.samples if sample.source == "00.png"]
    assert [sample.caption for sample in of_first] == ["picture number 0", "another view of it"]
    assert len({sample.sample_id for sample in release.samples}) == 13


def test_anonymous_leaves_authors_out(ready, store_of):
    release = read_release(export(ready, store_of(ready), Options(anonymous=True)).folder)
    assert {sample.author for sample in release.samples} == {""}
    assert b"ada" not in (release.folder / "records.parquet").read_bytes()


def test_the_real_readers_prove_a_webdataset(ready, store_of):
    assert export(ready, store_of(ready), Options()).proved_by == ("curator", "webdataset", "datasets")


def test_records_have_the_documented_columns(ready, store_of):
    folder = export(ready, store_of(ready), Options()).folder
    assert pq.read_schema(folder / "records.parquet").equals(SCHEMA)


def test_pictures_of_several_formats_are_proved_too(ready, store_of, put_picture, picture):
    store = store_of(ready)
    for number, kind in enumerate(("JPEG", "WEBP"), 20):
        image = put_picture(store, Blobs(ready.blobs), picture(number, kind), f"{number}.{kind.lower()}", "cat")
        store.captions.submit(Writing(image, "ada", kind))
    release = read_release(export(ready, store, Options()).folder)
    assert {sample.format for sample in release.samples} == {"PNG", "JPEG", "WEBP"}


@BOTH
@pytest.mark.parametrize("damage", ["change", "remove", "add"])
def test_tampering_is_found(ready, store_of, run, format_, damage):
    folder = export(ready, store_of(ready), Options(format_)).folder
    victim = sorted(file for file in (folder / "data").rglob("*") if file.is_file())[0]
    if damage == "change":
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(bytes(content))
    elif damage == "remove":
        victim.unlink()
    else:
        victim.with_name("zz.txt").write_text("x")
    with pytest.raises(GateError):
        verify(folder)
    run("curator", "verify", cwd=ready.path, code=4)


def test_records_that_do_not_match_the_plan_are_found(ready, store_of):
    done = export(ready, store_of(ready), Options())
    other = [replace(sample, caption="something else") for sample in done.plan.samples]
    with pytest.raises(GateError, match="does not hold what was exported"):
        verify(done.folder, other)


def test_a_half_written_release_is_never_picked_up(ready, store_of):
    store = store_of(ready)
    blob = store.records.all()[5].image.blob
    path = Blobs(ready.blobs).path(blob)
    path.rename(path.with_suffix(".gone"))
    with pytest.raises(Exception, match="missing"):
        export(ready, store, Options())
    assert list(ready.releases.iterdir()) == []
    with pytest.raises(InputError, match="no release"):
        newest_release(ready.releases)


@pytest.mark.parametrize("name", ["../out", ".hidden", "a/b", "v1"])
def test_a_release_name_cannot_leave_the_folder_or_be_taken(ready, store_of, name):
    store = store_of(ready)
    export(ready, store, Options())
    with pytest.raises(InputError, match="cannot be the name"):
        export(ready, store, Options("sidecar"), name)


@pytest.mark.parametrize("content", [None, "{", "{}"], ids=["missing", "no JSON", "no layout"])
def test_a_folder_that_is_no_release_is_refused(ready, store_of, content):
    folder = export(ready, store_of(ready), Options()).folder
    about = folder / "release.json"
    about.unlink() if content is None else about.write_text(content)
    with pytest.raises(InputError):
        read_release(folder)


CAPTIONS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1, max_size=6
)


@BOTH
@given(captions=CAPTIONS, data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_export_and_read_back_is_the_identity(tmp_path_factory, format_, captions, data):
    folder = tmp_path_factory.mktemp("set")
    (folder / "curator.toml").write_text('name = "any"\n')
    workspace = Workspace.find(folder)
    store, blobs = open_store(workspace, create=True), Blobs(workspace.blobs)
    expected = {}
    for number, caption in enumerate(captions):
        pixels = data.draw(st.binary(min_size=12, max_size=12))
        buffer = io.BytesIO()
        Pillow.frombytes("RGB", (2, 2), pixels).resize((2, 2 + number)).save(buffer, "PNG")
        blob = blobs.put(buffer.getvalue())
        store.pictures.add(Image(blob, blob, 2, 2 + number, "PNG", subject=str(number)))
        store.pictures.save_source(Source("any", f"{number}.png", "image", 1, 1, blob))
        store.captions.submit(Writing(blob, "", caption, origin="import"))
        if caption.strip():
            expected[blob] = caption
    if expected:
        release = read_release(export(workspace, store, Options(format_, skip_unready=True)).folder)
        assert {sample.image_id: sample.caption for sample in release.samples} == expected
        for sample in release.samples:
            assert release.picture_bytes(sample) == blobs.read(sample.image_id)
    store.close()
