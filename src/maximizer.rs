//! Activation maximisation: the input is the only parameter, Adam moves it.
//!
//! Erhan, Bengio, Courville and Vincent, "Visualizing Higher-Layer Features of a Deep Network",
//! 2009, section 3; Adam after Kingma and Ba, 2015, with PyTorch's defaults (betas 0.9 and 0.999,
//! epsilon 1e-8).

use std::ops::Range;

use burn::module::Module;
use burn::optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, Optimizer};
use burn::tensor::{ExecutionError, Tensor};

use crate::network::{self, DIGITS, Network, PIXELS};
use crate::objective::Objective;
use crate::settings::{SettingError, Settings, Start, check_digits};

/// A run: a batch of images on their way to the digits asked for.
///
/// Rows never influence each other: the losses are summed, and Adam works pixel by pixel. Ten
/// digits are ten separate runs that share their launches.
pub struct Maximizer {
    network: Network,
    objective: Objective,
    rows: usize,
    adam: Adam,
    /// The images, a leaf of the graph that [`Self::log_probabilities`] belongs to.
    images: Tensor<4>,
    /// What the network says of the images, ready for `backward`.
    log_probabilities: Tensor<2>,
    moments: Option<AdamState<4>>,
    iteration: usize,
    /// Log-probabilities and loss of the iterations since the last frame, `[n, 11]` each.
    trace: Vec<Tensor<2>>,
}

impl Maximizer {
    /// A run of `network`, one row for each of `digits`, on the network's device.
    ///
    /// The network is frozen: its parameters get no gradient and dropout is off.
    ///
    /// # Errors
    ///
    /// When the digits or the start image cannot be used.
    pub fn new(network: &Network, digits: &[u8], start: Start) -> Result<Self, SettingError> {
        check_digits(digits)?;
        let pixels = start.pixels(digits.len())?;
        Ok(Self::begin(network, digits, pixels, None))
    }

    /// Goes on where a run of the same digits stood, on this or on another device: `state` is
    /// [`Frame::state`].
    ///
    /// # Errors
    ///
    /// When the digits or the state cannot be used.
    pub fn resume(
        network: &Network,
        digits: &[u8],
        iteration: usize,
        state: &[f32],
    ) -> Result<Self, SettingError> {
        check_digits(digits)?;
        let rows = digits.len();
        if state.len() != 3 * rows * PIXELS {
            return Err(SettingError::State {
                found: state.len(),
                expected: 3 * rows * PIXELS,
                rows,
            });
        }
        let device = network.device().without_autodiff();
        let mut parts = state.chunks_exact(rows * PIXELS).map(<[f32]>::to_vec);
        let mut part = || parts.next().expect("there are three parts");
        let pixels = part();
        let moments = (iteration > 0).then(|| {
            AdamState::new(AdaptiveMomentumState::new(
                iteration,
                network::images(part(), rows, &device),
                network::images(part(), rows, &device),
            ))
        });
        let mut run = Self::begin(network, digits, pixels, moments);
        run.iteration = iteration;
        Ok(run)
    }

    fn begin(
        network: &Network,
        digits: &[u8],
        pixels: Vec<f32>,
        moments: Option<AdamState<4>>,
    ) -> Self {
        let device = network.device().autodiff();
        let network = network.clone().to_device(&device).freeze();
        let rows = digits.len();
        let images = network::images(pixels, rows, &device).require_grad();
        Self {
            objective: Objective::new(digits, &device),
            rows,
            adam: AdamConfig::new().with_epsilon(1e-8).build(),
            log_probabilities: network.forward(images.clone()),
            network,
            images,
            moments,
            iteration: 0,
            trace: Vec::new(),
        }
    }

    /// The frozen network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Iterations made so far.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// One iteration: the loss of the images as they are goes into the trace, its gradient moves
    /// them, and the network looks at them again. Nothing is read from the device.
    pub fn step(&mut self, settings: &Settings) {
        let loss = self
            .objective
            .distance(self.log_probabilities.clone(), settings.target()); // [n, 1]
        let mut gradients = loss.clone().sum().backward();
        let gradient = self
            .images
            .grad_remove(&mut gradients)
            .expect("the images are a leaf of the graph");

        self.trace.push(Tensor::cat(
            vec![
                self.log_probabilities.clone().without_autodiff(),
                loss.without_autodiff(),
            ],
            1,
        ));

        let (images, moments) = self.adam.step(
            settings.learning_rate(),
            self.images.clone().without_autodiff(),
            gradient,
            self.moments.take(),
        );
        self.moments = moments;
        self.images = images.autodiff().require_grad();
        self.log_probabilities = self.network.forward(self.images.clone());
        self.iteration += 1;
    }

    /// Takes a picture of the run: what it is now, and the trace since the last picture. Costs no
    /// waiting; the device copies it together, and [`Snapshot::read`] fetches it.
    pub fn snapshot(&mut self, settings: &Settings) -> Snapshot {
        let images = self.images.clone().without_autodiff();
        let (moment_1, moment_2) = match &self.moments {
            Some(AdamState { momentum }) => (momentum.moment_1.clone(), momentum.moment_2.clone()),
            None => (images.zeros_like(), images.zeros_like()),
        };
        let log_probabilities = self.log_probabilities.clone().without_autodiff();
        let loss = self
            .objective
            .distance(log_probabilities.clone(), settings.target());

        let mut parts = vec![
            images.flatten::<1>(0, 3),
            moment_1.flatten::<1>(0, 3),
            moment_2.flatten::<1>(0, 3),
            Tensor::cat(vec![log_probabilities, loss], 1).flatten::<1>(0, 1),
        ];
        parts.extend(self.trace.drain(..).map(|it| it.flatten::<1>(0, 1)));
        Snapshot {
            packed: Tensor::cat(parts, 0),
            rows: self.rows,
            iteration: self.iteration,
        }
    }
}

/// A picture of a run that still lies on the device, as one tensor.
pub struct Snapshot {
    packed: Tensor<1>,
    rows: usize,
    iteration: usize,
}

impl Snapshot {
    /// Fetches the picture: the one wait of a frame.
    ///
    /// # Errors
    ///
    /// When the device can no longer be read, for example because it was lost.
    pub async fn read(self) -> Result<Frame, ExecutionError> {
        let data = self.packed.into_data_async().await?;
        Ok(Frame {
            values: data.try_into_vec::<f32>().expect("the tensor holds f32"),
            rows: self.rows,
            iteration: self.iteration,
        })
    }
}

/// Numbers that the trace holds for a row and an iteration: ten log-probabilities and the loss.
pub const RECORD: usize = DIGITS + 1;

/// What was read of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    values: Vec<f32>,
    rows: usize,
    iteration: usize,
}

/// Where the parts of a [`Frame`] lie in its values.
pub struct Parts {
    /// See [`Frame::images`].
    pub images: Range<usize>,
    /// See [`Frame::state`].
    pub state: Range<usize>,
    /// See [`Frame::now`].
    pub now: Range<usize>,
    /// See [`Frame::trace`].
    pub trace: Range<usize>,
}

impl Frame {
    /// Iterations made.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// All numbers, one part after the other.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Where the parts lie.
    pub fn parts(&self) -> Parts {
        let pixels = self.rows * PIXELS;
        let now = 3 * pixels + self.rows * RECORD;
        Parts {
            images: 0..pixels,
            state: 0..3 * pixels,
            now: 3 * pixels..now,
            trace: now..self.values.len(),
        }
    }

    /// Pixels, `[n, 28, 28]`.
    pub fn images(&self) -> &[f32] {
        &self.values[self.parts().images]
    }

    /// All that the run consists of, `[3, n, 28, 28]`: the images, and Adam's running means of
    /// the gradient and of its square. Hand it to [`Maximizer::resume`].
    pub fn state(&self) -> &[f32] {
        &self.values[self.parts().state]
    }

    /// For the images as they are, `[n, 11]`: log-probabilities of 0 to 9, then the loss.
    pub fn now(&self) -> &[f32] {
        &self.values[self.parts().now]
    }

    /// The same for the `k` iterations since the last frame, before each moved the images:
    /// `[k, n, 11]`.
    pub fn trace(&self) -> &[f32] {
        &self.values[self.parts().trace]
    }
}
