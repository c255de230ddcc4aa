"""What the tests of released weights share: models for ants, files of full-size shapes, a server that misbehaves."""

import io
import time

import pytest
import torch

from train.glide.known import glide_model
from train.glide.released import Released

ANT = {
    "image_size": 8, "num_channels": 32, "num_res_blocks": 1, "channel_mult": "1,1", "num_head_channels": 32,
    "attention_resolutions": "4", "xf_width": 8, "xf_layers": 1, "xf_heads": 1, "text_ctx": 4,
}  # fmt: skip
CATALOGUE = (
    Released(glide_model("ant", "for ants", ANT), "ant.pt"),
    Released(glide_model("ant-inpaint", "for ants in gardens", {**ANT, "inpaint": True}), "ant_inpaint.pt"),
)


def saved(state):
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


@pytest.fixture
def catalogue():
    """Two released models small enough for ants."""
    return CATALOGUE


@pytest.fixture
def ant_weights():
    """Fresh weights of the first model of the catalogue."""
    torch.manual_seed(4)
    return CATALOGUE[0].model.build().state_dict()


@pytest.fixture
def hollow():
    """A `.pt` with all keys and shapes of a known model and one stored number a tensor: full size, yet small."""
    return lambda model: saved({key: torch.zeros(()).expand(shape) for key, shape in model.shapes.items()})


class Behaviours:
    """How a server may hand out its `files`; the second part of the path names one."""

    @property
    def file(self):
        return self.server.files[self.path.split("/")[2]]

    def good(self, count, cut=None):
        body = self.file
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        headers = {"ETag": '"v1"'}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.answer(206 if start else 200, body[start:][:cut], headers, length=len(body) - start)

    def breaks_off_once(self, count):
        body = self.file
        self.good(count, cut=len(body) // 2 if count == 1 else None)

    def busy_once(self, count):
        self.answer(503, b"later") if count == 1 else self.good(count)

    def slow(self, count):
        body = self.file
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for start in range(0, len(body), 1 + len(body) // 5):
            self.wfile.write(body[start : start + 1 + len(body) // 5])
            time.sleep(0.05)

    def stalls_once(self, count):
        body = self.file
        if count > 1:
            return self.good(count)
        self.send_response(200)
        self.send_header("ETag", '"v1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:70_000])
        self.server.closing.wait(60)

    def says_less(self, count):
        body = self.file
        self.answer(200, body, length=len(body) // 2)

    def says_more(self, count):
        body = self.file
        self.answer(200, body, length=len(body) + 1000)

    def web_page(self, count):
        self.answer(200, b"<html>log in first</html>", {"Content-Type": "text/html; charset=utf-8"})

    def disguised_page(self, count):
        self.answer(200, b"<html>log in first</html>", {"Content-Type": "application/octet-stream"})


@pytest.fixture
def server(serve):
    """A web server; `server.files` maps names to bytes, `server.url/BEHAVIOUR/name` is where they are."""
    return serve(Behaviours)
