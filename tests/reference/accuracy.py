"""Loads the shipped weights into PyTorch and counts how many of MNIST's test images they read
right, beside what the model card in the file says.

  venv/bin/python tests/reference/accuracy.py DIR     (DIR holds MNIST's four files, gzipped)
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
from networks import NETWORKS
from safetensors import safe_open
from safetensors.torch import load_file

WEIGHTS = Path(__file__).parent.parent.parent / "www" / "weights"


def main(directory):
    pixels = gzip.open(Path(directory) / "t10k-images-idx3-ubyte.gz").read()[16:]
    labels = gzip.open(Path(directory) / "t10k-labels-idx1-ubyte.gz").read()[8:]
    images = torch.from_numpy(np.frombuffer(pixels, np.uint8).reshape(-1, 1, 28, 28) / 255.0)
    labels = torch.from_numpy(np.frombuffer(labels, np.uint8).astype(np.int64))
    for name, network in {**NETWORKS, "control": NETWORKS["lenet5"], "robust": NETWORKS["lenet5"]}.items():
        path = WEIGHTS / f"{name}.safetensors"
        model = network()
        model.load_state_dict(load_file(path))
        model.eval()
        with torch.no_grad():
            right = (model(images.float()).argmax(1) == labels).sum().item()
        with safe_open(path, "pt") as file:
            card = json.loads(file.metadata()["card"])
        print(f"{name}: PyTorch reads {right} of {len(labels)}; the card says {card['accuracy']['test']:.4f}")


if __name__ == "__main__":
    main(sys.argv[1])
