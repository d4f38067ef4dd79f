//! Fused iterations give what the maximizer gives: for every objective, parameterization, regularizer and
//! transform that a plan covers, for networks of every kind, and where both paths take turns within one run.

use crate::common::{
    channel_at, components, connect, few, fused, hidden, largest_difference, network, pairs,
    regularized, settings, untrained,
};
use actmax::fused::Fused;
use actmax::network::PIXELS;
use actmax::network::{ActivationFunction, Convolution, Input, Pooling, PoolingKind};
use actmax::network::{Architecture, Model};
use actmax::reference::device;
use actmax::reference::{Maximizer, Network};
use actmax::run::Run;
use actmax::task::Parameterization;
use actmax::task::Transforms;
use actmax::task::gaussian;
use actmax::task::{Objective, Optimizer, Position};
use actmax::task::{Settings, Start, Task};
use actmax::task::{Snapshot, TRACE_STRIDE};

/// How far a pixel may be from the reference path's. Adam's steps here are 5e-3 to 0.1 long.
const PIXEL: f32 = 1e-4;
/// Where the gradients of two iterations nearly cancel in Adam's mean, rounding errors are not small beside the
/// result: one pixel in so many may be off by up to `CANCELED`, which is still a small part of a step.
const ONE_IN: usize = 500;
const CANCELED: f32 = 1e-3;
/// How far a log-probability or a loss may be, relative to its size and 1.
const ANSWER: f32 = 3e-5;

/// How many iterations to compare. Few, because in the long run rounding switches some ReLU, or the sign of
/// a difference of neighbors, and the paths diverge. The reference path is also slow on a software adapter.
fn iterations() -> usize {
    match device::BACKEND {
        "webgpu" => 2,
        _ => 5,
    }
}

async fn begin(network: &Network, rows: &[u16], task: &Task) -> Run {
    let fused = fused(network, task).await;
    begin_with(fused, network, rows, task)
}

/// A run with the kernels for a hardware adapter, even on a software one.
#[cfg(feature = "webgpu")]
async fn begin_for_hardware(network: &Network, rows: &[u16], task: &Task) -> Run {
    let fused = fused(network, task).await.map(Fused::for_hardware);
    begin_with(fused, network, rows, task)
}

fn begin_with(fused: Option<Fused>, network: &Network, rows: &[u16], task: &Task) -> Run {
    Run::begin(network, rows, Start::default(), task.clone(), fused).expect("valid")
}

fn reference(network: &Network, rows: &[u16], task: &Task) -> Maximizer {
    Maximizer::begin(network, rows, Start::default(), task.clone()).expect("valid")
}

async fn read(run: &mut Run, settings: &Settings) -> Snapshot {
    (run.snapshot(settings).read().await).expect("the device can be read")
}

fn assert_same(case: &str, fused: &Snapshot, reference: &Snapshot) {
    assert_eq!(fused.iteration(), reference.iteration(), "{case}");
    let (at, difference) = largest_difference(fused.images(), reference.images());
    let pairs = fused.images().iter().zip(reference.images());
    let off = pairs
        .filter(|(ours, theirs)| (*ours - *theirs).abs() > PIXEL)
        .count();
    assert!(
        difference <= CANCELED && off <= fused.images().len() / ONE_IN,
        "{case}: {off} pixels differ; pixel {at} is {}, of the reference {}",
        fused.images()[at],
        reference.images()[at]
    );
    for (part, ours, theirs) in [
        ("answer", fused.now(), reference.now()),
        ("trace", fused.trace(), reference.trace()),
    ] {
        assert_eq!(ours.len(), theirs.len(), "{case}: {part}");
        for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            let allowed = ANSWER * theirs.abs().max(1.0);
            assert!(
                (ours - theirs).abs() <= allowed,
                "{case}: {part} {at} (of {TRACE_STRIDE}) is {ours}, of the reference {theirs}"
            );
        }
    }
}

async fn assert_like_reference(case: &str, network: &Network, task: Task, settings: Settings) {
    assert_like_reference_for(iterations(), case, network, &[3, 8], task, settings).await;
}

async fn assert_like_reference_for(
    iterations: usize,
    case: &str,
    network: &Network,
    rows: &[u16],
    task: Task,
    settings: Settings,
) {
    let fused = begin(network, rows, &task).await;
    compare(fused, iterations, case, network, rows, &task, &settings).await;
}

/// [`assert_like_reference_for`] with a start of its own for each row: from the same start, rows with the
/// same objective have equal images, and the gradient of diversity is 0 but for rounding errors.
async fn assert_like_reference_from_noises(
    iterations: usize,
    case: &str,
    network: &Network,
    rows: &[u16],
    task: Task,
    settings: Settings,
) {
    let noise = |row: usize| gaussian(row as u32, 0.1, PIXELS);
    let start = Start::Image((0..rows.len()).flat_map(noise).collect());
    let plan = fused(network, &task).await;
    let fused = Run::begin(network, rows, start.clone(), task.clone(), plan).expect("valid");
    let maximizer = Maximizer::begin(network, rows, start, task).expect("valid");
    compare_with(maximizer, fused, iterations, case, &settings).await;
}

async fn compare(
    fused: Run,
    iterations: usize,
    case: &str,
    network: &Network,
    rows: &[u16],
    task: &Task,
    settings: &Settings,
) {
    compare_with(
        reference(network, rows, task),
        fused,
        iterations,
        case,
        settings,
    )
    .await;
}

async fn compare_with(
    mut maximizer: Maximizer,
    mut fused: Run,
    iterations: usize,
    case: &str,
    settings: &Settings,
) {
    fused.advance(iterations, settings);
    assert_eq!(fused.path(), "fused", "{case}");
    for _ in 0..iterations {
        maximizer.step(settings);
    }
    let ours = read(&mut fused, settings).await;
    let theirs = (maximizer.snapshot(settings).read().await).expect("it can be read");
    assert_same(case, &ours, &theirs);
}

/// Checks that the reference path makes the iterations with settings that no executor covers.
async fn assert_reference_does(case: &str, network: &Network, settings: Settings) {
    let mut run = begin(network, &[3, 3], &Task::default()).await;
    run.advance(1, &settings);
    assert_eq!(run.path(), "reference", "{case}");
}

/// Checks that more iterations than one launch can make give the same in one call as in several, and that
/// all are in the trace.
async fn assert_all_are_made([mut whole, mut pieces]: [Run; 2], rows: usize) {
    let settings = regularized(|it| it.l2 = 0.01);
    let most = whole.largest_step(&settings);
    assert!(most <= 100, "{most} are made at once");
    let count = 2 * most + 30;
    whole.advance(count, &settings);
    for count in [most - 1, 2, 0, most, 29] {
        pieces.advance(count, &settings);
    }
    let (whole, pieces) = (
        read(&mut whole, &settings).await,
        read(&mut pieces, &settings).await,
    );
    assert_eq!(whole.iteration(), count);
    assert_eq!(whole.trace().len(), count * rows * TRACE_STRIDE);
    assert_eq!(whole, pieces);
}

fn shifted(settings: Settings, jitter: f64) -> Settings {
    transformed(settings, jitter, 0.0, 0.0)
}

fn transformed(settings: Settings, jitter: f64, rotation: f64, scale: f64) -> Settings {
    let transforms = Transforms {
        jitter,
        rotation,
        scale,
    };
    settings.with_transforms(transforms).expect("valid")
}

/// Rotation and scale, which every executor covers.
fn transforms() -> Vec<(&'static str, Settings)> {
    vec![
        ("rotation", transformed(settings(0.05), 0.0, 20.0, 0.0)),
        ("scale", transformed(settings(0.05), 0.0, 0.0, 0.3)),
        (
            "all transforms",
            transformed(settings(0.05), 4.0, 45.0, 0.5),
        ),
    ]
}

/// Diversity, which only the CPU's executor covers.
fn diversity() -> Vec<(&'static str, Settings)> {
    let all = regularized(|it| (it.diversity, it.l2) = (2.0, 0.02));
    vec![
        ("diversity", regularized(|it| it.diversity = 1.0)),
        ("all transforms, diversity", transformed(all, 2.0, 5.0, 0.1)),
    ]
}

fn convolution(channels: usize, kernel: [usize; 2], padded: bool) -> Convolution {
    Convolution {
        channels,
        kernel,
        padded,
        pooling: None,
    }
}

fn pooled(convolution: Convolution, kind: PoolingKind, size: usize) -> Convolution {
    Convolution {
        pooling: Some(Pooling { kind, size }),
        ..convolution
    }
}

/// A network whose second convolution has a kernel larger than the maps that it reads, and gives.
fn tiny_map() -> Architecture {
    Architecture {
        convolutions: vec![
            pooled(convolution(3, [5, 5], false), PoolingKind::Max, 24),
            convolution(2, [5, 5], true),
        ],
        dense: vec![10],
        ..Architecture::mlp()
    }
}

/// Networks unlike the lab's, with sizes that are no multiples of four.
pub fn others() -> Vec<(&'static str, Architecture)> {
    let network = |convolutions, dense, activation| Architecture {
        input: Input::default(),
        convolutions,
        dense,
        activation,
    };
    vec![
        (
            "one layer",
            network(vec![], vec![10], ActivationFunction::Relu),
        ),
        (
            "sigmoid, 33-7",
            network(vec![], vec![33, 7, 10], ActivationFunction::Sigmoid),
        ),
        (
            "normalized tanh",
            Architecture {
                input: Input {
                    mean: 0.1307,
                    std: 0.3081,
                },
                ..network(vec![], vec![50, 10], ActivationFunction::Tanh)
            },
        ),
        (
            "LeNet of 1998, normalized",
            Architecture {
                input: Input {
                    mean: 0.1307,
                    std: 0.3081,
                },
                ..network(
                    vec![
                        pooled(convolution(6, [5, 5], true), PoolingKind::Average, 2),
                        pooled(convolution(16, [5, 5], false), PoolingKind::Average, 2),
                    ],
                    vec![120, 84, 10],
                    ActivationFunction::Tanh,
                )
            },
        ),
        (
            "padded 3×3, pooling by 3, then none",
            network(
                vec![
                    pooled(convolution(5, [3, 3], true), PoolingKind::Max, 3),
                    convolution(3, [3, 2], false),
                ],
                vec![10],
                ActivationFunction::Relu,
            ),
        ),
        (
            "four convolutions",
            network(
                vec![
                    convolution(4, [3, 3], false),
                    pooled(convolution(4, [3, 3], false), PoolingKind::Max, 2),
                    convolution(6, [3, 3], true),
                    pooled(convolution(6, [1, 1], false), PoolingKind::Average, 2),
                ],
                vec![21, 10],
                ActivationFunction::Relu,
            ),
        ),
    ]
}

crate::tests! {
    async fn every_goal_is_fused() {
        for (name, objective) in [
            ("distance", Objective::TargetProbability),
            ("log-probability", Objective::LogProbability),
            ("logit", Objective::Logit),
            ("difference", Objective::LogitDifference { other: 1 }),
        ] {
            let task = Task { objective, ..Task::default() };
            for model in [Model::Mlp, Model::LeNet5] {
                let case = format!("{name}, {}", model.name());
                assert_like_reference(&case, &network(model).await, task.clone(), settings(0.005)).await;
            }
        }
    }

    async fn units_are_fused() {
        let device = connect().await;
        let mut networks = Vec::new();
        for model in [Model::Mlp, Model::LeNet5] {
            networks.push((model.name(), network(model).await));
        }
        for (name, architecture) in few(others(), 0) {
            networks.push((name, untrained(architecture, &device)));
        }
        for (name, network) in networks {
            for (layer, units) in network.architecture().hidden() {
                let rows = [0, units as u16 - 1];
                let task = Task { objective: hidden(&layer), ..Task::default() };
                let settings = regularized(|it| it.l2 = 0.02);
                assert_like_reference_for(iterations(), &format!("{layer} of {name}"), &network, &rows, task.clone(), settings).await;
                if layer == "conv2" || layer == "fc1" {
                    let shifted = shifted(self::settings(0.05), 2.0);
                    assert_like_reference_for(2, &format!("{layer} of {name}, moved"), &network, &rows, task, shifted).await;
                }
            }
        }
    }

    async fn channels_at_a_position_are_fused() {
        let device = connect().await;
        let mut networks = vec![("LeNet-5".to_owned(), network(Model::LeNet5).await)];
        for (name, architecture) in others().into_iter().chain([("a kernel larger than the map", tiny_map())]) {
            if !architecture.convolutions.is_empty() {
                networks.push((name.to_owned(), untrained(architecture, &device)));
            }
        }
        for (name, network) in few(networks, 0) {
            let architecture = network.architecture();
            for ((layer, channels), [height, width]) in architecture.hidden().into_iter().zip(architecture.maps()) {
                let rows = [0, channels as u16 - 1];
                let corners = [[0, 0], [0, width - 1], [height - 1, 0], [height - 1, width - 1]];
                for position in [Position::Center].into_iter().chain(corners.map(Position::At)) {
                    let case = format!("{layer} of {name} at {position:?}");
                    let task = Task { objective: channel_at(&layer, position), ..Task::default() };
                    let settings = regularized(|it| it.l2 = 0.02);
                    assert_like_reference_for(iterations(), &case, &network, &rows, task, settings).await;
                }
            }
        }
    }

    async fn a_kernel_larger_than_the_map_is_fused() {
        let network = untrained(tiny_map(), &connect().await);
        let task = Task { objective: hidden("conv2"), ..Task::default() };
        assert_like_reference_for(iterations(), "average", &network, &[0, 1], task, settings(0.05)).await;
    }

    async fn every_parameterization_is_fused() {
        for (name, parameterization) in [
            ("sigmoid", Parameterization::Sigmoid),
            ("fourier", Parameterization::Fourier),
            ("pca", components()),
        ] {
            let task = Task { parameterization, ..Task::default() };
            for model in [Model::Mlp, Model::LeNet5] {
                let case = format!("{name}, {}", model.name());
                assert_like_reference(&case, &network(model).await, task.clone(), settings(0.1)).await;
            }
        }
    }

    async fn every_optimizer_is_fused() {
        let parameterizations = [
            Parameterization::Pixels,
            Parameterization::Sigmoid,
            Parameterization::Fourier,
            components(),
        ];
        let cases = pairs(&[Model::Mlp, Model::LeNet5], &[Optimizer::Momentum, Optimizer::Sgd]);
        for (parameterization, (model, optimizer)) in pairs(&parameterizations, &cases) {
            let case = format!("{optimizer:?}, {parameterization:.10?}, {}", model.name());
            let task = Task { parameterization, ..Task::default() };
            let settings = settings(0.05).with_optimizer(optimizer);
            assert_like_reference(&case, &network(model).await, task, settings).await;
        }
    }

    async fn the_optimizer_may_change_in_the_middle_of_a_run() {
        let network = network(Model::Mlp).await;
        let settings = regularized(|it| it.l2 = 0.02);
        for parameterization in [Parameterization::Pixels, Parameterization::Sigmoid, Parameterization::Fourier, components()] {
            let case = format!("{parameterization:.10?}");
            let task = Task { parameterization, ..Task::default() };
            let mut run = begin(&network, &[3, 8], &task).await;
            let mut maximizer = reference(&network, &[3, 8], &task);
            // Each of the six switches there are.
            for optimizer in [
                Optimizer::Adam,
                Optimizer::Momentum,
                Optimizer::Sgd,
                Optimizer::Adam,
                Optimizer::Sgd,
                Optimizer::Momentum,
                Optimizer::Adam,
            ] {
                let settings = settings.with_optimizer(optimizer);
                run.advance(1, &settings);
                maximizer.step(&settings);
            }
            let theirs = (maximizer.snapshot(&settings).read().await).expect("it can be read");
            assert_same(&case, &read(&mut run, &settings).await, &theirs);
        }
    }

    async fn every_regularizer_is_fused() {
        let mlp = network(Model::Mlp).await;
        for (name, settings) in [
            ("l1", regularized(|it| it.l1 = 0.02)),
            ("l2", regularized(|it| it.l2 = 0.02)),
            ("variation", regularized(|it| it.total_variation = 0.02)),
            ("distance", regularized(|it| it.start_distance = 0.2)),
            ("density", regularized(|it| it.density = 0.02)),
        ] {
            assert_like_reference(name, &mlp, Task::default(), settings).await;
        }
    }

    async fn shifts_and_blur_are_fused() {
        for model in [Model::Mlp, Model::LeNet5] {
            let network = network(model).await;
            let name = model.name();
            let blurred = settings(0.05).with_gradient_blur(1.5).expect("valid");
            let sigmoid = Task { parameterization: Parameterization::Sigmoid, ..Task::default() };
            for (case, task, settings) in [
                (format!("shift, {name}"), Task::default(), shifted(settings(0.05), 3.0)),
                (format!("blur, {name}"), Task::default(), blurred),
                (format!("blur of a sigmoid, shift, {name}"), sigmoid, shifted(blurred, 2.0)),
            ] {
                assert_like_reference(&case, &network, task, settings).await;
            }
        }
    }

    async fn more_iterations_than_are_made_at_once_are_all_made() {
        let lenet = network(Model::LeNet5).await;
        let rows = [0, 1, 2, 3, 4, 5, 6];
        let task = Task::default();
        let runs = [begin(&lenet, &rows, &task).await, begin(&lenet, &rows, &task).await];
        assert_all_are_made(runs, rows.len()).await;
    }

    #[cfg(feature = "webgpu")]
    async fn kernels_for_hardware_make_all_iterations() {
        let mlp = network(Model::Mlp).await;
        let task = Task::default();
        for rows in [&[3][..], &[0, 1, 2, 3, 4, 5, 6]] {
            let runs = [
                begin_for_hardware(&mlp, rows, &task).await,
                begin_for_hardware(&mlp, rows, &task).await,
            ];
            assert_all_are_made(runs, rows.len()).await;
        }
    }

    #[cfg(feature = "webgpu")]
    async fn kernels_for_hardware_do_what_the_reference_does() {
        let blurred = settings(0.05).with_gradient_blur(1.5).expect("valid");
        let cases = [
            ("l1", Parameterization::Pixels, regularized(|it| it.l1 = 0.02)),
            ("l2", Parameterization::Pixels, regularized(|it| it.l2 = 0.02)),
            ("variation", Parameterization::Pixels, regularized(|it| it.total_variation = 0.02)),
            ("distance", Parameterization::Pixels, regularized(|it| it.start_distance = 0.2)),
            ("density", components(), regularized(|it| it.density = 0.02)),
            ("all of them", Parameterization::Sigmoid, regularized(|it| {
                (it.l1, it.l2, it.total_variation, it.start_distance, it.density) = (0.01, 0.02, 0.01, 0.1, 0.02);
            })),
            ("blur", Parameterization::Pixels, blurred),
            ("blur, shift", Parameterization::Sigmoid, shifted(blurred, 2.0)),
            ("fourier", Parameterization::Fourier, settings(0.1)),
            ("momentum", Parameterization::Pixels, settings(0.05).with_optimizer(Optimizer::Momentum)),
            ("plain descent", Parameterization::Pixels, settings(0.05).with_optimizer(Optimizer::Sgd)),
        ];
        for ((name, parameterization, settings), model) in pairs(&cases, &[Model::LeNet5, Model::Mlp]) {
            let network = network(model).await;
            let case = format!("{name}, {}", model.name());
            let task = Task { parameterization, ..Task::default() };
            let fused = begin_for_hardware(&network, &[3, 8], &task).await;
            compare(fused, iterations(), &case, &network, &[3, 8], &task, &settings).await;
        }
    }

    #[cfg(feature = "webgpu")]
    async fn kernels_for_hardware_take_networks_of_every_kind() {
        let device = connect().await;
        let settings = shifted(settings(0.05), 1.0);
        for (name, architecture) in few(others(), 1) {
            let network = untrained(architecture, &device);
            let layers = network.architecture().hidden();
            let unit = layers.first().map(|(layer, _)| hidden(layer));
            for objective in [Objective::TargetProbability].into_iter().chain(unit) {
                let case = format!("{name}, {objective:?}");
                let task = Task { objective, ..Task::default() };
                let fused = begin_for_hardware(&network, &[2, 0], &task).await;
                compare(fused, iterations(), &case, &network, &[2, 0], &task, &settings).await;
            }
        }
    }

    #[cfg(feature = "webgpu")]
    async fn kernels_for_hardware_take_as_many_rows_as_a_run_has() {
        let mlp = network(Model::Mlp).await;
        let rows: Vec<u16> = (0..100).map(|row| row % 10).collect();
        let task = Task::default();
        let fused = begin_for_hardware(&mlp, &rows, &task).await;
        compare(fused, 1, "100 rows", &mlp, &rows, &task, &settings(0.05)).await;
        let objective = hidden("fc2");
        let task = Task { objective, parameterization: components(), ..Task::default() };
        let fused = begin_for_hardware(&mlp, &rows, &task).await;
        compare(fused, 1, "100 units", &mlp, &rows, &task, &settings(0.05)).await;
    }

    async fn presets_are_fused() {
        let lenet = network(Model::LeNet5).await;
        let objective = Objective::Logit;
        let legible = Task { objective: objective.clone(), parameterization: components(), ..Task::default() };
        let weights = regularized(|it| (it.density, it.l1, it.total_variation) = (0.5, 0.02, 0.03));
        assert_like_reference("legible", &lenet, legible, shifted(weights, 1.0)).await;
        let sharp = Task { objective, parameterization: Parameterization::Fourier, ..Task::default() };
        let weights = regularized(|it| (it.l1, it.total_variation) = (0.03, 0.05));
        // Adam's first step is equally long for every wave and leaves neighbors equal up to rounding, which
        // decides which of them is brighter, and so the next gradient of the total variation.
        assert_like_reference_for(1, "sharp", &lenet, &[3, 8], sharp, shifted(weights, 2.0)).await;
    }

    async fn networks_of_every_kind_are_fused() {
        let device = connect().await;
        for (name, architecture) in few(others(), 2) {
            let network = untrained(architecture, &device);
            assert_like_reference(name, &network, Task::default(), shifted(settings(0.05), 1.0)).await;
        }
    }

    async fn rotation_and_scale_are_fused() {
        for ((name, settings), model) in pairs(&transforms(), &[Model::Mlp, Model::LeNet5]) {
            let (case, network) = (format!("{name}, {}", model.name()), network(model).await);
            assert_like_reference(&case, &network, Task::default(), settings).await;
            assert_like_reference_from_noises(iterations(), &case, &network, &[3, 8, 3, 1, 5, 8], Task::default(), settings).await;
        }
    }

    #[cfg(feature = "webgpu")]
    async fn kernels_for_hardware_rotate_and_scale() {
        let cases = pairs(&[Model::Mlp, Model::LeNet5], &[Parameterization::Pixels, Parameterization::Sigmoid]);
        for ((name, settings), (model, parameterization)) in pairs(&transforms(), &cases) {
            let network = network(model).await;
            let case = format!("{name}, {parameterization:?}, {}", model.name());
            let task = Task { parameterization, ..Task::default() };
            let blurred = settings.with_gradient_blur(1.5).expect("valid");
            let fused = begin_for_hardware(&network, &[3, 8], &task).await;
            compare(fused, iterations(), &case, &network, &[3, 8], &task, &blurred).await;
        }
    }

    async fn diversity_is_fused_where_it_is_covered() {
        for (name, settings) in diversity() {
            for model in [Model::Mlp, Model::LeNet5] {
                let (case, network) = (format!("{name}, {}", model.name()), network(model).await);
                if device::BACKEND == "cpu" {
                    // Rows that are alone with their digit, and rows that are not.
                    for rows in [&[3][..], &[3, 8, 3, 1, 3, 8]] {
                        assert_like_reference_from_noises(iterations(), &case, &network, rows, Task::default(), settings).await;
                    }
                } else {
                    assert_reference_does(&case, &network, settings).await;
                }
            }
        }
    }

    async fn transforms_and_diversity_suit_every_objective_parameterization_and_network() {
        let device = connect().await;
        // On WebGPU without diversity, and for a single iteration: positions in the image are in single
        // precision there, which shows where gradients nearly cancel in Adam's mean.
        let (iterations, diversity) = if device::BACKEND == "cpu" { (3, 0.5) } else { (1, 0.0) };
        let all = regularized(|it| (it.diversity, it.density) = (diversity, 0.02));
        let all = transformed(all, 1.0, 10.0, 0.2);
        let lenet = network(Model::LeNet5).await;
        for (name, objective, parameterization) in [
            ("a channel", hidden("conv2"), Parameterization::Pixels),
            ("a neuron of a sigmoid", hidden("fc1"), Parameterization::Sigmoid),
            ("a logit, Fourier", Objective::Logit, Parameterization::Fourier),
            ("components", Objective::LogProbability, components()),
        ] {
            let task = Task { objective, parameterization, ..Task::default() };
            assert_like_reference_from_noises(iterations, name, &lenet, &[3, 3, 5], task, all).await;
        }
        for (name, architecture) in few(others(), 0) {
            let network = untrained(architecture, &device);
            assert_like_reference_from_noises(iterations, name, &network, &[3, 3, 8], Task::default(), all).await;
        }
    }

    async fn what_no_plan_covers_is_done_by_the_reference() {
        let gelu = Architecture { activation: ActivationFunction::Gelu, ..Architecture::mlp() };
        let gelu = untrained(gelu, &connect().await);
        assert!(fused(&gelu, &Task::default()).await.is_none(), "GELU has no plan");
        assert_reference_does("GELU", &gelu, settings(0.05)).await;
    }

    async fn both_paths_take_turns_in_one_run() {
        let lenet = network(Model::LeNet5).await;
        let (first, second) = (shifted(settings(0.05), 1.0), regularized(|it| it.diversity = 0.5));
        let second = second.with_optimizer(Optimizer::Momentum);
        let third = regularized(|it| it.l1 = 0.01).with_optimizer(Optimizer::Sgd);
        // The CPU's executor covers all settings, so there the second ones are fused like the others.
        let path = if device::BACKEND == "cpu" { "fused" } else { "reference" };
        let rows = [3, 3];
        let mut run = begin(&lenet, &rows, &Task::default()).await;
        let mut maximizer = reference(&lenet, &rows, &Task::default());
        for (count, settings, path) in [
            (2, &first, "fused"),
            (1, &third, "fused"),
            (1, &second, path),
            (2, &first, "fused"),
        ] {
            run.advance(count, settings);
            assert_eq!(run.path(), path);
            (0..count).for_each(|_| maximizer.step(settings));
        }
        let theirs = (maximizer.snapshot(&third).read().await).expect("it can be read");
        assert_same("in turn", &read(&mut run, &third).await, &theirs);

        // A second snapshot is the same, but without the trace, which the first one has read.
        let (once, again) = (read(&mut run, &first).await, read(&mut run, &first).await);
        assert_eq!(once.images(), again.images());
        assert_eq!(once.now(), again.now());
        assert!(again.trace().is_empty());
    }

    async fn a_fused_run_goes_on_from_its_state() {
        let mlp = network(Model::Mlp).await;
        let task = Task::default();
        let settings = shifted(settings(0.05), 2.0);
        let mut whole = begin(&mlp, &[3, 8], &task).await;
        whole.advance(3, &settings);
        let half = read(&mut whole, &settings).await;
        whole.advance(4, &settings);
        let whole = read(&mut whole, &settings).await;
        let mut resumed = Run::resume(
            &mlp,
            &[3, 8],
            Start::default(),
            task.clone(),
            fused(&mlp, &task).await,
            (3, half.state()),
        )
        .expect("valid");
        resumed.advance(4, &settings);
        assert_same("resumed", &read(&mut resumed, &settings).await, &whole);
    }

    async fn pieces_make_up_the_whole() {
        let lenet = network(Model::LeNet5).await;
        let settings = settings(0.005);
        let mut whole = begin(&lenet, &[3, 8], &Task::default()).await;
        whole.advance(9, &settings);
        let mut pieces = begin(&lenet, &[3, 8], &Task::default()).await;
        [1, 5, 0, 3].into_iter().for_each(|count| pieces.advance(count, &settings));
        assert_eq!(read(&mut pieces, &settings).await, read(&mut whole, &settings).await);
    }
}
