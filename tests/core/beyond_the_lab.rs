//! Beyond the lab: objectives, regularizers, transforms and parameterizations, each against an independent
//! computation.

use std::sync::Arc;

use actmax::network::Model;
use actmax::network::{PIXELS, SIDE};
use actmax::reference;
use actmax::reference::Decoder;
use actmax::reference::regularizers;
use actmax::reference::transforms;
use actmax::reference::{Maximizer, Network};
use actmax::task::Objective;
use actmax::task::Parameterization;
use actmax::task::Pca;
use actmax::task::Position;
use actmax::task::Regularizers;
use actmax::task::gaussian;
use actmax::task::{Settings, Start, Task};
use actmax::task::{Transform, Transforms};
use burn::tensor::{Device, Tensor, TensorData};

use crate::common::{
    advance, channel_at, connect, hidden, largest_difference, losses, network, pairs, parameters,
    read, takes_all,
};

async fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let data = tensor
        .into_data_async()
        .await
        .expect("the device can be read");
    data.try_into_vec().expect("it holds f32")
}

fn tensor(pixels: &[f32], device: &Device) -> Tensor<4> {
    reference::images(pixels.to_vec(), pixels.len() / PIXELS, device)
}

/// An image that is dark, with a bright bar and a smooth hill in it.
fn picture() -> Vec<f32> {
    (0..PIXELS)
        .map(|at| {
            let (x, y) = ((at % SIDE) as f32, (at / SIDE) as f32);
            let hill = (-((x - 18.0).powi(2) + (y - 9.0).powi(2)) / 20.0).exp();
            let bar = if (10.0..13.0).contains(&x) && (6.0..22.0).contains(&y) {
                0.9
            } else {
                0.0
            };
            0.05 + 0.9 * f32::max(hill, bar)
        })
        .collect()
}

/// Every parameterization there is. The principal components are waves here: any orthogonal rows will do.
fn parameterizations() -> Vec<(&'static str, Parameterization)> {
    let components: Vec<f32> = (1..65)
        .flat_map(|k| {
            (0..PIXELS).map(move |at| {
                let angle = std::f64::consts::PI * (at as f64 + 0.5) * f64::from(k) / PIXELS as f64;
                (0.5 * angle.cos()) as f32
            })
        })
        .collect();
    vec![
        ("pixels", Parameterization::Pixels),
        ("sigmoid", Parameterization::Sigmoid),
        ("fourier", Parameterization::Fourier),
        (
            "pca",
            Parameterization::Pca(Arc::new(Pca {
                mean: vec![0.1; PIXELS],
                components,
            })),
        ),
    ]
}

/// A run with these parameters, of two rows with the same objective. Its start is another image, `picture`.
async fn run_at(network: &Network, task: &Task, parameters: &[f32]) -> Maximizer {
    let mut state = parameters.to_vec();
    state.extend(vec![0.0; 2 * parameters.len()]);
    let start = Start::Image(picture());
    Maximizer::resume(network, &[3, 3], start, task.clone(), 0, &state).expect("valid")
}

/// The gradient at these parameters: after one step Adam's first moment is a tenth of it.
async fn gradient(
    network: &Network,
    task: &Task,
    parameters: &[f32],
    settings: &Settings,
) -> Vec<f32> {
    let mut run = run_at(network, task, parameters).await;
    let frame = advance(&mut run, 1, settings).await;
    let moments = &frame.state()[parameters.len()..2 * parameters.len()];
    moments.iter().map(|moment| moment / 0.1).collect()
}

/// The derivative of the loss of both rows along one parameter.
async fn derivative(
    network: &Network,
    task: &Task,
    parameters: &[f32],
    (at, step): (usize, f32),
    settings: &Settings,
) -> f32 {
    let mut loss = [0.0; 2];
    for (side, step) in [step, -step].into_iter().enumerate() {
        let mut moved = parameters.to_vec();
        moved[at] += step;
        let mut run = run_at(network, task, &moved).await;
        let now = read(&mut run, settings).await.now().to_vec();
        loss[side] = now[10] + now[21];
    }
    (loss[0] - loss[1]) / (2.0 * step)
}

/// Checks that the gradient is the derivative of the loss, at the parameters where it is largest. With
/// `less`, checks the same for the difference between `settings` and `less`, in gradient and loss.
async fn assert_gradient_is_the_slope(
    name: &str,
    task: Task,
    images: &[f32],
    settings: Settings,
    less: Option<Settings>,
) {
    const TRIED: usize = 5;
    const RELATIVE: f32 = 0.04;
    // A regularizer is a sum over many pixels, in single precision: rounding would hide a short step. Its
    // kinks are far away, except with principal components, whose images are smooth. The kinks of the network
    // cancel in the difference.
    let step = match (&less, &task.parameterization) {
        (
            Some(_),
            Parameterization::Pixels | Parameterization::Sigmoid | Parameterization::Fourier,
        ) => 2e-2,
        _ => 4e-3,
    };
    let network = network(Model::Mlp).await;
    let parameters = task.parameterization.parameters_of(images);
    let mut found = gradient(&network, &task, &parameters, &settings).await;
    if let Some(less) = &less {
        let without = gradient(&network, &task, &parameters, less).await;
        (found.iter_mut().zip(without)).for_each(|(it, without)| *it -= without);
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[b].abs().total_cmp(&found[a].abs()));
    for &at in &order[..TRIED] {
        let mut expected = derivative(&network, &task, &parameters, (at, step), &settings).await;
        if let Some(less) = &less {
            expected -= derivative(&network, &task, &parameters, (at, step), less).await;
        }
        let found = found[at];
        assert!(
            found.abs() > 0.01,
            "{name}: there is no gradient to speak of"
        );
        assert!(
            (expected - found).abs() <= RELATIVE * expected.abs().max(0.02),
            "{name}: parameter {at}: gradient {found}, derivative {expected}"
        );
    }
}

/// Two images that differ from each other and from `picture`. Pixels are far from 0 and from their
/// neighbors, because the regularizers have kinks where a pixel or a difference of neighbors is 0.
fn pair() -> Vec<f32> {
    let hill = picture();
    (0..2 * PIXELS)
        .map(|at| {
            let (x, y) = (at % SIDE, at % PIXELS / SIDE);
            let dark = (x + y) % 2 == at / PIXELS;
            0.3 * hill[at % PIXELS] + if dark { 0.2 } else { 0.6 }
        })
        .collect()
}

fn objectives() -> Vec<(&'static str, Objective)> {
    vec![
        ("log-probability", Objective::LogProbability),
        ("logit", Objective::Logit),
        ("difference", Objective::LogitDifference { other: 8 }),
        ("unit of fc2", hidden("fc2")),
    ]
}

fn regularizers(set: impl FnOnce(&mut Regularizers)) -> Settings {
    let mut regularizers = Regularizers::default();
    set(&mut regularizers);
    Settings::default()
        .with_regularizers(regularizers)
        .expect("valid")
}

crate::tests! {
    async fn every_goal_descends_on_its_slope() {
        for (name, objective) in objectives() {
            let task = Task { objective, ..Task::default() };
            let images = picture().repeat(2);
            assert_gradient_is_the_slope(name, task, &images, Settings::default(), None).await;
        }
    }

    async fn every_parameterization_descends_on_its_slope() {
        for (name, parameterization) in parameterizations() {
            let task = Task { parameterization, objective: Objective::LogProbability, ..Task::default() };
            let images = picture().repeat(2);
            assert_gradient_is_the_slope(name, task, &images, Settings::default(), None).await;
        }
    }

    async fn every_penalty_descends_on_its_slope() {
        let penalties = [
            ("l1", regularizers(|it| it.l1 = 3.0)),
            ("l2", regularizers(|it| it.l2 = 3.0)),
            ("variation", regularizers(|it| it.total_variation = 3.0)),
            ("distance", regularizers(|it| it.start_distance = 3.0)),
            ("density", regularizers(|it| it.density = 3.0)),
            ("diversity", regularizers(|it| it.diversity = 100.0)),
        ];
        for ((name, settings), (parameterization_name, parameterization)) in pairs(&penalties, &parameterizations()) {
            if (name, parameterization_name) == ("l1", "pca") {
                continue; // Pixels are positive and each wave sums to 0: L1 has no gradient.
            }
            let task = Task { parameterization, objective: Objective::Logit, ..Task::default() };
            let case = format!("{name}, {parameterization_name}");
            let without = Some(Settings::default());
            assert_gradient_is_the_slope(&case, task, &pair(), settings, without).await;
        }
    }

    async fn penalties_are_what_they_say() {
        let device = connect().await.without_autodiff();
        let image = picture();
        let other = gaussian(4, 0.3, PIXELS);
        let both = tensor(&[image.clone(), other.clone()].concat(), &device);
        let sum = |of: &dyn Fn(&[f32]) -> f64| [of(&image), of(&other)];
        let pairs = |it: &[f32]| {
            let mut total = 0.0;
            for at in 0..PIXELS {
                if at % SIDE + 1 < SIDE {
                    total += f64::from((it[at + 1] - it[at]).abs());
                }
                if at + SIDE < PIXELS {
                    total += f64::from((it[at + SIDE] - it[at]).abs());
                }
            }
            total
        };
        let squares = |it: &[f32]| it.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
        // The start of each row is the image of the other row.
        let start = tensor(&[other.clone(), image.clone()].concat(), &device);
        let apart: Vec<f32> = image.iter().zip(&other).map(|(a, b)| a - b).collect();
        let away = |_: &[f32]| squares(&apart);
        for (name, found, expected) in [
            ("l1", regularizers::l1(both.clone()), sum(&|it| it.iter().map(|x| f64::from(x.abs())).sum())),
            ("l2", regularizers::l2(both.clone()), sum(&squares)),
            ("variation", regularizers::total_variation(both.clone()), sum(&pairs)),
            ("distance", regularizers::start_distance(both.clone(), start), sum(&away)),
        ] {
            let found = values(found).await;
            for row in 0..2 {
                let off = (f64::from(found[row]) - expected[row]).abs();
                assert!(off < 1e-4 * expected[row], "{name}: {} for {}", found[row], expected[row]);
            }
        }
    }

    async fn likeness_is_the_squared_correlation_of_kin() {
        let device = connect().await.without_autodiff();
        let rows = [gaussian(1, 1.0, PIXELS), picture(), gaussian(1, 2.0, PIXELS), gaussian(2, 1.0, PIXELS)];
        // Rows 0, 2 and 3 have the same objective. Row 2 is row 0 times 2.
        let weights = regularizers::pair_weights(&[5, 7, 5, 5], &device);
        let found = values(regularizers::diversity(tensor(&rows.concat(), &device), weights)).await;
        let r = |a: &[f32], b: &[f32]| {
            let mean = |it: &[f32]| it.iter().sum::<f32>() / PIXELS as f32;
            let (ma, mb) = (mean(a), mean(b));
            let dot = |a: &[f32], ma: f32, b: &[f32], mb: f32| {
                a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f32>()
            };
            dot(a, ma, b, mb) / (dot(a, ma, a, ma) * dot(b, mb, b, mb)).sqrt()
        };
        let with_3 = r(&rows[0], &rows[3]).powi(2);
        for (row, expected) in [(0, (1.0 + with_3) / 2.0), (1, 0.0), (2, (1.0 + with_3) / 2.0), (3, with_3)] {
            assert!((found[row] - expected).abs() < 1e-4, "row {row}: {} for {expected}", found[row]);
        }
    }

    async fn diversity_drives_kin_apart() {
        if !takes_all() {
            return; // Eighty iterations of the reference, which does the same on every backend.
        }
        let network = network(Model::Mlp).await;
        let mut likeness = Vec::new();
        for diversity in [0.0, 2.0] {
            let settings = regularizers(|it| it.diversity = diversity);
            // Each row has a start of its own: from the same start, the rows would stay equal.
            let start = Start::Image([gaussian(1, 0.1, PIXELS), gaussian(2, 0.1, PIXELS)].concat());
            let mut run = Maximizer::begin(&network, &[3, 3], start, Task::default()).expect("valid");
            let frame = advance(&mut run, 40, &settings).await;
            assert!(frame.now()[3].exp() > 0.8 && frame.now()[11 + 3].exp() > 0.8);
            let device = connect().await.without_autodiff();
            let weights = regularizers::pair_weights(&[3, 3], &device);
            likeness.push(values(regularizers::diversity(tensor(frame.images(), &device), weights)).await[0]);
        }
        assert!(likeness[1] < 0.5 * likeness[0], "r² went from {} to {}", likeness[0], likeness[1]);
    }

    async fn every_parameterization_can_fit_a_given_image() {
        let device = connect().await;
        let plain = device.clone().without_autodiff();
        let image = picture();
        for (name, parameterization) in parameterizations() {
            let mapping = Decoder::new(&parameterization, &plain);
            let fit = |image: &[f32]| {
                let parameters = parameterization.parameters_of(image);
                let parameters = TensorData::new(parameters, [1, parameterization.parameters()]);
                mapping.images(Tensor::from_data(parameters, &plain))
            };
            let fitted = values(fit(&image)).await;
            if name == "pca" {
                // 64 components can only come near the image, but fitting again changes nothing.
                let again = values(fit(&fitted)).await;
                let (at, off) = largest_difference(&again, &fitted);
                assert!(off < 1e-3, "{name}: pixel {at} is {off} off");
                continue;
            }
            let (at, off) = largest_difference(&fitted, &image);
            assert!(off < 1e-3, "{name}: pixel {at} is {off} off");
        }
    }

    async fn a_component_of_no_length_has_no_weight() {
        let (name, parameterization) = parameterizations().pop().expect("the principal components are the last");
        let Parameterization::Pca(pca) = parameterization else { panic!("{name} is the last") };
        let mut pca = (*pca).clone();
        pca.components[..PIXELS].fill(0.0);
        pca.components[PIXELS..2 * PIXELS].fill(1e-42);
        let parameterization = Parameterization::Pca(Arc::new(pca));
        let parameters = parameterization.parameters_of(&picture());
        assert_eq!(parameters[..2], [0.0, 0.0]);
        assert!(parameters.iter().all(|it| it.is_finite()), "{parameters:?}");
        let network = network(Model::Mlp).await;
        let task = Task { parameterization, ..Task::default() };
        let mut run = Maximizer::begin(&network, &[3], Start::default(), task).expect("valid");
        let frame = advance(&mut run, 3, &Settings::default()).await;
        assert!(frame.values().iter().all(|it| it.is_finite()));
    }

    async fn every_score_rises() {
        for (name, objective) in objectives() {
            for (parameterization_name, parameterization) in parameterizations() {
                let task = Task { objective: objective.clone(), parameterization, seed: 1 };
                let network = network(Model::LeNet5).await;
                let mut run = Maximizer::begin(&network, &[3], Start::default(), task).expect("valid");
                let settings = Settings::new(0.9, 0.05).expect("valid");
                let trace = losses(advance(&mut run, 12, &settings).await.trace());
                assert!(trace[11] < trace[0], "{name}, {parameterization_name}: {trace:?}");
            }
        }
    }

    async fn a_filter_gets_what_it_wants() {
        let network = network(Model::LeNet5).await;
        let objective = hidden("conv1");
        let task = Task { objective, ..Task::default() };
        let mut run = Maximizer::begin(&network, &[0, 1, 2, 3, 4, 5], Start::default(), task).expect("valid");
        let settings = Settings::new(0.9, 0.01).expect("valid");
        let frame = advance(&mut run, 20, &settings).await;
        let first = losses(frame.trace());
        for filter in 0..6 {
            let (before, after) = (-first[filter], -first[19 * 6 + filter]);
            assert!(after > before + 0.05, "filter {filter} went from {before} to {after}");
        }
    }

    async fn a_channel_at_a_position_is_its_kernel_times_what_lies_below() {
        let network = network(Model::LeNet5).await;
        let parameters = parameters(&network).await;
        let (kernels, biases) = (&parameters.layers[0].weight, &parameters.layers[0].bias);
        let image = picture();
        for (position, [row, column]) in [
            (Position::Center, [12, 12]),
            (Position::At([0, 0]), [0, 0]),
            (Position::At([6, 17]), [6, 17]),
            (Position::At([23, 0]), [23, 0]),
        ] {
            let task = Task { objective: channel_at("conv1", position), ..Task::default() };
            let start = Start::Image(image.clone());
            let mut run = Maximizer::begin(&network, &[0, 5], start, task).expect("valid");
            let frame = advance(&mut run, 1, &Settings::default()).await;
            for (index, channel) in [0, 5].into_iter().enumerate() {
                let kernel = &kernels[25 * channel..][..25];
                // What each pixel is multiplied with.
                let mut weights = vec![0.0; PIXELS];
                for (at, weight) in kernel.iter().enumerate() {
                    weights[(row + at / 5) * SIDE + column + at % 5] = *weight;
                }
                let value = biases[channel] + weights.iter().zip(&image).map(|(a, b)| a * b).sum::<f32>();
                let loss = losses(frame.trace())[index];
                assert!((loss + value).abs() < 1e-5, "{position:?}, channel {channel}: {loss} for minus {value}");
                // After one step Adam's first moment is a tenth of the gradient.
                let gradient = &frame.state()[(2 + index) * PIXELS..][..PIXELS];
                for (at, (moment, weight)) in gradient.iter().zip(&weights).enumerate() {
                    assert!((moment / 0.1 + weight).abs() < 1e-6, "{position:?}, channel {channel}, pixel {at}");
                }
            }
        }
    }

    async fn a_shift_moves_whole_pixels() {
        let device = connect().await.without_autodiff();
        let image = picture();
        let moved = Transform { jitter: [2.0, -3.0], rotation: 0.0, scale: 1.0 };
        let found = values(moved.apply(tensor(&image, &device), &device)).await;
        for (at, value) in found.iter().enumerate() {
            let (x, y) = ((at % SIDE) as i32 - 2, (at / SIDE) as i32 + 3);
            let inside = (0..28).contains(&x) && (0..28).contains(&y);
            let expected = if inside { image[(y * 28 + x) as usize] } else { 0.0 };
            assert!((value - expected).abs() < 1e-6, "pixel {at}: {value} for {expected}");
        }
    }

    async fn a_quarter_turn_is_a_quarter_turn() {
        let device = connect().await.without_autodiff();
        let image = picture();
        let turn = Transform { jitter: [0.0, 0.0], rotation: 90.0, scale: 1.0 };
        let found = values(turn.apply(tensor(&image, &device), &device)).await;
        for (at, value) in found.iter().enumerate() {
            // Clockwise: what was to the left is now above.
            let (x, y) = (at % SIDE, at / SIDE);
            let expected = image[(SIDE - 1 - x) * SIDE + y];
            assert!((value - expected).abs() < 1e-5, "pixel {at}: {value} for {expected}");
        }
    }

    async fn both_ways_of_moving_agree() {
        let device = connect().await.without_autodiff();
        let image = tensor(&picture(), &device);
        let flat = Transform { jitter: [1.0, 2.0], rotation: 0.0, scale: 1.1 };
        let turned = Transform { rotation: 1e-9, ..flat };
        let a = values(flat.apply(image.clone(), &device)).await;
        let b = values(turned.apply(image, &device)).await;
        let (at, off) = largest_difference(&a, &b);
        assert!(off < 1e-5, "pixel {at} is {off} off");
    }

    async fn a_blur_keeps_what_is_even_and_spreads_a_point() {
        let device = connect().await.without_autodiff();
        let even = values(transforms::blur(tensor(&[0.7; PIXELS], &device), 1.5, &device)).await;
        assert!(even.iter().all(|it| (it - 0.7).abs() < 1e-5));
        let mut point = vec![0.0; PIXELS];
        point[14 * SIDE + 14] = 1.0;
        let spread = values(transforms::blur(tensor(&point, &device), 1.5, &device)).await;
        // The density of a Gaussian on a grid, up to its tails.
        let bell = |d: f64| (-d * d / (2.0 * 1.5 * 1.5)).exp();
        let sum: f64 = (-14..14).map(|d| bell(f64::from(d))).sum();
        for (x, y) in [(14, 14), (15, 14), (16, 17), (10, 14)] {
            let expected = bell(x as f64 - 14.0) * bell(y as f64 - 14.0) / (sum * sum);
            let found = f64::from(spread[y * SIDE + x]);
            assert!((found - expected).abs() < 1e-5, "({x}, {y}): {found} for {expected}");
        }
    }

    async fn moves_are_drawn_from_the_seed_alone() {
        let transforms = Transforms { jitter: 3.0, rotation: 10.0, scale: 0.1 };
        assert_eq!(Transform::draw(&transforms, 1, 5), Transform::draw(&transforms, 1, 5));
        assert_ne!(Transform::draw(&transforms, 1, 5), Transform::draw(&transforms, 1, 6));
        assert_ne!(Transform::draw(&transforms, 1, 5), Transform::draw(&transforms, 2, 5));
        for iteration in 0..500 {
            let Transform { jitter, rotation, scale } = Transform::draw(&transforms, 1, iteration);
            assert!(jitter.iter().all(|it| it.abs() <= 3.0 && it.fract() == 0.0));
            assert!(rotation.abs() <= 10.0 && (scale - 1.0).abs() <= 0.1);
        }
        // Every shift up to the largest is as likely as any other, to five standard errors.
        for (most, pixels) in [(0.9, 0.0), (1.0, 1.0), (2.0, 2.0), (2.9, 2.0), (8.0, 8.0)] {
            const DRAWS: usize = 6000;
            let transforms = Transforms { jitter: most, ..Transforms::default() };
            let draws: Vec<[f64; 2]> = (0..DRAWS).map(|it| Transform::draw(&transforms, 3, it).jitter).collect();
            let choices = 2.0 * pixels + 1.0;
            let (expected, error) = (DRAWS as f64 / choices, (DRAWS as f64 / choices).sqrt());
            for axis in 0..2 {
                let mut shift = -pixels;
                while shift <= pixels {
                    let found = draws.iter().filter(|it| it[axis] == shift).count() as f64;
                    assert!((found - expected).abs() <= 5.0 * error, "{shift} of {most}: {found} of {DRAWS}");
                    shift += 1.0;
                }
            }
        }
        // A resumed run draws the transforms that it would have drawn.
        let network = network(Model::Mlp).await;
        let settings = Settings::default().with_transforms(transforms).expect("valid");
        let task = Task { parameterization: Parameterization::Sigmoid, ..Task::default() };
        let begin = || Maximizer::begin(&network, &[3], Start::default(), task.clone()).expect("valid");
        let half = advance(&mut begin(), 3, &settings).await;
        let mut resumed = Maximizer::resume(&network, &[3], Start::default(), task.clone(), 3, half.state())
            .expect("valid");
        let rest = advance(&mut resumed, 3, &settings).await;
        let mut whole = begin();
        advance(&mut whole, 3, &settings).await;
        let whole = advance(&mut whole, 3, &settings).await;
        let (at, off) = largest_difference(rest.values(), whole.values());
        assert!(off <= 1e-5, "value {at} is {off} off");
    }

    async fn what_cannot_be_asked_is_refused_in_words() {
        let network = network(Model::LeNet5).await;
        let refusal = |rows: &[u16], objective: Objective| {
            let task = Task { objective, ..Task::default() };
            Maximizer::begin(&network, rows, Start::default(), task).err().expect("refused").to_string()
        };
        assert_eq!(
            refusal(&[0], hidden("fc9")),
            "There is no dense hidden layer \"fc9\" in this network. There are: fc1, fc2."
        );
        assert_eq!(
            refusal(&[6], hidden("conv1")),
            "The channel is 6. This layer has 6, counted from 0."
        );
        // A neuron belongs to a dense layer, a channel to a convolution.
        let layer = || "conv2".to_owned();
        assert_eq!(
            refusal(&[0], Objective::Neuron { layer: layer() }),
            "There is no dense hidden layer \"conv2\" in this network. There are: fc1, fc2."
        );
        assert_eq!(
            refusal(&[0], channel_at("fc1", Position::Center)),
            "There is no convolution \"fc1\" in this network. There are: conv1, conv2."
        );
        let mlp = crate::common::network(Model::Mlp).await;
        let task = Task { objective: hidden("conv2"), ..Task::default() };
        assert_eq!(
            Maximizer::begin(&mlp, &[0], Start::default(), task).err().expect("refused").to_string(),
            "There is no convolution \"conv2\" in this network. There are: none."
        );
        // LeNet-5's maps are 24 × 24 and 8 × 8.
        for (layer, [row, column], side) in [("conv1", [24, 3], 24), ("conv1", [3, 24], 24), ("conv2", [0, 8], 8)] {
            assert_eq!(
                refusal(&[0], channel_at(layer, Position::At([row, column]))),
                format!("The position is row {row}, column {column}. The maps of {layer} have {side} rows and {side} \
                         columns, counted from 0.")
            );
        }
        assert_eq!(
            refusal(&[0], channel_at("conv3", Position::Center)),
            "There is no convolution \"conv3\" in this network. There are: conv1, conv2."
        );
        assert_eq!(refusal(&[3], Objective::LogitDifference { other: 10 }), "The digit is 10. It must be one of 0 to 9.");
        let setting = |json: &str| Settings::from_json(json).unwrap_err().to_string();
        assert_eq!(
            setting(r#"{"regularizers": {"l1": -1}}"#),
            "The setting \"l1\" is -1. It must lie between 0 and 1000; 0 leaves it out."
        );
        assert_eq!(
            setting(r#"{"transforms": {"jitter": 9}}"#),
            "The setting \"jitter\" is 9. It must lie between 0 and 8; 0 leaves it out."
        );
        assert_eq!(
            setting(r#"{"gradientBlur": 1e9}"#),
            "The setting \"gradientBlur\" is 1000000000. It must lie between 0 and 5; 0 leaves it out."
        );
        assert!(setting("{").starts_with("The settings cannot be read (EOF while parsing"));
        assert!(setting(r#"{"color": 1}"#).starts_with("The settings cannot be read (unknown field `color`"));
    }
}
