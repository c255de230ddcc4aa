"""Released weights come from a server that serves well, breaks off, lies, is slow, or says no."""

import hashlib
import io

import pytest
import torch

from curator.errors import InputError, ServiceError
from curator.fetch import Patience
from train.glide.known import KNOWN_MODELS
from train.glide.weights import load_model, read_weights
from train.weights.fetch import fetch

QUICK = Patience(timeout_s=5, waits_s=(0, 0))


def saved(state):
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


@pytest.fixture
def serve(server, catalogue, ant_weights, tmp_path):
    """`serve("good", body)`: fetch the ant from a server that has it, or `body`, and behaves so."""

    def call(behaviour, body=None):
        server.files["ant.pt"] = saved(ant_weights) if body is None else body
        return fetch(catalogue[0], tmp_path / "weights", f"{server.url}/{behaviour}/", QUICK)

    return call


@pytest.mark.parametrize("behaviour", ["good", "breaks_off_once", "busy_once", "slow"])
def test_weights_arrive_whole_and_open(serve, server, tmp_path, ant_weights, catalogue, behaviour):
    path = serve(behaviour)
    assert path == tmp_path / "weights" / "ant.pt"
    assert path.read_bytes() == server.files["ant.pt"]
    assert names(path.parent) == ["ant.pt", "ant.pt.sha256"]
    assert (path.parent / "ant.pt.sha256").read_text().startswith(hashlib.sha256(path.read_bytes()).hexdigest())
    model = load_model(path, catalogue[0].model.options)
    assert torch.equal(model.token_embedding.weight, ant_weights["token_embedding.weight"])


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("404", "404 Not Found"),
        ("500", "500 Internal Server Error"),
        ("web_page", "a web page instead of a file"),
        ("disguised_page", r"ant\.pt: not readable as weights: it is no state dict"),
        ("says_less", r"ant\.pt: not readable as weights"),
    ],
)
def test_an_answer_that_is_not_the_weights_is_never_kept(serve, server, tmp_path, behaviour, said):
    with pytest.raises(ServiceError, match=said) as caught:
        serve(behaviour)
    assert f"{server.url}/{behaviour}/ant.pt" in caught.value.message
    assert names(tmp_path / "weights") == []


def test_more_announced_than_sent_is_kept_as_a_part(serve, tmp_path):
    with pytest.raises(ServiceError, match="broke off"):
        serve("says_more")
    assert names(tmp_path / "weights") == ["ant.pt.part", "ant.pt.part.json"]


def test_a_well_formed_file_of_another_model_is_named_and_not_kept(serve, hollow, tmp_path):
    tiny = next(model for model in KNOWN_MODELS if model.name == "tiny-upsample")
    with pytest.raises(ServiceError, match=r"not the weights of ant: .*they are the weights of tiny-upsample"):
        serve("good", hollow(tiny))
    assert names(tmp_path / "weights") == []
    assert serve("good").is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda state: state.pop("out.2.bias"), "1 missing: out.2.bias"),
        (lambda state: state.update(more=torch.zeros(1)), "1 unknown: more"),
        (lambda state: state.update({"out.2.bias": torch.zeros(5)}), r"out\.2\.bias \(5,\), not \(6,\)"),
    ],
    ids=["missing", "unknown", "misshapen"],
)
def test_a_key_that_does_not_fit_is_named(serve, ant_weights, change, said):
    state = dict(ant_weights)
    change(state)
    with pytest.raises(ServiceError, match=said):
        serve("good", saved(state))


def test_what_is_there_is_not_fetched_again(serve, server):
    assert serve("good") == serve("404")
    assert len(server.seen) == 1


def test_a_converted_file_counts_as_there(serve, server, catalogue, ant_weights, tmp_path):
    from train.glide.weights import write_weights

    write_weights(tmp_path / "weights" / "ant.safetensors", ant_weights)
    assert serve("404") == tmp_path / "weights" / "ant.safetensors"
    assert server.seen == []


def test_what_was_damaged_since_is_noticed(serve):
    path = serve("good")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="its sha256 is"):
        serve("good")


def test_another_model_put_there_by_hand_is_refused_and_left_alone(serve, catalogue, tmp_path):
    path = tmp_path / "weights" / "ant.pt"
    path.parent.mkdir()
    torch.save(catalogue[1].model.build().state_dict(), path)
    with pytest.raises(InputError, match="not the weights of ant: 1 of another shape"):
        serve("good")
    assert path.is_file()


def test_a_server_whose_file_changed_is_refused(serve, server, ant_weights):
    path = serve("good")
    first = read_weights(path)
    path.unlink()
    with pytest.raises(ServiceError, match="expected"):
        serve("good", saved({key: value + 1 for key, value in first.items()}))
    assert not path.exists()
