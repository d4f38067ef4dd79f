//! Trains a network as the lab does: negative log-likelihood, three epochs.
//!
//! Adam with a one-cycle schedule (Smith and Topin, 2018): the learning rate rises linearly to its peak
//! and falls along a cosine. In the same three epochs this reaches an accuracy about half a percentage
//! point higher than a constant rate does.
//!
//! # The robust network
//!
//! [`Model::Robust`] is the same LeNet-5, trained for longer, in larger batches, and with two things changed.
//!
//! **Every training image is attacked first** ([`Attack`]; Madry et al., 2018). Such a network responds to
//! features closer to those that people use, so images made by following its gradient look more like
//! digits: Engstrom, Ilyas, Santurkar, Tsipras, Tran and Madry,
//! "Adversarial Robustness as a Prior for Learned Representations", 2019. The attack in training is a
//! little weaker than [`EVALUATION_ATTACK`]: the stronger the attack, the less confident the network
//! becomes, and the more iterations the lab's procedure takes to reach a probability.
//!
//! **The biases of the hidden layers stay at a small constant.** Biases that are learned can become
//! thresholds that faint pixels never exceed. Against an attack of radius 1.5 they do: the gradient at a
//! nearly black image, where activation maximization begins, is then exactly zero, and the image never
//! changes. Without biases, layers with ReLU and max pooling scale with their input: an image c times as
//! bright gives activations c times as large, so that the gradient is as large for faint noise as for a
//! bright image (Mohan, Kadkhodaie, Simoncelli and Fernandez-Granda, "Robust and Interpretable
//! Blind Image Denoising via Bias-Free Convolutional Neural Networks", 2020). The constant is not
//! zero, so that an all-black image has a gradient, too.
//!
//! # Its control
//!
//! [`Model::Control`] has the robust network's recipe without the attack: what the two differ in comes from
//! the attack, not from the longer training, the larger batches or the biases; or from chance. Both begin
//! with the same weights, but the attack draws from the same random numbers as the order of the images, so
//! that the order is the same in the first epoch only.

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

use crate::network::Model;
use crate::network::{Accuracy, Epoch};
use crate::reference::Network;
use crate::training::attack::{self, Attack};
use crate::training::mnist::{Images, Mnist};

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Passes over the 45,000 images.
    pub epochs: usize,
    /// Images in each step.
    pub batch: usize,
    /// The highest learning rate of the schedule.
    pub peak_rate: f64,
    /// Seed of initialization, order, dropout and attacks.
    pub seed: u64,
    /// The attack on every training image, if any.
    pub attack: Option<Attack>,
    /// The constant biases of the hidden layers; `None` if biases are learned.
    pub hidden_biases: Option<f64>,
}

impl Recipe {
    /// The recipe of a shipped network.
    pub fn of(model: Model) -> Self {
        let lab = Self {
            epochs: 3,
            batch: 64,
            peak_rate: 4e-3,
            seed: 1,
            attack: None,
            hidden_biases: None,
        };
        match model {
            Model::Mlp | Model::LeNet5 => lab,
            Model::Control => Self {
                attack: None,
                ..Self::of(Model::Robust)
            },
            Model::Robust => Self {
                epochs: 8,
                batch: 128,
                attack: Some(Attack {
                    radius: 1.4,
                    steps: 4,
                }),
                hidden_biases: Some(0.01),
                ..lab
            },
        }
    }

    /// In words, for a model card.
    pub fn description(&self) -> String {
        let mut words = format!(
            "{} epochs, batch {}, Adam on a one-cycle schedule up to {}",
            self.epochs, self.batch, self.peak_rate
        );
        if let Some(attack) = self.attack {
            words += &format!(", on adversarial images ({})", attack.description());
        }
        if let Some(value) = self.hidden_biases {
            words += &format!(", biases of the hidden layers held at {value}");
        }
        words
    }
}

/// The attack that measures the robust network and its control.
pub const EVALUATION_ATTACK: Attack = Attack {
    radius: 1.5,
    steps: 20,
};

/// The fraction of the steps in which the learning rate rises.
const WARM_UP: f64 = 0.3;
/// The learning rate starts at the peak divided by this.
const START_DIVISOR: f64 = 25.0;

/// The state of the training after a step, for a progress display.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// Steps done in this epoch.
    pub step: usize,
    /// Steps in an epoch.
    pub steps: usize,
    /// Mean loss of this epoch so far, nats.
    pub loss: f64,
    /// Accuracy of this epoch so far, with dropout and under the attack, 0 to 1.
    pub accuracy: f64,
}

/// Trains a new network on `device`. Calls `report` after every step and `finished` after every epoch.
///
/// The same recipe gives the same parameters on the same machine.
pub fn train(
    model: Model,
    recipe: &Recipe,
    data: &Mnist,
    device: &Device,
    mut report: impl FnMut(Progress),
    mut finished: impl FnMut(&Epoch),
) -> (Network, Vec<Epoch>) {
    let device = device.clone().autodiff();
    device.seed(recipe.seed);
    let mut bits = ChaCha8Rng::seed_from_u64(recipe.seed);
    let mut network = Network::new(model.architecture(), &device).with_dropout(model.dropout());
    if let Some(value) = recipe.hidden_biases {
        network = network.with_hidden_biases(value);
    }
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();

    let mut order: Vec<usize> = (0..data.train.len()).collect();
    let steps = order.len().div_ceil(recipe.batch);
    let mut schedule = one_cycle(recipe.peak_rate, recipe.epochs * steps);
    let mut epochs = Vec::new();
    for epoch in 1..=recipe.epochs {
        order.shuffle(&mut bits);
        let (mut loss_sum, mut right, mut seen) = (0.0, 0, 0);
        for (step, indices) in order.chunks(recipe.batch).enumerate() {
            let (mut images, labels) = data.train.batch(indices, &device);
            if let Some(attack) = recipe.attack {
                images = attack.on(&network, &images, &labels, &mut bits).autodiff();
            }
            let log_probabilities = network.forward(images);
            let loss = attack::losses(log_probabilities.clone(), labels.clone()).mean();
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

/// The accuracies on the three parts of the data, without dropout.
pub fn accuracies(network: &Network, data: &Mnist, device: &Device) -> Accuracy {
    Accuracy {
        train: accuracy(network, &data.train, device),
        validation: accuracy(network, &data.validation, device),
        test: accuracy(network, &data.test, device),
    }
}

/// The fraction of `images` that the network classifies correctly, without dropout.
pub fn accuracy(network: &Network, images: &Images, device: &Device) -> f64 {
    accuracy_after(|images, _| images, network, images, device)
}

/// The fraction of `images` that the network classifies correctly when each of them is attacked. The
/// attack is seeded, so that the result is the same each time.
pub fn accuracy_under(attack: Attack, network: &Network, images: &Images, device: &Device) -> f64 {
    let mut bits = ChaCha8Rng::seed_from_u64(0);
    let change = |images, labels: &_| attack.on(network, &images, labels, &mut bits);
    accuracy_after(change, network, images, device)
}

fn accuracy_after(
    mut change: impl FnMut(Tensor<4>, &Tensor<1, Int>) -> Tensor<4>,
    network: &Network,
    images: &Images,
    device: &Device,
) -> f64 {
    let network = network.valid();
    let device = device.clone().without_autodiff();
    let indices: Vec<usize> = (0..images.len()).collect();
    let right: usize = (indices.chunks(1000))
        .map(|indices| {
            let (images, labels) = images.batch(indices, &device);
            let images = change(images, &labels);
            count_right(network.forward(images), labels)
        })
        .sum();
    six_decimals(right as f64 / images.len() as f64)
}

/// Rounds to six decimals: enough to tell one image in a million, and few enough to read back from JSON
/// unchanged.
fn six_decimals(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn count_right(log_probabilities: Tensor<2>, labels: Tensor<1, Int>) -> usize {
    let right = (log_probabilities.argmax(1).squeeze_dim::<1>(1)).equal(labels);
    right.int().sum().into_scalar::<i64>() as usize
}

fn scalar(value: Tensor<1>) -> f64 {
    f64::from(value.into_scalar::<f32>())
}
