import pytest
import torch

from curator.errors import ConfigError, InputError
from train.checkpoint import all_checkpoints
from train.config import resolve
from train.glide.weights import read_weights, write_weights
from train.models import first_model, model_options, released_weights


def parameters(model):
    return sum(value.numel() for value in model.parameters())


def test_the_tiny_pair_is_a_few_million_parameters():
    options = model_options(resolve({}, "tiny"))
    sizes = {name: parameters(first_model(name, options[name], 0, None)) for name in options}
    assert (options["base"].image_size, options["upsampler"].image_size) == (32, 128)
    assert all(2e6 < size < 10e6 for size in sizes.values()), sizes


def test_the_glide_pair_is_the_published_one(settings):
    options = model_options(resolve({"preset": "glide"}, "tiny"))
    with torch.device("meta"):
        sizes = [parameters(first_model(name, options[name], 0, None)) for name in options]
    assert sizes == [385_030_726, 398_361_286]
    assert (options["base"].image_size, options["upsampler"].image_size) == (64, 256)


def test_first_weights_follow_from_the_seed_and_leave_other_draws_alone(settings):
    options = model_options(resolve(settings(), "tiny"))["base"]
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    one, same, other = (first_model("base", options, seed, None).token_embedding.weight for seed in (0, 0, 1))
    assert torch.equal(torch.rand(4), expected)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"base": {"image_size": 24, "channel_mult": "1,2"}}, "multiple of base.image_size"),
        ({"upsampler": {"image_size": 32}}, "multiple of base.image_size"),
        ({"base": {"super_res": True}}, "super_res"),
        ({"base": {"text_ctx": 64}}, "text_ctx"),
        ({"base": {"num_chanels": 64}}, "did you mean 'num_channels'"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_pair_that_does_not_fit_together_is_refused(changes, said):
    with pytest.raises(ConfigError) as refused:
        model_options(resolve(changes, "tiny"))
    assert said in str(refused.value)


def test_released_weights_are_both_files_or_none(tmp_path):
    assert released_weights(tmp_path) is None
    (tmp_path / "base.pt").touch()
    assert released_weights(tmp_path) is None
    (tmp_path / "upsample.safetensors").touch()
    assert released_weights(tmp_path) == {
        "base": tmp_path / "base.pt", "upsampler": tmp_path / "upsample.safetensors",
    }  # fmt: skip


def ant_files(folder, settings, seed):
    """Weights of ants under the names of the released files."""
    folder.mkdir()
    for name, options in model_options(resolve(settings(), "tiny")).items():
        stem = {"base": "base", "upsampler": "upsample"}[name]
        write_weights(folder / f"{stem}.safetensors", first_model(name, options, seed, None).state_dict())


def test_a_run_of_the_glide_preset_begins_with_the_released_weights(place, settings, train_run):
    workspace = place(preset="glide", weights="released", steps=1)
    ant_files(workspace.path / "released", settings, seed=77)
    run = train_run(workspace).run
    first = all_checkpoints(run.checkpoints)[0].folder
    assert torch.equal(
        read_weights(first / "base.safetensors")["token_embedding.weight"],
        read_weights(workspace.path / "released" / "base.safetensors")["token_embedding.weight"],
    )


def test_released_weights_that_are_not_what_was_fetched_are_refused(place, settings, train_run):
    workspace = place(preset="glide", weights="released", steps=1)
    ant_files(workspace.path / "released", settings, seed=77)
    recorded = workspace.path / "released" / "upsample.safetensors.sha256"
    recorded.write_text(f"{'0' * 64}  upsample.safetensors\n")
    with pytest.raises(InputError, match=f"recorded was {'0' * 64}"):
        train_run(workspace)


def test_the_glide_preset_without_weights_says_what_belongs_where(place, train_run):
    workspace = place(preset="glide", weights="released")
    with pytest.raises(InputError) as refused:
        train_run(workspace)
    assert "base.pt and upsample.pt" in refused.value.message
    assert "train weights fetch base upsample --to" in refused.value.hint
    assert str(workspace.path / "released") in refused.value.message
    assert not workspace.runs.exists()


def test_the_choice_of_the_preset_is_printed(place, settings, train_run, capsys):
    workspace = place(steps=1, weights="released")
    text = (workspace.path / "curator.toml").read_text().replace('preset = "tiny"\n', "")
    (workspace.path / "curator.toml").write_text(text)
    workspace = type(workspace).find(workspace.path)
    assert train_run(workspace).run.config.preset == "tiny"
    assert "preset tiny: the released weights are not here" in capsys.readouterr().err
    ant_files(workspace.path / "released", settings, seed=7)
    assert train_run(workspace).run.config.preset == "glide"
    assert "preset glide: the released weights are here" in capsys.readouterr().err
