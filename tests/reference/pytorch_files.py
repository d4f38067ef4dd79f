"""Writes what torch.save can leave in a .pt file, for tests/core/pytorch.rs, into
tests/fixtures/pytorch/:

  state_dict.pt    a state dict, as the page asks for it
  parameters.pt    the same as a plain dict of Parameters
  views.pt         tensors with strides and offsets, several in one storage
  types.pt         float16, bfloat16 and float64
  checkpoint.pt    a state dict beside an optimizer's, the epoch, the seed and the loss
  two.pt           two state dicts
  mixed.pt         a state dict beside a tensor of its own
  counter.pt       a state dict with batch normalization, which counts in int64
  entry.pt         a dict with an entry that is no tensor
  tensor.pt        a tensor alone
  model.pt         torch.save(model): the object, not its state dict
  legacy.pt        a state dict in the format before PyTorch 1.6
  hostile.pt       a pickle that runs a command when Python loads it
  repacked.pt      state_dict.pt, packed anew by another program, without its byte order
  deflated.pt      likewise, but compressed
  big.pt           likewise, said to be of a big-endian machine
  other.zip        a ZIP archive that torch.save did not write

Run from the repository's top:

  python3 -m venv venv && venv/bin/pip install -r tests/reference/requirements.txt
  venv/bin/python tests/reference/pytorch_files.py
"""

import os
import zipfile
from pathlib import Path

import torch
from torch import nn

OUT = Path(__file__).parent.parent / "fixtures" / "pytorch"


class Net(nn.Module):
    """4-3-2. Its parameters are quarters, counted up from -2.5, to be told apart in tests."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 3)
        self.out = nn.Linear(3, 2)
        numbers = torch.arange(100) / 4 - 2.5
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(numbers[: parameter.numel()].view_as(parameter))
                numbers = numbers[parameter.numel() :]

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


class Hostile:
    def __reduce__(self):
        return os.system, ("touch the-pickle-ran",)


def repack(name, method=zipfile.ZIP_STORED, byteorder=None):
    with zipfile.ZipFile(OUT / "state_dict.pt") as old, zipfile.ZipFile(OUT / name, "w", method) as new:
        for entry in old.infolist():
            if not entry.filename.endswith("/byteorder"):
                new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry), method)
            elif byteorder:
                new.writestr(zipfile.ZipInfo(entry.filename), byteorder)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    net = Net()
    adam = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 4)).sum().backward()
    state = Net().state_dict()
    adam.step()

    numbers = torch.arange(12.0).view(3, 4)
    files = {
        "state_dict": state,
        "parameters": dict(Net().named_parameters()),
        "views": {
            "whole": numbers,
            "transposed": numbers.T,
            "corner": numbers[1:, ::2],
            "repeated": torch.tensor([[1.0], [2.0]]).expand(2, 3),
            "scalar": torch.tensor(2.5),
            "empty": torch.zeros(0, 3),
            "cube": torch.arange(24.0).view(2, 3, 4).permute(2, 0, 1),
        },
        "types": {
            "half": torch.tensor([1.5, -2.0, 65504, 2**-24, -(2**-14), torch.inf, -torch.inf, 0.0]).half(),
            "bfloat16": torch.tensor([1.5, -2.0, 2.0**100, -torch.inf]).bfloat16(),
            "double": torch.tensor([0.1, -1e300], dtype=torch.float64),
        },
        "checkpoint": {
            "epoch": 3,
            "seed": 2**40,
            "model_state_dict": state,
            "optimizer_state_dict": adam.state_dict(),
            "loss": 0.25,
        },
        "two": {"first": state, "second": state},
        "mixed": {"model": state, "loss": torch.tensor(0.25)},
        "counter": nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)).state_dict(),
        "entry": {**state, "epoch": 3},
        "tensor": numbers,
        "model": Net(),
        "hostile": {"weight": numbers, "bias": Hostile()},
    }
    for name, value in files.items():
        torch.save(value, OUT / f"{name}.pt")
    torch.save(state, OUT / "legacy.pt", _use_new_zipfile_serialization=False)
    repack("repacked.pt")
    repack("deflated.pt", zipfile.ZIP_DEFLATED)
    repack("big.pt", byteorder="big")
    with zipfile.ZipFile(OUT / "other.zip", "w") as other:
        other.writestr(zipfile.ZipInfo("config.json"), "{}")


if __name__ == "__main__":
    main()
