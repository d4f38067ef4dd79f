"""Computes the principal components of MNIST's training images with NumPy, and compares the shipped
file with them. Fails when it is not the same.

  venv/bin/python tests/reference/pca.py DIR     (DIR holds MNIST's four files, gzipped)
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

PCA = Path(__file__).parent.parent.parent / "www" / "weights" / "pca.safetensors"
TRAIN = 45_000


def main(directory):
    pixels = gzip.open(Path(directory) / "train-images-idx3-ubyte.gz").read()[16:]
    images = np.frombuffer(pixels, np.uint8).reshape(-1, 784)[:TRAIN] / 255.0
    mean = images.mean(0)
    # By another way than the program's, which takes the eigenvectors of the covariance.
    _, singular, axes = np.linalg.svd(images - mean, full_matrices=False)
    variances = singular**2 / TRAIN

    pca = {name: tensor.astype(np.float64) for name, tensor in load_file(PCA).items()}
    rank = len(pca["components"])
    lengths = np.linalg.norm(pca["components"], axis=1)
    cosines = (pca["components"] * axes[:rank]).sum(1) / lengths
    explained = variances.cumsum() / variances.sum()
    for count in (1, 2, 8, 16, 32, rank):
        print(
            f"{count:3} components: variance {variances[count - 1]:.6f} (the file says"
            f" {lengths[count - 1] ** 2:.6f}), {explained[count - 1]:.4%} of it explained so far"
        )
    checks = {
        "mean, largest difference": (abs(pca["mean"] - mean).max(), 1e-6),
        "variances, largest relative difference": (
            abs(lengths**2 / variances[:rank] - 1).max(),
            1e-5,
        ),
        "axes, largest 1 - |cosine|": ((1 - abs(cosines)).max(), 1e-6),
    }
    for name, (found, most) in checks.items():
        print(f"{name}: {found:.1e} (at most {most:.0e})")
        assert found <= most, name


if __name__ == "__main__":
    main(sys.argv[1])
