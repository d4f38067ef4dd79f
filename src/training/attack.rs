//! Adversarial attack: a small change of the pixels that raises the network's loss as much as possible.
//!
//! Projected gradient descent within an L2 ball, after Madry, Makelov, Schmidt, Tsipras and Vladu,
//! "Towards Deep Learning Models Resistant to Adversarial Attacks", 2018: starting at a random point of
//! the ball, steps of equal length go up the gradient of the loss. After each step the change is projected
//! back onto the ball, and pixels are clamped to [0, 1].

use burn::module::Module;
use burn::tensor::{Int, Tensor};
use rand::{Rng, RngExt};

use crate::network::PIXELS;
use crate::reference::{self, Network};
use crate::task::gaussian;

/// How strong an attack is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attack {
    /// The largest L2 norm of the change, over the 784 pixels. The distance between two images of MNIST
    /// is about 10.
    pub radius: f64,
    /// The number of steps up the gradient.
    pub steps: usize,
}

/// The length of all steps together, in radii: enough to get from any point of the ball to any other,
/// and to move along its surface (Madry et al., 2018).
const REACH: f64 = 2.5;

/// Gradients shorter than this count as zero, which has no direction.
const SHORTEST: f64 = 1e-12;

impl Attack {
    /// In words, for a model card.
    pub fn description(&self) -> String {
        format!("L2 PGD, radius {}, {} steps", self.radius, self.steps)
    }

    /// Attacks `images`, `[n, 1, 28, 28]`: changes each within the ball around it so that `network` gives
    /// its label, of `labels` `[n]`, a lower probability. `bits` draw the start of the attack.
    ///
    /// The network is not changed, dropout is off, and the result is not part of an autodiff graph.
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
            let change = self.project(attacked + uphill * step - clean.clone());
            // Clamping brings pixels closer to the clean image, which lies in [0, 1]: the change stays in
            // the ball.
            attacked = (clean.clone() + change).clamp(0.0, 1.0);
        }
        attacked
    }

    /// A change with a random direction and a random length within the ball.
    fn start(&self, images: &Tensor<4>, bits: &mut impl Rng) -> Tensor<4> {
        let (rows, device) = (images.dims()[0], images.device());
        let noise = gaussian(bits.random(), 1.0, rows * PIXELS);
        let lengths: Vec<f32> = (0..rows).map(|_| bits.random::<f32>()).collect();
        let lengths = Tensor::<1>::from_floats(lengths.as_slice(), &device) * self.radius;
        direction(reference::images(noise, rows, &device)) * lengths.reshape([rows, 1, 1, 1])
    }

    /// Projects the change onto the ball: shortens it to the radius if it is longer.
    fn project(&self, change: Tensor<4>) -> Tensor<4> {
        let excess = (length(change.clone()) / self.radius).clamp_min(1.0);
        change / excess
    }
}

/// The gradient of every image's loss, −ln p(label), with respect to its pixels: `[n, 1, 28, 28]`.
pub fn gradient(network: &Network, images: &Tensor<4>, labels: &Tensor<1, Int>) -> Tensor<4> {
    let device = network.device().autodiff();
    let network = network.clone().to_device(&device).freeze();
    let images = images.clone().autodiff().require_grad();
    let losses = losses(network.forward(images.clone()), labels.clone());
    images
        .grad_remove(&mut losses.sum().backward())
        .expect("the images are a leaf of the graph")
}

/// The loss of every image, −ln p(label): `[n, 10]` and `[n]` → `[n, 1]`.
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
    let length = length(images.clone()).clamp_min(SHORTEST);
    images / length
}
