//! Adversarial images: a small change of the pixels that the network reads as wrongly as it can.
//!
//! Projected gradient descent within an L2 ball, after Madry, Makelov, Schmidt, Tsipras and Vladu,
//! "Towards Deep Learning Models Resistant to Adversarial Attacks", 2018: from a random point of the
//! ball, steps of equal length up the gradient of the loss; what leaves the ball is pulled back to
//! its surface, and what leaves [0, 1] is cut off.

use burn::module::Module;
use burn::tensor::{Int, Tensor};
use rand::{Rng, RngExt};

use crate::network::PIXELS;
use crate::reference::{self, Network};
use crate::task::gaussian;

/// How strong an attack is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attack {
    /// The longest change allowed: the root of the sum of squares over the 784 pixels. Two images
    /// of MNIST are about 10 apart.
    pub radius: f64,
    /// Steps up the gradient.
    pub steps: usize,
}

/// All steps together are this many radii long: enough to reach any point of the ball from any
/// other, and to move along its surface (Madry et al., 2018).
const REACH: f64 = 2.5;

/// Shorter than any gradient that counts: what is shorter has no direction.
const NO_LENGTH: f64 = 1e-12;

impl Attack {
    /// In words, for a model card.
    pub fn description(&self) -> String {
        format!("L2 PGD, radius {}, {} steps", self.radius, self.steps)
    }

    /// `images` `[n, 1, 28, 28]`, changed within the ball around each of them so that `network` no
    /// longer gives them their `labels` `[n]`. `bits` decide where the attack starts.
    ///
    /// The network stays as it is, dropout is off, and the result belongs to no graph.
    pub fn on(
        &self,
        network: &Network,
        images: &Tensor<4>,
        labels: &Tensor<1, Int>,
        bits: &mut impl Rng,
    ) -> Tensor<4> {
        let clean = images.clone().without_autodiff();
        let step = REACH * self.radius / self.steps as f64;
        let mut attacked = (clean.clone() + self.start(&clean, bits)).clamp(0.0, 1.0);
        for _ in 0..self.steps {
            let uphill = direction(gradient(network, &attacked, labels));
            let change = self.within(attacked + uphill * step - clean.clone());
            // Brings a pixel nearer to the clean image's, which lies in [0, 1]: still in the ball.
            attacked = (clean.clone() + change).clamp(0.0, 1.0);
        }
        attacked
    }

    /// A change of random direction and random length.
    fn start(&self, images: &Tensor<4>, bits: &mut impl Rng) -> Tensor<4> {
        let (rows, device) = (images.dims()[0], images.device());
        let noise = gaussian(bits.random(), 1.0, rows * PIXELS);
        let lengths: Vec<f32> = (0..rows).map(|_| bits.random::<f32>()).collect();
        let lengths = Tensor::<1>::from_floats(lengths.as_slice(), &device) * self.radius;
        direction(reference::images(noise, rows, &device)) * lengths.reshape([rows, 1, 1, 1])
    }

    /// The change, shortened to the radius where it is longer.
    fn within(&self, change: Tensor<4>) -> Tensor<4> {
        let excess = (length(change.clone()) / self.radius).clamp_min(1.0);
        change / excess
    }
}

/// The gradient of every image's own loss, −ln p(label), by its pixels: `[n, 1, 28, 28]`.
pub fn gradient(network: &Network, images: &Tensor<4>, labels: &Tensor<1, Int>) -> Tensor<4> {
    let device = network.device().autodiff();
    let network = network.clone().to_device(&device).freeze();
    let images = images.clone().autodiff().require_grad();
    let losses = losses(network.forward(images.clone()), labels.clone());
    images
        .grad_remove(&mut losses.sum().backward())
        .expect("the images are a leaf of the graph")
}

/// −ln p(label) of every image, `[n, 10]` and `[n]` → `[n, 1]`.
pub fn losses(log_probabilities: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<2> {
    log_probabilities
        .gather(1, labels.unsqueeze_dim::<2>(1))
        .neg()
}

/// `[n, 1, 28, 28]` → `[n, 1, 1, 1]`.
fn length(images: Tensor<4>) -> Tensor<4> {
    images.square().sum_dim(3).sum_dim(2).sqrt()
}

fn direction(images: Tensor<4>) -> Tensor<4> {
    let length = length(images.clone()).clamp_min(NO_LENGTH);
    images / length
}
