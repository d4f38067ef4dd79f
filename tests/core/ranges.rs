//! Whatever the settings are, within their ranges, images are finite: for every setting at both ends of its
//! range and at numbers that are subnormal or underflow, and for many settings at once.

use actmax::network::Input;
use actmax::network::{Architecture, Model};
use actmax::reference::device;
use actmax::reference::{Maximizer, Network};
use actmax::run::Run;
use actmax::task::{Objective, Optimizer, Parameterization, Settings, Snapshot, Task};
use actmax::task::{Regularizers, Start};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::common::{components, connect, fused, hidden, network, pairs, untrained};

/// Numbers of a range that begins at 0: both ends and their neighbors, and small numbers, which are subnormal
/// in double precision, or underflow when they are squared, in single precision, or when squared in that.
fn range(most: f64) -> Vec<f64> {
    let small = [
        0.0, 5e-324, 1e-320, 2.3e-308, 1e-300, 1e-200, 1e-162, 1e-155, 1e-100, 7e-46, 1e-45, 1e-40,
        1.2e-38, 1e-30, 1e-23, 1e-19, 1e-15, 1e-8, 1e-4, 0.013,
    ];
    (small.into_iter().filter(|it| *it < most))
        .chain([most / 3.0, most.next_down(), most])
        .collect()
}

/// The numbers to try: all or, on WebGPU, where a software adapter takes a hundred times as long, the last,
/// which is the largest, and one whose square underflows.
fn tried<T>(mut all: Vec<T>) -> Vec<T> {
    if device::BACKEND == "webgpu" {
        let largest = all.pop();
        return all.into_iter().skip(5).take(1).chain(largest).collect();
    }
    all
}

/// Every setting, with numbers from all of its range.
fn settings() -> Vec<(&'static str, Vec<f64>)> {
    // Neither the learning rate nor the target may be 0, and the target may not be 1.
    let rates: Vec<f64> = range(1.0).into_iter().filter(|it| *it > 0.0).collect();
    let probabilities = rates.iter().copied().filter(|it| *it < 0.9);
    vec![
        ("target", probabilities.chain([0.9, 1.0 - 1e-15]).collect()),
        ("learningRate", rates),
        ("regularizers.l1", range(1000.0)),
        ("regularizers.l2", range(1000.0)),
        ("regularizers.totalVariation", range(1000.0)),
        ("regularizers.startDistance", range(1000.0)),
        ("regularizers.density", range(1000.0)),
        ("regularizers.diversity", range(1000.0)),
        ("transforms.jitter", range(8.0)),
        ("transforms.rotation", range(45.0)),
        ("transforms.scale", range(0.5)),
        ("gradientBlur", range(5.0)),
    ]
}

/// The settings as JSON, as JavaScript writes them.
fn json(chosen: &[(&str, f64)]) -> String {
    let of = |group: &str| {
        let inside = chosen.iter().filter_map(|(name, value)| {
            let name = match group {
                "" => Some(*name).filter(|it| !it.contains('.')),
                _ => name.strip_prefix(group)?.strip_prefix('.'),
            };
            Some(format!("\"{}\": {value:e}", name?))
        });
        inside.collect::<Vec<_>>().join(", ")
    };
    let top = Some(of("")).filter(|it| !it.is_empty()).map(|it| it + ", ");
    format!(
        "{{{}\"regularizers\": {{{}}}, \"transforms\": {{{}}}}}",
        top.unwrap_or_default(),
        of("regularizers"),
        of("transforms")
    )
}

fn parameterizations() -> [Parameterization; 4] {
    [
        Parameterization::Pixels,
        Parameterization::Sigmoid,
        Parameterization::Fourier,
        components(),
    ]
}

/// All parameterizations or, on WebGPU, one of them for each `index` in turn.
fn some_parameterizations(index: usize) -> Vec<Parameterization> {
    match device::BACKEND {
        "webgpu" => vec![parameterizations()[index % 4].clone()],
        _ => parameterizations().to_vec(),
    }
}

const OPTIMIZERS: [Optimizer; 3] = [Optimizer::Adam, Optimizer::Momentum, Optimizer::Sgd];

/// All optimizers or, on WebGPU, one of them for each `index` in turn.
fn some_optimizers(index: usize) -> Vec<Optimizer> {
    match device::BACKEND {
        "webgpu" => vec![OPTIMIZERS[index % 3]],
        _ => OPTIMIZERS.to_vec(),
    }
}

fn assert_finite(case: &str, frame: &Snapshot) {
    let parts = [
        ("pixel", frame.images()),
        ("number of the state", frame.state()),
        ("number of the answers", frame.now()),
        ("number of the trace", frame.trace()),
    ];
    for (what, values) in parts {
        let bad = values.iter().position(|it| !it.is_finite());
        assert_eq!(bad, None, "{case}: {what} is {}", values[bad.unwrap_or(0)]);
    }
}

/// A run, with fused iterations if `is_fused` and there are any for the task.
async fn begin(network: &Network, task: &Task, start: Start, is_fused: bool) -> Run {
    let fused = fused(network, task).await.filter(|_| is_fused);
    Run::begin(network, &[3, 3], start, task.clone(), fused).expect("valid")
}

async fn assert_run_is_finite(
    case: &str,
    network: &Network,
    task: &Task,
    start: Start,
    settings: &Settings,
    iterations: usize,
) {
    for is_fused in [true, false] {
        let mut run = begin(network, task, start.clone(), is_fused).await;
        // Few iterations on the reference path, which is slow on a software adapter.
        let count = match (is_fused, device::BACKEND) {
            (false, "webgpu") => 2,
            _ => iterations,
        };
        run.advance(count, settings);
        let frame = run.snapshot(settings).read().await.expect("it can be read");
        assert_finite(&format!("{case}, {}", run.path()), &frame);
    }
}

crate::tests! {
    async fn every_setting_leaves_images_finite_over_all_its_range() {
        let network = network(Model::Mlp).await;
        for (setting, (name, values)) in settings().into_iter().enumerate() {
            for (index, value) in tried(values).into_iter().enumerate() {
                let settings = Settings::from_json(&json(&[(name, value)])).expect("it is within the range");
                for parameterization in some_parameterizations(index) {
                    let task = Task { parameterization: parameterization.clone(), ..Task::default() };
                    for optimizer in some_optimizers(setting + index) {
                        let case = format!("{name} {value:e}, {optimizer:?}, {parameterization:.10?}");
                        let settings = settings.with_optimizer(optimizer);
                        assert_run_is_finite(&case, &network, &task, Start::default(), &settings, 3).await;
                    }
                }
            }
        }
    }

    async fn every_deviation_of_the_noise_leaves_images_finite() {
        let network = network(Model::Mlp).await;
        for (index, std) in tried(range(1.0)).into_iter().enumerate() {
            for parameterization in some_parameterizations(index) {
                let case = format!("noise {std:e}, {parameterization:.10?}");
                let task = Task { parameterization, ..Task::default() };
                let settings = Settings::from_json(&json(&[("regularizers.diversity", 1.0), ("regularizers.totalVariation", 1.0)]));
                let start = Start::Noise { seed: u32::MAX, std };
                assert_run_is_finite(&case, &network, &task, start, &settings.expect("valid"), 3).await;
            }
        }
    }

    async fn every_start_image_leaves_images_finite() {
        for pixel in tried(vec![1.0, -1e9, 1e-45, -1e-38, 1e9]) {
            let models = [Model::Mlp, Model::LeNet5].into_iter().cycle();
            for (index, (parameterization, model)) in parameterizations().into_iter().zip(models).enumerate() {
                let case = format!("pixels of {pixel:e}, {parameterization:.10?}");
                let image = (0..PIXELS).map(|at| if at % 3 == 0 { pixel } else { 0.5 }).collect();
                let task = Task { parameterization, ..Task::default() };
                let most = json(&[("regularizers.l2", 1000.0), ("regularizers.totalVariation", 1000.0), ("regularizers.density", 1000.0)]);
                let start = Start::Image(image);
                for optimizer in some_optimizers(index) {
                    let case = format!("{case}, {optimizer:?}");
                    let settings = Settings::from_json(&most).expect("valid").with_optimizer(optimizer);
                    assert_run_is_finite(&case, &network(model).await, &task, start.clone(), &settings, 3).await;
                }
            }
        }
    }

    async fn every_normalisation_of_the_input_leaves_images_finite() {
        let device = connect().await;
        let extremes = vec![(100.0, 0.001), (5e-324, 100.0), (1e-200, 0.001), (100.0, 100.0), (-100.0, 0.001)];
        for (mean, std) in tried(extremes) {
            let architecture = Architecture { input: Input { mean, std }, ..Architecture::lenet5() };
            let network = untrained(architecture, &device);
            for objective in [Objective::TargetProbability, Objective::LogProbability, Objective::Logit] {
                let case = format!("mean {mean:e}, std {std:e}, {objective:?}");
                let task = Task { objective, ..Task::default() };
                assert_run_is_finite(&case, &network, &task, Start::default(), &Settings::default(), 3).await;
            }
        }
    }

    async fn many_settings_at_once_leave_images_finite() {
        let mut bits = ChaCha8Rng::seed_from_u64(20);
        let objectives = [
            Objective::TargetProbability,
            Objective::LogProbability,
            Objective::Logit,
            Objective::LogitDifference { other: 1 },
            hidden("fc1"),
        ];
        let all = settings();
        let rounds = if device::BACKEND == "webgpu" { 2 } else { 240 };
        for round in 0..rounds {
            // Many of the numbers are the largest, which is where things overflow.
            let chosen: Vec<(&str, f64)> = all.iter().map(|(name, values)| {
                let at = match bits.random_range(0..3) {
                    0 => values.len() - 1,
                    _ => bits.random_range(0..values.len()),
                };
                (*name, values[at])
            }).collect();
            let json = json(&chosen);
            let optimizer = OPTIMIZERS[bits.random_range(0..3usize)];
            let settings = Settings::from_json(&json).expect("they are within their ranges").with_optimizer(optimizer);
            let model = [Model::Mlp, Model::LeNet5][round % 2];
            let objective = objectives[round % objectives.len()].clone();
            let parameterization = parameterizations()[bits.random_range(0..4usize)].clone();
            let case = format!("round {round}, {}, {objective:?}, {optimizer:?}, {parameterization:.10?}, {json}", model.name());
            let task = Task { objective, parameterization, seed: round as u32 };
            assert_run_is_finite(&case, &network(model).await, &task, Start::default(), &settings, 12).await;
        }
    }

    async fn a_long_run_with_the_largest_steps_stays_finite() {
        if device::BACKEND == "webgpu" {
            return; // On a software adapter, this would take hours.
        }
        // Plain gradient descent overshoots the most where the gradient grows with the distance.
        let regularizers = Regularizers { l2: 1000.0, ..Regularizers::default() };
        let target = Settings::new(5e-324, 1.0).expect("valid");
        let settings = [
            target,
            target.with_optimizer(Optimizer::Momentum),
            target.with_optimizer(Optimizer::Sgd),
            target.with_optimizer(Optimizer::Momentum).with_regularizers(regularizers).expect("valid"),
            target.with_optimizer(Optimizer::Sgd).with_regularizers(regularizers).expect("valid"),
        ];
        for (model, settings) in pairs(&[Model::Mlp, Model::LeNet5], &settings) {
            let network = network(model).await;
            for objective in [Objective::TargetProbability, Objective::Logit] {
                for parameterization in parameterizations() {
                    let optimizer = settings.optimizer();
                    let case = format!("{}, {objective:?}, {optimizer:?}, {parameterization:.10?}", model.name());
                    let task = Task { objective: objective.clone(), parameterization, ..Task::default() };
                    let mut run = begin(&network, &task, Start::default(), true).await;
                    run.advance(2000, &settings);
                    assert_finite(&case, &run.snapshot(&settings).read().await.expect("it can be read"));
                }
            }
        }
    }

    async fn a_run_that_stood_still_too_early_to_have_moments_goes_on() {
        // The second step divides by the root of a second moment of 0: the gradient underflowed when squared.
        let network = network(Model::Mlp).await;
        for gradient in [0.0, 1e-45, 1e-30, 1e-20] {
            let state = [vec![0.1f32; PIXELS], vec![gradient; PIXELS], vec![0.0; PIXELS]].concat();
            let task = Task::default();
            let mut run = Maximizer::resume(&network, &[3], Start::default(), task.clone(), 1, &state).expect("valid");
            run.step(&Settings::default());
            assert_finite("plain", &run.snapshot(&Settings::default()).read().await.expect("it can be read"));
            let fused = fused(&network, &task).await;
            let mut run = Run::resume(&network, &[3], Start::default(), task, fused, (1, &state)).expect("valid");
            run.advance(1, &Settings::default());
            assert_finite("fused", &run.snapshot(&Settings::default()).read().await.expect("it can be read"));
        }
    }
}

const PIXELS: usize = actmax::network::PIXELS;
