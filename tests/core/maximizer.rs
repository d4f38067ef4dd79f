//! What activation maximization must do, whatever it runs on.

use crate::common::{advance, connect, largest_difference, losses, network, read};
use actmax::network::Model;
use actmax::network::PIXELS;
use actmax::reference::{Loss, Maximizer};
use actmax::task::SettingError;
use actmax::task::Task;
use actmax::task::gaussian;
use actmax::task::{Objective, Optimizer, Regularizers, Settings, Start};
use burn::tensor::{Device, Tensor, TensorData};

const ALL: [u16; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/// How far a run may be from the same run in another batch, or resumed. Tensors then have other shapes, and
/// sums may be added in another order: a few units in the last place, over a few iterations.
const SAME_RUN: f32 = 1e-5;

fn tensor(pixels: Vec<f32>, device: &Device) -> Tensor<4> {
    let rows = pixels.len() / PIXELS;
    Tensor::from_data(TensorData::new(pixels, [rows, 1, 28, 28]), device)
}

async fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let data = tensor
        .into_data_async()
        .await
        .expect("the device can be read");
    data.try_into_vec().expect("it holds f32")
}

fn begin(network: &actmax::reference::Network, digits: &[u16]) -> Maximizer {
    Maximizer::new(network, digits, Start::default()).expect("the settings are valid")
}

/// Compares the gradient of one image's loss, for the digit 3, with central differences.
///
/// Central differences of a function computed in 32 bits are good to about 1% at best, where the
/// step is small enough to stay on one side of the ReLUs and large enough to stand out from
/// rounding. They are taken at the pixels where the gradient is largest.
async fn assert_gradient_is_the_slope(model: Model) {
    const STEP: f32 = 2e-3;
    const PIXELS_TRIED: usize = 12;
    const RELATIVE: f32 = 0.03;

    let device = connect().await;
    let settings = Settings::default();
    let network = network(model).await;
    let start = gaussian(5, 0.3, PIXELS);

    // The gradient, as Adam sees it: after one step its first moment is a tenth of it.
    let mut run = Maximizer::new(&network, &[3], Start::Image(start.clone())).expect("valid");
    let frame = advance(&mut run, 1, &settings).await;
    let gradient: Vec<f32> = (frame.state()[PIXELS..2 * PIXELS].iter())
        .map(|moment| moment / 0.1)
        .collect();

    let mut order: Vec<usize> = (0..PIXELS).collect();
    order.sort_by(|&a, &b| gradient[b].abs().total_cmp(&gradient[a].abs()));
    order.truncate(PIXELS_TRIED);

    // Rows 2i and 2i + 1: the i-th pixel a little up, and a little down.
    let mut images = Vec::new();
    for &pixel in &order {
        for step in [STEP, -STEP] {
            let mut image = start.clone();
            image[pixel] += step;
            images.extend(image);
        }
    }
    let objective = Loss::new(
        Objective::TargetProbability,
        &vec![3; 2 * order.len()],
        network.architecture(),
        &device,
    );
    let losses = objective.of(&network.activations(tensor(images, &device)), 0.9);
    let losses = values(losses).await;
    for (pair, &pixel) in losses.chunks(2).zip(&order) {
        let derivative = (pair[0] - pair[1]) / (2.0 * STEP);
        let found = gradient[pixel];
        assert!(
            (derivative - found).abs() <= RELATIVE * derivative.abs(),
            "{} pixel {pixel}: gradient {found}, derivative {derivative}",
            model.name()
        );
    }
}

crate::tests! {
    async fn mlp_gradient_is_the_slope_of_the_loss() {
        assert_gradient_is_the_slope(Model::Mlp).await;
    }

    async fn lenet5_gradient_is_the_slope_of_the_loss() {
        assert_gradient_is_the_slope(Model::LeNet5).await;
    }

    async fn fifty_iterations_give_the_mlp_its_three() {
        let settings = Settings::default();
        let mut run = begin(&network(Model::Mlp).await, &[3]);
        let before = read(&mut run, &settings).await;
        let after = advance(&mut run, 50, &settings).await;
        let (before, after) = (before.now()[3].exp(), after.now()[3].exp());
        assert!(before < 0.5, "p(3) was {before} before");
        assert!(after >= 0.9, "p(3) is {after} after");
    }

    async fn a_batch_of_ten_is_ten_batches_of_one() {
        const ITERATIONS: usize = 4;
        let settings = Settings::default();
        for model in [Model::Mlp, Model::LeNet5] {
            let network = network(model).await;
            let together = advance(&mut begin(&network, &ALL), ITERATIONS, &settings).await;
            for (row, &digit) in ALL.iter().enumerate() {
                let alone = advance(&mut begin(&network, &[digit]), ITERATIONS, &settings).await;
                let row = &together.images()[row * PIXELS..][..PIXELS];
                let (pixel, difference) = largest_difference(row, alone.images());
                assert!(
                    difference <= SAME_RUN,
                    "{} digit {digit}: pixel {pixel} is {difference} off",
                    model.name()
                );
            }
        }
    }

    async fn rows_keep_their_own_digits() {
        let settings = Settings::default();
        let network = network(Model::Mlp).await;
        let frame = advance(&mut begin(&network, &[7, 7, 2]), 3, &settings).await;
        let row = |index: usize| &frame.images()[index * PIXELS..][..PIXELS];
        assert_eq!(row(0), row(1), "two rows for the same digit");
        let (_, difference) = largest_difference(row(0), row(2));
        assert!(difference > 1e-3, "the rows for 7 and 2 differ by {difference}");
    }

    async fn the_same_seed_gives_the_same_image() {
        let settings = Settings::default();
        let network = network(Model::Mlp).await;
        let mut frames = Vec::new();
        for seed in [9, 9, 10] {
            let start = Start::Noise { seed, std: 0.01 };
            let mut run = Maximizer::new(&network, &[4], start).expect("valid");
            frames.push(advance(&mut run, 5, &settings).await);
        }
        assert_eq!(frames[0], frames[1]);
        assert_ne!(frames[0], frames[2]);
    }

    async fn nothing_but_the_image_changes() {
        let settings = Settings::default();
        let device = connect().await;
        for model in [Model::Mlp, Model::LeNet5] {
            let network = network(model).await;
            let probe = tensor(gaussian(3, 0.3, 2 * PIXELS), &device);
            let before = values(network.forward(probe.clone())).await;
            let mut run = begin(&network, &[1, 8]);
            advance(&mut run, 3, &settings).await;

            // With the run's own network, on the autodiff device, where dropout could be active.
            let probe = probe.autodiff();
            let once = values(run.network().forward(probe.clone())).await;
            let twice = values(run.network().forward(probe)).await;
            assert_eq!(once, twice, "{}: dropout is active", model.name());
            assert_eq!(once, before, "{}: a parameter has changed", model.name());
        }
    }

    async fn the_trace_holds_every_iteration_once() {
        let settings = Settings::default();
        let network = network(Model::Mlp).await;
        let mut run = begin(&network, &[3, 5]);
        let first = advance(&mut run, 3, &settings).await;
        let second = advance(&mut run, 2, &settings).await;
        let whole = advance(&mut begin(&network, &[3, 5]), 5, &settings).await;
        assert_eq!(second.iteration(), 5);
        assert_eq!([first.trace(), second.trace()].concat(), whole.trace());
        assert_eq!(losses(whole.trace()).len(), 5 * 2);
        // A snapshot's `now` equals what the next iteration adds to the trace.
        assert_eq!(first.now(), &second.trace()[..22]);
    }

    async fn a_resumed_run_goes_on_as_if_nothing_had_happened() {
        let settings = Settings::default();
        let network = network(Model::LeNet5).await;
        let mut run = begin(&network, &[2, 6]);
        let half = advance(&mut run, 4, &settings).await;
        let whole = advance(&mut run, 4, &settings).await;

        let (start, task) = (Start::default(), Task::default());
        let (iteration, state) = (half.iteration(), half.state());
        let mut resumed = Maximizer::resume(&network, &[2, 6], start, task, iteration, state)
            .expect("the state is valid");
        let rest = advance(&mut resumed, 4, &settings).await;
        assert_eq!(rest.iteration(), 8);
        let (at, difference) = largest_difference(rest.values(), whole.values());
        assert!(difference <= SAME_RUN, "value {at} is {difference} off");
    }

    async fn settings_may_change_between_iterations() {
        let network = network(Model::Mlp).await;
        let mut run = begin(&network, &[3]);
        let high = read(&mut run, &Settings::new(0.9, 0.005).expect("valid")).await;
        let low = read(&mut run, &Settings::new(0.2, 0.005).expect("valid")).await;
        let ln_p = high.now()[3];
        assert!((high.now()[10] - (ln_p - 0.9f32.ln()).powi(2)).abs() < 1e-5);
        assert!((low.now()[10] - (ln_p - 0.2f32.ln()).powi(2)).abs() < 1e-5);
    }

    async fn an_optimizer_takes_the_means_of_the_one_before() {
        const RATE: f32 = 0.005;
        let network = network(Model::Mlp).await;
        for optimizer in [Optimizer::Momentum, Optimizer::Sgd] {
            for former in [Optimizer::Adam, Optimizer::Momentum, Optimizer::Sgd] {
                let settings = Settings::default().with_optimizer(former);
                let mut run = begin(&network, &[3]);
                let before = advance(&mut run, 3, &settings).await;
                let after = advance(&mut run, 1, &settings.with_optimizer(optimizer)).await;
                let mean = |frame: &actmax::task::Snapshot, pixel| frame.state()[PIXELS + pixel];
                for pixel in 0..PIXELS {
                    let change = after.images()[pixel] - before.images()[pixel];
                    // m ← 0.9 m + 0.1 g: the sum that momentum takes is 10 m, and g is what m got.
                    let expected = -RATE * 10.0 * match optimizer {
                        Optimizer::Momentum => mean(&after, pixel),
                        _ => mean(&after, pixel) - 0.9 * mean(&before, pixel),
                    };
                    assert!(
                        (change - expected).abs() <= 1e-6,
                        "{optimizer:?} after {former:?}: pixel {pixel} changes by {change}, not {expected}"
                    );
                }
            }
        }
    }

    async fn no_step_is_longer_than_the_longest() {
        // 784 pixels of 100 with an L2 weight of 1000: a gradient of 200,000.
        let regularizers = Regularizers { l2: 1000.0, ..Regularizers::default() };
        let settings = (Settings::new(0.9, 1.0).expect("valid"))
            .with_regularizers(regularizers)
            .expect("valid");
        let network = network(Model::Mlp).await;
        for optimizer in [Optimizer::Momentum, Optimizer::Sgd] {
            let settings = settings.with_optimizer(optimizer);
            let start = Start::Image(vec![100.0; PIXELS]);
            let mut run = Maximizer::new(&network, &[3], start).expect("valid");
            let frame = advance(&mut run, 1, &settings).await;
            assert_eq!(frame.images(), vec![100.0 - Optimizer::LONGEST_STEP; PIXELS], "{optimizer:?}");
        }
    }

    async fn noise_is_the_same_on_every_platform() {
        // To the last bit. Written down from a run on x86-64.
        let bits: Vec<u32> = gaussian(1, 0.01, 4).iter().map(|draw| draw.to_bits()).collect();
        assert_eq!(bits, [1007780822, 1000401142, 992552013, 1012443935]);
        let draws = gaussian(7, 0.01, 100_000);
        let count = draws.len() as f64;
        let mean = draws.iter().map(|&it| f64::from(it)).sum::<f64>() / count;
        let variance = draws.iter().map(|&it| f64::from(it).powi(2)).sum::<f64>() / count;
        // Five standard errors of the mean and of the std.
        assert!(mean.abs() < 1.6e-4, "mean {mean}");
        assert!((variance.sqrt() - 0.01).abs() < 1.2e-4, "std {}", variance.sqrt());
    }

    async fn settings_that_cannot_be_used_are_refused_in_words() {
        let network = network(Model::Mlp).await;
        let refused = |digits: &[u16], start: Start| {
            Maximizer::new(&network, digits, start).err().expect("refused").to_string()
        };
        let setting = |target, rate| Settings::new(target, rate).unwrap_err().to_string();
        for target in [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                setting(target, 0.005),
                format!("The target probability is {target}. It must lie between 0 and 1, both \
                         excluded: 0.9 asks for 90% confidence.")
            );
        }
        for rate in [0.0, 1.5, -0.1, f64::NAN] {
            assert_eq!(
                setting(0.9, rate),
                format!("The learning rate is {rate}. It must be above 0 and at most 1; the lab \
                         uses 0.005.")
            );
        }
        for std in [-0.01, 1.01, f64::NAN] {
            assert_eq!(
                refused(&[3], Start::Noise { seed: 1, std }),
                format!("The noise has a standard deviation of {std}. It must lie between \
                         0 and 1; the lab uses 0.01.")
            );
        }
        assert_eq!(
            refused(&[3, 10], Start::default()),
            "The digit is 10. It must be one of 0 to 9."
        );
        assert_eq!(refused(&[], Start::default()), "The run has 0 digits. It must have 1 to 100.");
        assert_eq!(
            refused(&[3; 101], Start::default()),
            "The run has 101 digits. It must have 1 to 100."
        );
        assert_eq!(
            refused(&[3, 4], Start::Image(vec![0.0; 783])),
            "The start image has 783 pixels for 2 digit(s). It must have 784 (28 × 28), or 784 \
             for each digit."
        );
        let mut image = vec![0.0; 784];
        image[5] = f32::NAN;
        assert_eq!(
            refused(&[3], Start::Image(image)),
            "Pixel 5 of the image is NaN. Every pixel must be a finite number."
        );
        assert_eq!(
            Maximizer::resume(&network, &[3], Start::default(), Task::default(), 1, &[0.0; 9]).err(),
            Some(SettingError::State { found: 9, expected: 2352, rows: 1 })
        );
        assert_eq!(
            SettingError::State { found: 9, expected: 2352, rows: 1 }.to_string(),
            "The state to resume has 9 numbers. For 1 image(s) of this kind it must have 2352: \
             parameters, first and second moments."
        );
    }
}
