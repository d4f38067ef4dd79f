"""Images for channels of LeNet-5's convolutions in PyTorch, on the shipped weights.

Writes lenet5-channels.safetensors, beside this script, for tests/core/parity.rs. It has the runs of the channels
CHANNELS for every layer and position of OBJECTIVES, which are named like `channel-conv2-center` in an address:

  start         [1, 1, 28, 28]          the image that every run begins with
  NAME.losses   [channels, n]           at every iteration: minus the channel's value, plus the penalty
  NAME.images   [channels, 28, 28]      after n iterations

Run from the repository's top:

  python3 -m venv venv && venv/bin/pip install -r tests/reference/requirements.txt
  venv/bin/python tests/reference/channels.py
"""

from pathlib import Path

import torch
from networks import LeNet5
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

HERE = Path(__file__).parent
WEIGHTS = HERE.parent.parent / "www" / "weights"
CHANNELS = [0, 5]
ITERATIONS = 30
L2 = 0.02
# The layer, and the row and column of its map; None for the average.
OBJECTIVES = {
    "channel-conv1": ("conv1", None),
    "channel-conv1-center": ("conv1", (12, 12)),
    "channel-conv1-at-0-23": ("conv1", (0, 23)),
    "channel-conv2": ("conv2", None),
    "channel-conv2-center": ("conv2", (4, 4)),
    "channel-conv2-at-7-2": ("conv2", (7, 2)),
}


def maps(model, layer, image):
    """What a convolution gives, before the activation function and pooling."""
    first = model.conv1(image)
    return first if layer == "conv1" else model.conv2(F.max_pool2d(F.relu(first), 2))


def maximize(model, channel, layer, position, start):
    image = start.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([image], lr=0.02, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for _ in range(ITERATIONS):
        optimizer.zero_grad()
        of_channel = maps(model, layer, image)[0, channel]
        value = of_channel.mean() if position is None else of_channel[position]
        loss = L2 * image.square().sum() - value
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), image.detach()[0, 0]


def main():
    model = LeNet5()
    model.load_state_dict(load_file(WEIGHTS / "lenet5.safetensors"))
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    start = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 0.01
    tensors = {"start": start}
    for name, (layer, position) in OBJECTIVES.items():
        runs = [maximize(model, channel, layer, position, start) for channel in CHANNELS]
        losses, images = (torch.stack(parts) for parts in zip(*runs))
        tensors |= {f"{name}.losses": losses, f"{name}.images": images}
        print(name, "losses at first and last:", losses[:, [0, -1]].tolist())
    save_file(tensors, HERE / "lenet5-channels.safetensors")


if __name__ == "__main__":
    main()
