//! The lab's runs, number for number, against PyTorch on the same weights and start image
//! (`tests/reference/traces.py`), and runs for channels (`tests/reference/channels.py`).

use crate::common::{
    advance, channel_at, fused, hidden, largest_difference, losses, network, pairs, settings,
};
use actmax::network::Model;
use actmax::reference::{Maximizer, Network};
use actmax::run::Run;
use actmax::task::Regularizers;
use actmax::task::{Objective, Optimizer, Position, Settings, Start, Task};
use actmax::task::{Snapshot, TRACE_STRIDE};
use safetensors::SafeTensors;

/// How far a loss (nats²) or a log-probability (nats) may be from PyTorch's, at any iteration.
///
/// Both sides compute in 32-bit floats, but add up in different orders, and Burn computes 1 − βᵗ of
/// Adam's bias correction in 32 bits where PyTorch takes 64, which makes Burn's first steps 2e-5
/// longer. The largest difference found was 9e-6. It stays that small as long as it switches no ReLU and
/// no pooling window; a wrong formula is off by far more.
const TOLERANCE: f32 = 5e-5;

/// How far a pixel of the final image may be from PyTorch's. Adam divides by the gradient's size, so
/// a pixel whose gradient is nearly 0 moves as far as any other, and in a direction that the last bit
/// decides. The largest difference found was 3e-4, after 500 iterations that move a pixel by up to 5e-3
/// each.
const PIXEL_TOLERANCE: f32 = 1e-3;

/// A tensor that PyTorch computed: see `tests/reference/traces.py`.
fn reference(model: Model, optimizer: Optimizer, name: &str) -> Vec<f32> {
    let file: &[u8] = match (model, optimizer) {
        (Model::Mlp, Optimizer::Adam) => include_bytes!("../reference/mlp.safetensors"),
        (Model::Mlp, Optimizer::Momentum) => {
            include_bytes!("../reference/mlp-momentum.safetensors")
        }
        (Model::Mlp, Optimizer::Sgd) => include_bytes!("../reference/mlp-sgd.safetensors"),
        (Model::LeNet5, Optimizer::Adam) => include_bytes!("../reference/lenet5.safetensors"),
        (Model::LeNet5, Optimizer::Momentum) => {
            include_bytes!("../reference/lenet5-momentum.safetensors")
        }
        (Model::LeNet5, Optimizer::Sgd) => include_bytes!("../reference/lenet5-sgd.safetensors"),
        (Model::Control | Model::Robust, _) => unreachable!("it has no reference: it is a LeNet-5"),
    };
    tensor(file, name)
}

/// A tensor of a file that PyTorch wrote.
fn tensor(file: &[u8], name: &str) -> Vec<f32> {
    let file = SafeTensors::deserialize(file).expect("the fixture is valid");
    let tensor = file.tensor(name).expect("the fixture has it");
    (tensor.data().chunks_exact(4))
        .map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes")))
        .collect()
}

/// How the iterations are made.
#[derive(Clone, Copy, Debug)]
enum Path {
    Reference,
    Fused,
}

/// A snapshot after so many iterations of the lab's run from `start`.
async fn run(
    path: Path,
    network: &Network,
    optimizer: Optimizer,
    digits: &[u16],
    start: Start,
    iterations: usize,
) -> Snapshot {
    let settings = Settings::default().with_optimizer(optimizer);
    match path {
        Path::Reference => {
            let mut run = Maximizer::new(network, digits, start).expect("the settings are valid");
            advance(&mut run, iterations, &settings).await
        }
        Path::Fused => {
            let task = Task::default();
            let fused = fused(network, &task).await;
            let mut run = Run::begin(network, digits, start, task, fused).expect("they are valid");
            run.advance(iterations, &settings);
            assert_eq!(run.path(), "fused");
            (run.snapshot(&settings).read().await).expect("the device can be read")
        }
    }
}

/// Compares the first `iterations` iterations of the runs for `digits` with PyTorch's.
async fn assert_like_pytorch(
    path: Path,
    model: Model,
    optimizer: Optimizer,
    digits: &[u16],
    iterations: usize,
) {
    let reference = |name: &str| reference(model, optimizer, name);
    let start = Start::Image(reference("start"));
    let network = network(model).await;
    let frame = run(path, &network, optimizer, digits, start, iterations).await;

    let all_losses = reference("losses");
    let all_answers = reference("log_probabilities");
    let all_images = reference("images");
    let length = all_losses.len() / 10;
    for (row, &digit) in digits.iter().enumerate() {
        let digit = usize::from(digit);
        let case = format!("{} digit {digit}, {path:?}, {optimizer:?}", model.name());

        let theirs = &all_losses[digit * length..][..iterations];
        let ours: Vec<f32> = (losses(frame.trace()).iter().skip(row))
            .step_by(digits.len())
            .copied()
            .collect();
        let (at, difference) = largest_difference(&ours, theirs);
        assert!(
            difference <= TOLERANCE,
            "{case}: loss {} at iteration {at}, PyTorch has {}",
            ours[at],
            theirs[at],
        );

        let ours: Vec<f32> = (frame.trace().iter().skip(row * TRACE_STRIDE + digit))
            .step_by(digits.len() * TRACE_STRIDE)
            .copied()
            .collect();
        let theirs: Vec<f32> = (all_answers[digit * length * 10..].iter().skip(digit))
            .step_by(10)
            .take(iterations)
            .copied()
            .collect();
        let (at, answers) = largest_difference(&ours, &theirs);
        assert!(
            answers <= TOLERANCE,
            "{case}: ln p {} at iteration {at}, PyTorch has {}",
            ours[at],
            theirs[at],
        );

        let mut pixels = 0.0;
        if iterations == length {
            let ours = &frame.images()[row * 784..][..784];
            let theirs = &all_images[digit * 784..][..784];
            let (at, largest) = largest_difference(ours, theirs);
            assert!(
                largest <= PIXEL_TOLERANCE,
                "{case}: pixel {at} is {}, PyTorch has {}",
                ours[at],
                theirs[at],
            );
            pixels = largest;
        }
        report(&format!(
            "{case}: largest differences: loss {difference:.1e}, ln p {answers:.1e}, pixel {pixels:.1e}"
        ));
    }
}

/// The rows and the number of iterations of `tests/reference/channels.py`.
const CHANNELS: [u16; 2] = [0, 5];
const CHANNEL_ITERATIONS: usize = 30;
/// The pixels of two filters of 5 × 5 that are a row and a column apart.
const NEAR_TIE: usize = 34;

/// The objectives of `tests/reference/channels.py`, by their names there.
fn channels() -> Vec<(&'static str, Objective)> {
    vec![
        ("channel-conv1", hidden("conv1")),
        (
            "channel-conv1-center",
            channel_at("conv1", Position::Center),
        ),
        (
            "channel-conv1-at-0-23",
            channel_at("conv1", Position::At([0, 23])),
        ),
        ("channel-conv2", hidden("conv2")),
        (
            "channel-conv2-center",
            channel_at("conv2", Position::Center),
        ),
        (
            "channel-conv2-at-7-2",
            channel_at("conv2", Position::At([7, 2])),
        ),
    ]
}

/// Compares the runs for channels with PyTorch's.
async fn assert_channels_like_pytorch(path: Path) {
    let file = include_bytes!("../reference/lenet5-channels.safetensors");
    let start = || Start::Image(tensor(file, "start"));
    let network = network(Model::LeNet5).await;
    let regularizers = Regularizers {
        l2: 0.02,
        ..Regularizers::default()
    };
    let settings = (settings(0.02).with_regularizers(regularizers)).expect("valid");
    for (name, objective) in channels() {
        let task = Task {
            objective,
            ..Task::default()
        };
        let frame = match path {
            Path::Reference => {
                let run = Maximizer::begin(&network, &CHANNELS, start(), task);
                let mut run = run.expect("the settings are valid");
                advance(&mut run, CHANNEL_ITERATIONS, &settings).await
            }
            Path::Fused => {
                let fused = fused(&network, &task).await;
                let run = Run::begin(&network, &CHANNELS, start(), task, fused);
                let mut run = run.expect("the settings are valid");
                run.advance(CHANNEL_ITERATIONS, &settings);
                assert_eq!(run.path(), "fused");
                (run.snapshot(&settings).read().await).expect("the device can be read")
            }
        };
        // [n, channels] → [channels, n]
        let trace = losses(frame.trace());
        let ours: Vec<f32> = (0..CHANNELS.len())
            .flat_map(|row| trace.iter().skip(row).step_by(CHANNELS.len()).copied())
            .collect();
        let theirs = tensor(file, &format!("{name}.losses"));
        let (at, difference) = largest_difference(&ours, &theirs);
        assert!(
            difference <= TOLERANCE,
            "{name}, {path:?}: loss {at} is {}, PyTorch has {}",
            ours[at],
            theirs[at],
        );
        let theirs = tensor(file, &format!("{name}.images"));
        // In iteration 27 of channel 0 of conv2, the two largest values of a pooling window are 2.8e-7 apart, less than
        // rounding has moved the pixels by then. Where another of them is passed on, its filter's pixels differ.
        let differences = (frame.images().iter().zip(&theirs)).map(|(a, b)| (a - b).abs());
        let (like, unlike): (Vec<f32>, Vec<f32>) =
            differences.partition(|it| *it <= PIXEL_TOLERANCE);
        assert!(
            unlike.len() <= NEAR_TIE,
            "{name}, {path:?}: {} of {} pixels are not PyTorch's",
            unlike.len(),
            theirs.len(),
        );
        let pixels = like.into_iter().fold(0f32, f32::max);
        report(&format!(
            "{name}, {path:?}: largest differences: loss {difference:.1e}, pixel {pixels:.1e}, but for {} pixels",
            unlike.len(),
        ));
    }
}

fn report(line: &str) {
    #[cfg(target_arch = "wasm32")]
    wasm_bindgen_test::console_log!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    println!("{line}");
}

const ALL: [u16; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

crate::tests! {
async fn mlp_is_like_pytorch_for_fifty_iterations() {
    assert_like_pytorch(Path::Reference, Model::Mlp, Optimizer::Adam, &ALL, 50).await;
}

async fn fused_mlp_is_like_pytorch_for_fifty_iterations() {
    assert_like_pytorch(Path::Fused, Model::Mlp, Optimizer::Adam, &ALL, 50).await;
}

async fn fused_lenet5_is_like_pytorch_for_five_hundred_iterations() {
    assert_like_pytorch(Path::Fused, Model::LeNet5, Optimizer::Adam, &ALL, 500).await;
}

async fn lenet5_is_like_pytorch_for_five_hundred_iterations() {
    // On a software adapter, 500 iterations of ten digits take minutes.
    let (digits, iterations) = match actmax::reference::device::BACKEND {
        "webgpu" => (&ALL[3..4], 100),
        _ => (&ALL[..], 500),
    };
    assert_like_pytorch(Path::Reference, Model::LeNet5, Optimizer::Adam, digits, iterations).await;
}

async fn fused_momentum_and_plain_descent_are_like_pytorchs() {
    for (model, optimizer) in pairs(&[Model::Mlp, Model::LeNet5], &[Optimizer::Momentum, Optimizer::Sgd]) {
        assert_like_pytorch(Path::Fused, model, optimizer, &ALL, 50).await;
    }
}

async fn channels_are_like_pytorchs() {
    assert_channels_like_pytorch(Path::Reference).await;
}

async fn fused_channels_are_like_pytorchs() {
    assert_channels_like_pytorch(Path::Fused).await;
}

async fn momentum_and_plain_descent_are_like_pytorchs() {
    // On a software adapter, 50 iterations of ten digits take half a minute.
    let digits = match actmax::reference::device::BACKEND {
        "webgpu" => &ALL[3..4],
        _ => &ALL[..],
    };
    for (model, optimizer) in pairs(&[Model::Mlp, Model::LeNet5], &[Optimizer::Momentum, Optimizer::Sgd]) {
        assert_like_pytorch(Path::Reference, model, optimizer, digits, 50).await;
    }
}
}
