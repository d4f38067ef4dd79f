"""Trains two small networks as a student would, and writes them as a student would hand them in.

Into tests/fixtures/own/, each of them less than 110 kB:

  my_mlp_drop.safetensors, .pt   784-32-16-10 with ReLU and dropout; pixels 0 to 1
  my_mlp_keras.safetensors       the same network with Keras's names and [in, out] kernels
  my_lenet.safetensors, .pt      a LeNet out of nn.Sequential: tanh, average pooling, padding 2 in the
                                 first convolution; pixels normalized, (x − 0.1307) / 0.3081
  my_lenet_keras.safetensors     the same network as Keras would have it: kernels [height, width, in,
                                 out] and [in, out], maps flattened pixel by pixel
  reference.json                 what PyTorch reads of MNIST's test images and of the page's
                                 prototypes, and the log-probabilities of five prototypes

Run from the repository's top, with MNIST's four files (gzipped) in DIR:

  python3 -m venv venv && venv/bin/pip install -r tests/reference/requirements.txt
  venv/bin/python tests/reference/own_networks.py DIR
"""

import gzip
import json
import re
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

TOP = Path(__file__).parent.parent.parent
OUT = TOP / "tests" / "fixtures" / "own"
PROTOTYPES = TOP / "www" / "weights" / "prototypes.safetensors"
# Of the hundred, ten a digit: one each of 0, 2, 4, 7 and 9.
CHOSEN = [0, 25, 41, 73, 98]
NORMALIZED = (0.1307, 0.3081)
EPOCHS = 6


class my_MLP_drop(nn.Module):
    """With the names that a notebook has."""

    def __init__(self):
        super().__init__()
        self.hidden_1 = nn.Linear(784, 32)
        self.hidden_2 = nn.Linear(32, 16)
        self.out = nn.Linear(16, 10)
        self.drop = nn.Dropout(0.05)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = self.drop(self.relu(self.hidden_1(x)))
        x = self.drop(self.relu(self.hidden_2(x)))
        return torch.log_softmax(self.out(x), dim=1)


def lenet():
    """Its parameters are called 0, 3, 7, 9 and 11."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, padding=2),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(4, 8, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(8 * 5 * 5, 40),
        nn.Tanh(),
        nn.Linear(40, 20),
        nn.Tanh(),
        nn.Linear(20, 10),
        nn.LogSoftmax(dim=1),
    )


def mnist(directory, part):
    pixels = gzip.open(Path(directory) / f"{part}-images-idx3-ubyte.gz").read()[16:]
    labels = gzip.open(Path(directory) / f"{part}-labels-idx1-ubyte.gz").read()[8:]
    images = np.frombuffer(pixels, np.uint8).reshape(-1, 1, 28, 28).astype(np.float32) / 255
    return torch.from_numpy(images), torch.from_numpy(np.frombuffer(labels, np.uint8).astype(np.int64))


def train(model, images, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    batches = len(images) // 64
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        order = torch.randperm(len(images))[: batches * 64]
        for rows in order.split(64):
            optimizer.zero_grad()
            nn.functional.nll_loss(model(images[rows]), labels[rows]).backward()
            optimizer.step()
            schedule.step()
    model.eval()


@torch.no_grad()
def right(model, images, labels):
    return (model(images).argmax(1) == labels).sum().item()


def keras(model):
    """The dense layers by Keras's names, kernels [in, out]."""
    layers = [model.hidden_1, model.hidden_2, model.out]
    tensors = {}
    for index, layer in enumerate(layers):
        name = f"dense_{index}" if index else "dense"
        tensors[f"{name}/kernel"] = layer.weight.detach().T.contiguous()
        tensors[f"{name}/bias"] = layer.bias.detach()
    return tensors


def keras_lenet(model):
    """All layers by Keras's names and in its layout, which has the maps' number last."""
    tensors = {}
    for name, layer in [("conv2d", model[0]), ("conv2d_1", model[3])]:
        tensors[f"{name}/kernel"] = layer.weight.detach().permute(2, 3, 1, 0).contiguous()
        tensors[f"{name}/bias"] = layer.bias.detach()
    maps = model[7].weight.detach().reshape(-1, 8, 5, 5)
    tensors["dense/kernel"] = maps.permute(2, 3, 1, 0).reshape(200, -1).contiguous()
    tensors["dense/bias"] = model[7].bias.detach()
    for name, layer in [("dense_1", model[9]), ("dense_2", model[11])]:
        tensors[f"{name}/kernel"] = layer.weight.detach().T.contiguous()
        tensors[f"{name}/bias"] = layer.bias.detach()
    return tensors


def main(directory):
    torch.manual_seed(0)
    OUT.mkdir(parents=True, exist_ok=True)
    train_images, train_labels = mnist(directory, "train")
    test_images, test_labels = mnist(directory, "t10k")
    prototypes = load_file(PROTOTYPES)["prototypes"].reshape(-1, 1, 28, 28).float() / 255
    digits = torch.arange(100) // 10

    reference = {"prototypes": CHOSEN, "networks": {}}
    for name, model, (mean, std) in [
        ("my_mlp_drop", my_MLP_drop(), (0.0, 1.0)),
        ("my_lenet", lenet(), NORMALIZED),
    ]:
        shown = lambda images: (images - mean) / std
        train(model, shown(train_images), train_labels)
        torch.save(model.state_dict(), OUT / f"{name}.pt")
        save_file(model.state_dict(), OUT / f"{name}.safetensors")
        with torch.no_grad():
            log_probabilities = model(shown(prototypes[CHOSEN]))
        reference["networks"][name] = {
            "mean": mean,
            "std": std,
            "right_of_10000_test_images": right(model, shown(test_images), test_labels),
            "right_of_100_prototypes": right(model, shown(prototypes), digits),
            "right_of_100_prototypes_not_normalized": right(model, prototypes, digits),
            "log_probabilities": [[round(it, 6) for it in row] for row in log_probabilities.tolist()],
        }
        if name == "my_mlp_drop":
            save_file(keras(model), OUT / "my_mlp_keras.safetensors")
        else:
            save_file(keras_lenet(model), OUT / "my_lenet_keras.safetensors")

    # A line a row, as people read it.
    text = json.dumps(reference, indent=1)
    text = re.sub(r"\[[^\[\]]+\]", lambda row: json.dumps(json.loads(row[0])), text)
    (OUT / "reference.json").write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1])
