"""CLIP trained on noisy pictures (Nichol et al. 2021, 2.4): captions and half-denoised pictures in one space."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from curator.errors import UsageError
from curator.tokens import ClipTokenizer
from train.glide.clip.options import ClipOptions
from train.glide.clip.tower import ImageTower, TextTower


class NoisedClip(nn.Module):
    """A text tower and an image tower, each with the parameter names of its released file.

    It guides a sampler and is not trained here, so its weights ask for no gradient; pictures may.
    """

    def __init__(self, options: ClipOptions) -> None:
        super().__init__()
        self.options = options
        self.text = TextTower(options)
        self.image = ImageTower(options)
        self.requires_grad_(False)

    def encode_text(self, prompts: Sequence[str]) -> Tensor:
        """Embeddings of captions, each of length 1: (n, n_embd) in the weights' type and on their device.

        A caption of more tokens than `max_text_len` is cut, and its end token kept. Raises MissingExtra if CLIP's
        vocabulary is not installed.
        """
        tokenizer, context = ClipTokenizer(), self.options.max_text_len
        padded = [tokenizer.pad(tokenizer.encode(prompt), context) for prompt in prompts]
        tokens = torch.tensor([row for row, _ in padded], dtype=torch.int64, device=self.device)
        lengths = torch.tensor([length for _, length in padded], dtype=torch.int64, device=self.device)
        embeddings: Tensor = self.text(tokens.view(len(padded), context), lengths)
        return embeddings

    def encode_image(self, x: Tensor, timesteps: Tensor) -> Tensor:
        """Embeddings of noisy pictures, each of length 1: (B, n_embd) in the weights' type.

        x (B, 3, S, S) where a clean picture lies in -1..1, S the CLIP's own `image_size`; timesteps (B,) int64 in
        0..n_timesteps-1, of the full schedule. Raises UsageError for pictures of another size.
        """
        side = self.options.image_size
        if x.shape[1:] != (3, side, side):
            raise UsageError(
                f"the noised CLIP sees pictures of {side} x {side} px in 3 channels, not of shape {tuple(x.shape)}",
                hint=f"guide a model of {side} px with it, not an upsampler",
            )
        embeddings: Tensor = self.image(x.to(self.dtype), timesteps)
        return embeddings

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.image.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """Type of the weights."""
        return next(self.image.parameters()).dtype
