"""CLIP guidance: which way a noisy picture has to change for a noised CLIP to find more of a caption in it."""

from collections.abc import Sequence

import torch
from torch import Tensor

from curator.errors import UsageError
from train.glide.clip.noised_clip import NoisedClip
from train.glide.denoising import Gradient
from train.glide.options import Options


def clip_gradient(clip: NoisedClip, prompts: Sequence[str], scale: float) -> Gradient:
    """∇ₓ scale · logit_scale · Σ z(xₜ)·z(caption), the gradient of Nichol et al. 2021, section 2.4.

    `prompts` are the captions of a batch in its order, or one for all its pictures; they are embedded here, once. The
    gradient may be called under `torch.inference_mode`; it has the device and type of its pictures. Raises MissingExtra
    where CLIP's vocabulary is not installed. The gradient raises UsageError for pictures of another size than the
    CLIP's and for another number of them.
    """
    with torch.inference_mode(False), torch.no_grad():  # what inference mode makes, no gradient can be taken through
        captions = clip.encode_text(prompts)

    def gradient(x: Tensor, timesteps: Tensor) -> Tensor:
        if len(captions) not in (1, len(x)):
            raise UsageError(f"{len(captions)} captions guide {len(x)} pictures; give one caption, or one for each")
        with torch.inference_mode(False), torch.enable_grad():
            x = x.detach().clone().requires_grad_()
            likeness = (clip.encode_image(x, timesteps.clone()) * captions).sum()
            (slope,) = torch.autograd.grad(scale * clip.options.logit_scale * likeness, x)
        return slope

    return gradient


def check_guides(clip: NoisedClip, options: Options) -> None:
    """Raise UsageError unless the noised CLIP knows the pictures and the noise of the model that it shall guide."""
    own, model = clip.options, options
    differences = [
        f"{what} {theirs}, not {mine}"
        for what, mine, theirs in (
            ("image size", own.image_size, model.image_size),
            ("timesteps", own.n_timesteps, model.diffusion_steps),
            ("noise schedule", own.beta_schedule, model.noise_schedule),
        )
        if mine != theirs
    ]
    if differences:
        raise UsageError(
            f"the noised CLIP cannot guide this model, which has {'; '.join(differences)}",
            hint="guide the released base model, or use classifier-free guidance",
        )
