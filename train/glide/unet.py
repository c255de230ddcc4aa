"""GLIDE's text-conditional UNet: one module for base model, upsampler and their inpainting forms."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from curator.errors import UsageError
from curator.tokens import Tokenizer
from train.glide.attention import PixelAttention, zero_
from train.glide.blocks import Resample, ResBlock, Stage, timestep_embedding
from train.glide.options import Options
from train.glide.precision import GroupNorm, LayerNorm
from train.glide.text_encoder import TextState, Transformer


class Glide(nn.Module):
    """Predicts noise and variance of a picture from a noisy picture, a timestep and a caption.

    Nichol et al. 2021 (arXiv 2112.10741), layers and parameter names as in the released weights. Everything that
    depends on the caption alone is in `encode_text`, the rest in `predict`; `forward` is both.
    """

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        width, emb = options.xf_width, 4 * options.num_channels
        self.transformer = Transformer(width, options.xf_layers, options.xf_heads)
        self.final_ln = LayerNorm(width)
        self.token_embedding = nn.Embedding(Tokenizer.n_vocab, width)
        self.positional_embedding = nn.Parameter(torch.empty(options.text_ctx, width))
        self.padding_embedding = nn.Parameter(torch.empty(options.text_ctx, width))
        self.transformer_proj = nn.Linear(width, emb)
        self.time_embed = nn.Sequential(nn.Linear(options.num_channels, emb), nn.SiLU(), nn.Linear(emb, emb))
        for table in (self.token_embedding.weight, self.positional_embedding, self.padding_embedding):
            nn.init.normal_(table, std=0.02)
        self._build_unet(options, emb)

    def _build_unet(self, options: Options, emb: int) -> None:
        """Make the stages: down with a resize after each level, middle, up with the mirrored skip connections."""

        def res(channels: int, out_channels: int, resample: Resample | None = None) -> ResBlock:
            return ResBlock(channels, out_channels, emb, options.dropout, resample)

        def attention(channels: int, *, up: bool = False) -> PixelAttention:
            return PixelAttention(channels, options.heads(channels, up=up), options.xf_width)

        widths = [mult * options.num_channels for mult in options.level_mult]
        channels = widths[0]
        down = [Stage(nn.Conv2d(options.in_channels, channels, 3, padding=1))]
        skips = [channels]
        for level, width in enumerate(widths):
            attends = 2**level in options.attention_factors
            for _ in range(options.num_res_blocks):
                down.append(Stage(res(channels, width), *([attention(width)] if attends else [])))
                channels = width
                skips.append(channels)
            if level < len(widths) - 1:
                down.append(Stage(res(channels, channels, Resample(up=False))))
                skips.append(channels)
        self.input_blocks = nn.ModuleList(down)
        self.middle_block = Stage(res(channels, channels), attention(channels), res(channels, channels))

        ups = []
        for level, width in reversed(list(enumerate(widths))):
            attends = 2**level in options.attention_factors
            for block in range(options.num_res_blocks + 1):
                stage: list[nn.Module] = [res(channels + skips.pop(), width)]
                channels = width
                if attends:
                    stage.append(attention(width, up=True))
                if level > 0 and block == options.num_res_blocks:
                    stage.append(res(width, width, Resample(up=True)))
                ups.append(Stage(*stage))
        self.output_blocks = nn.ModuleList(ups)
        self.out = nn.Sequential(GroupNorm(channels), nn.SiLU(), nn.Conv2d(channels, 6, 3, padding=1))
        zero_(self.out[-1])

    def forward(
        self,
        x: Tensor,
        timesteps: Tensor,
        tokens: Tensor,
        mask: Tensor,
        low_res: Tensor | None = None,
        inpaint_image: Tensor | None = None,
        inpaint_mask: Tensor | None = None,
    ) -> Tensor:
        """`predict` for captions given as tokens; see there and `encode_text` for shapes."""
        text = self.encode_text(tokens, mask)
        return self.predict(x, timesteps, text, low_res, inpaint_image, inpaint_mask)

    def encode_text(self, tokens: Tensor, mask: Tensor) -> TextState:
        """tokens (B, text_ctx) int64, mask (B, text_ctx) bool, False on padding → states of the captions.

        A padding position holds its padding embedding only. The last position's state is the pooled one.
        """
        if tokens.shape[1:] != (self.options.text_ctx,):
            raise UsageError(f"tokens have shape {tuple(tokens.shape)}; (batch, {self.options.text_ctx}) is needed")
        x = self.token_embedding(tokens) + self.positional_embedding
        x = torch.where(mask.bool()[..., None], x, self.padding_embedding)
        sequence = self.final_ln(self.transformer(x))
        return TextState(self.transformer_proj(sequence[:, -1]), sequence)

    def predict(
        self,
        x: Tensor,
        timesteps: Tensor,
        text: TextState,
        low_res: Tensor | None = None,
        inpaint_image: Tensor | None = None,
        inpaint_mask: Tensor | None = None,
    ) -> Tensor:
        """Noise and variance of a noisy picture.

        x (B, 3, S, S) and pictures in -1..1; timesteps (B,) in 0..diffusion_steps-1; low_res (B, 3, s, s), needed by
        and only allowed for an upsampler; inpaint_image (B, 3, S, S), inpaint_mask (B, 1, S, S) with 1 where a pixel
        is known, both zero where not given, only allowed for an inpainting model.
        Returns (B, 6, S, S): three channels noise, three channels the variance's place between its bounds.
        Raises UsageError where an input does not belong to this kind of model.
        """
        parts = [x, *self._known(x, inpaint_image, inpaint_mask), *self._enlarged(x, low_res)]
        emb = self.time_embed(timestep_embedding(timesteps, self.options.num_channels)) + text.pooled
        keys = iter(text.keys or (layer.project_text(text.sequence) for layer in self.attention_layers))
        h, skips = torch.cat(parts, dim=1).to(self.dtype), []
        for stage in self.input_blocks:
            h = stage(h, emb, keys)
            skips.append(h)
        h = self.middle_block(h, emb, keys)
        for stage in self.output_blocks:
            h = stage(torch.cat([h, skips.pop()], dim=1), emb, keys)
        out: Tensor = self.out(h.to(x.dtype))
        return out

    def with_keys(self, text: TextState) -> TextState:
        """`text` with what every attention layer makes of it, so that no step of a sampling loop does it again."""
        keys = tuple(layer.project_text(text.sequence) for layer in self.attention_layers)
        return TextState(text.pooled, text.sequence, keys)

    @property
    def attention_layers(self) -> list[PixelAttention]:
        """The UNet's attention layers in the order in which a picture passes them."""
        return [layer for layer in self.modules() if isinstance(layer, PixelAttention)]

    @property
    def dtype(self) -> torch.dtype:
        """Type in which the UNet computes; the picture that goes in and the prediction are float32."""
        return next(self.input_blocks.parameters()).dtype

    def _known(self, x: Tensor, image: Tensor | None, mask: Tensor | None) -> list[Tensor]:
        if not self.options.inpaint:
            if image is not None or mask is not None:
                raise UsageError("inpaint_image and inpaint_mask need a model built with inpaint=True")
            return []
        image = torch.zeros_like(x) if image is None else image
        mask = torch.zeros_like(x[:, :1]) if mask is None else mask
        return [image * mask, mask]

    def _enlarged(self, x: Tensor, low_res: Tensor | None) -> list[Tensor]:
        if self.options.super_res != (low_res is not None):
            need = "needs" if self.options.super_res else "does not take"
            raise UsageError(f"this model {need} low_res (super_res={self.options.super_res})")
        if low_res is None:
            return []
        return [F.interpolate(low_res, x.shape[2:], mode="bilinear", align_corners=False)]
