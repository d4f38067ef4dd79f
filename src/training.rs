//! Trains a network as the lab does: negative log-likelihood, three epochs.
//!
//! Adam on a one-cycle schedule (Smith and Topin, 2018): the learning rate rises in a line to its
//! peak and falls back along a cosine, which in the same three epochs reaches about half a
//! percentage point more than a constant rate does.

use burn::lr_scheduler::LrSchedulerConfig;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::sequential::SequentialLrSchedulerConfig;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::mnist::{Images, Mnist};
use crate::network::{Architecture, Network};
use crate::weights::{Accuracy, Epoch};

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Passes over the 45,000 images.
    pub epochs: usize,
    /// Images a step.
    pub batch: usize,
    /// The highest learning rate of the cycle.
    pub peak_rate: f64,
    /// Seed of initialisation, order and dropout.
    pub seed: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            epochs: 3,
            batch: 64,
            peak_rate: 4e-3,
            seed: 1,
        }
    }
}

/// The part of the steps in which the learning rate rises.
const WARM_UP: f64 = 0.3;
/// The learning rate starts at the peak divided by this.
const START_DIVISOR: f64 = 25.0;

/// A step of training, for a progress display.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Counted from 1.
    pub epoch: usize,
    /// Steps done, of this epoch.
    pub step: usize,
    /// Steps in an epoch.
    pub steps: usize,
    /// Mean loss of this epoch so far, nats.
    pub loss: f64,
    /// Accuracy of this epoch so far, with dropout, 0 to 1.
    pub accuracy: f64,
}

/// Trains a fresh network on `device`; `report` hears of every step, `finished` of every epoch.
///
/// The same recipe on the same machine gives the same parameters.
pub fn train(
    architecture: Architecture,
    recipe: &Recipe,
    data: &Mnist,
    device: &Device,
    mut report: impl FnMut(Progress),
    mut finished: impl FnMut(&Epoch),
) -> (Network, Vec<Epoch>) {
    let device = device.clone().autodiff();
    device.seed(recipe.seed);
    let mut shuffle = ChaCha8Rng::seed_from_u64(recipe.seed);
    let mut network = Network::new(architecture, &device);
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();

    let mut order: Vec<usize> = (0..data.train.len()).collect();
    let steps = order.len().div_ceil(recipe.batch);
    let mut schedule = one_cycle(recipe.peak_rate, recipe.epochs * steps);
    let mut epochs = Vec::new();
    for epoch in 1..=recipe.epochs {
        order.shuffle(&mut shuffle);
        let (mut loss_sum, mut right, mut seen) = (0.0, 0, 0);
        for (step, indices) in order.chunks(recipe.batch).enumerate() {
            let (images, labels) = data.train.batch(indices, &device);
            let log_probabilities = network.forward(images);
            let loss = negative_log_likelihood(log_probabilities.clone(), labels.clone());
            loss_sum += scalar(loss.clone()) * indices.len() as f64;
            right += count_right(log_probabilities, labels);
            seen += indices.len();

            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = adam.step(schedule.step(), network, gradients);
            report(Progress {
                epoch,
                step: step + 1,
                steps,
                loss: loss_sum / seen as f64,
                accuracy: right as f64 / seen as f64,
            });
        }
        let ended = Epoch {
            loss: six_decimals(loss_sum / seen as f64),
            train: accuracy(&network, &data.train, &device),
            validation: accuracy(&network, &data.validation, &device),
        };
        finished(&ended);
        epochs.push(ended);
    }
    (network.valid(), epochs)
}

fn one_cycle(
    peak: f64,
    steps: usize,
) -> burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler {
    let rising = ((WARM_UP * steps as f64) as usize).max(1);
    let falling = (steps - rising).max(1);
    SequentialLrSchedulerConfig::new(
        vec![
            LrSchedulerConfig::Linear(LinearLrSchedulerConfig::new(
                peak / START_DIVISOR,
                peak,
                rising,
            )),
            LrSchedulerConfig::Cosine(CosineAnnealingLrSchedulerConfig::new(peak, falling)),
        ],
        vec![rising],
    )
    .init()
    .expect("the schedule is valid")
}

/// Accuracies on the three parts of the data, of the network as it is used: without dropout.
pub fn accuracies(network: &Network, data: &Mnist, device: &Device) -> Accuracy {
    Accuracy {
        train: accuracy(network, &data.train, device),
        validation: accuracy(network, &data.validation, device),
        test: accuracy(network, &data.test, device),
    }
}

/// The fraction of `images` that the network reads right, without dropout.
pub fn accuracy(network: &Network, images: &Images, device: &Device) -> f64 {
    let network = network.valid();
    let device = device.clone().without_autodiff();
    let indices: Vec<usize> = (0..images.len()).collect();
    let right: usize = (indices.chunks(1000))
        .map(|indices| {
            let (images, labels) = images.batch(indices, &device);
            count_right(network.forward(images), labels)
        })
        .sum();
    six_decimals(right as f64 / images.len() as f64)
}

/// As many as tell one image in a million, and few enough to survive a model card's JSON unchanged.
fn six_decimals(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Mean of −ln p(label), `[n, 10]` and `[n]` → `[1]`.
fn negative_log_likelihood(log_probabilities: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    log_probabilities
        .gather(1, labels.unsqueeze_dim::<2>(1)) // [n, 1]
        .mean()
        .neg()
}

fn count_right(log_probabilities: Tensor<2>, labels: Tensor<1, Int>) -> usize {
    let right = (log_probabilities.argmax(1).squeeze_dim::<1>(1)).equal(labels);
    right.int().sum().into_scalar::<i64>() as usize
}

fn scalar(value: Tensor<1>) -> f64 {
    f64::from(value.into_scalar::<f32>())
}
