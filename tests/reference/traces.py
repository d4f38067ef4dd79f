"""The lab's activation maximization in PyTorch, on the shipped weights.

Writes files of fixtures, beside this script, for tests/core/parity.rs: NETWORK.safetensors with the lab's runs, and
NETWORK-momentum.safetensors and NETWORK-sgd.safetensors with 50 iterations of another optimizer. In each:

  start              [1, 1, 28, 28]  the image that every run begins with
  losses             [10, n]         of digits 0 to 9, at every iteration
  log_probabilities  [10, n, 10]     likewise
  images             [10, 28, 28]    after n iterations

Run from the repository's top:

  python3 -m venv venv && venv/bin/pip install -r tests/reference/requirements.txt
  venv/bin/python tests/reference/traces.py
"""

from pathlib import Path

import torch
from networks import NETWORKS
from safetensors.torch import load_file, save_file

HERE = Path(__file__).parent
WEIGHTS = HERE.parent.parent / "www" / "weights"
ITERATIONS = {"mlp": 50, "lenet5": 500}
TARGET = torch.tensor(0.9)
OTHER_OPTIMIZERS = {
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=5e-3, momentum=0.9),
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=5e-3),
}


def adam(parameters):
    return torch.optim.Adam(parameters, lr=5e-3, betas=(0.9, 0.999), eps=1e-8)


def maximize(model, digit, start, iterations, make_optimizer):
    """One run of the lab; what it was at every iteration, and the final image."""
    image = start.clone().requires_grad_(True)
    optimizer = make_optimizer([image])
    losses, outputs = [], []
    for _ in range(iterations):
        optimizer.zero_grad()
        log_probabilities = model(image)
        loss = torch.nn.functional.mse_loss(log_probabilities[0, digit], torch.log(TARGET))
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        outputs.append(log_probabilities[0].detach())
    return torch.stack(losses), torch.stack(outputs), image.detach()[0, 0]


def write(name, model, start, iterations, make_optimizer):
    """Makes the runs of all digits, and writes their file."""
    runs = [maximize(model, digit, start, iterations, make_optimizer) for digit in range(10)]
    losses, outputs, images = (torch.stack(parts) for parts in zip(*runs))
    save_file(
        {
            "start": start,
            "losses": losses,
            "log_probabilities": outputs,
            "images": images,
        },
        HERE / f"{name}.safetensors",
    )
    final = [outputs[digit, -1, digit].exp().item() for digit in range(10)]
    print(name, "p(digit) at the last iteration:", " ".join(f"{p:.3f}" for p in final))


def main():
    start = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 0.01
    for name, network in NETWORKS.items():
        model = network()
        model.load_state_dict(load_file(WEIGHTS / f"{name}.safetensors"))
        model.eval()
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        write(name, model, start, ITERATIONS[name], adam)
        for optimizer, make_optimizer in OTHER_OPTIMIZERS.items():
            write(f"{name}-{optimizer}", model, start, 50, make_optimizer)


if __name__ == "__main__":
    main()
