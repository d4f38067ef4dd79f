//! Activation maximization: the input is the only parameter, and Adam, or another optimizer, changes it.
//!
//! Erhan, Bengio, Courville and Vincent, "Visualizing Higher-Layer Features of a Deep Network",
//! 2009, section 3; Adam after Kingma and Ba, 2015, with PyTorch's defaults (betas 0.9 and 0.999,
//! epsilon 1e-8).

use burn::module::Module;
use burn::optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, Optimizer as _};
use burn::tensor::{Device, Tensor, TensorData};

use super::network::{self, Activations, Network};
use super::objective::Loss;
use super::parameterization::Decoder;
use super::pending_snapshot::PendingSnapshot;
use super::{regularizers, transforms};
use crate::network::SIDE;
use crate::task::checks::{check_rows, check_state};
use crate::task::{Optimizer, Transform};
use crate::task::{Parameterization, SettingError, Settings, Start, Task};

/// A run: a batch of images (rows) that are optimized for their objectives.
///
/// Rows never influence each other, unless diversity is asked for: the losses are summed, so each row's
/// gradient is that of its own loss, and the optimizers work parameter by parameter. Ten digits are ten separate
/// optimizations that share their kernel launches.
pub struct Maximizer {
    network: Network,
    device: Device,
    task: Task,
    decoder: Decoder,
    loss: Loss,
    rows: usize,
    /// It also keeps the moments for the other optimizers.
    adam: Adam,
    /// `[n, k]`: the leaf of the graph that the next two fields belong to.
    parameters: Tensor<2>,
    images: Tensor<4>,
    activations: Activations,
    moments: Option<AdamState<2>>,
    iteration: usize,
    start: Tensor<4>,
    /// See [`regularizers::pair_weights`].
    pair_weights: Tensor<2>,
    /// Log-probabilities and loss of the iterations since the last snapshot, `[n, 11]` each.
    trace: Vec<Tensor<2>>,
}

impl Maximizer {
    /// The lab's run of `network`, one row for each of `digits`, on the network's device.
    ///
    /// The network is frozen: its parameters get no gradient and dropout is off.
    ///
    /// # Errors
    ///
    /// When the digits or the start image cannot be used.
    pub fn new(network: &Network, digits: &[u16], start: Start) -> Result<Self, SettingError> {
        Self::begin(network, digits, start, Task::default())
    }

    /// A run with another task. A row is a digit or, where the objective is one of a hidden layer, the number of a
    /// neuron or channel.
    ///
    /// # Errors
    ///
    /// When the rows, the start image or the objective cannot be used.
    pub fn begin(
        network: &Network,
        rows: &[u16],
        start: Start,
        task: Task,
    ) -> Result<Self, SettingError> {
        Self::open(network, rows, start, task, None)
    }

    /// Continues a run of the same rows, start and task, made on this or on another device: `state` is its
    /// [`Snapshot::state`](crate::task::Snapshot::state) after `iteration` iterations.
    ///
    /// # Errors
    ///
    /// When the rows, the start image, the objective or the state cannot be used.
    pub fn resume(
        network: &Network,
        rows: &[u16],
        start: Start,
        task: Task,
        iteration: usize,
        state: &[f32],
    ) -> Result<Self, SettingError> {
        check_state(state, rows.len(), task.parameterization.parameters())?;
        let state = Tensor::from_data(
            TensorData::new(state.to_vec(), [state.len()]),
            &network.device().without_autodiff(),
        );
        Self::open(network, rows, start, task, Some((iteration, state)))
    }

    /// [`Maximizer::resume`] with the state as a tensor, `[3 · n · k]`, on the network's device.
    pub(crate) fn resume_from_tensor(
        network: &Network,
        rows: &[u16],
        start: Start,
        task: Task,
        from: (usize, Tensor<1>),
    ) -> Result<Self, SettingError> {
        Self::open(network, rows, start, task, Some(from))
    }

    fn open(
        network: &Network,
        rows: &[u16],
        start: Start,
        task: Task,
        from: Option<(usize, Tensor<1>)>,
    ) -> Result<Self, SettingError> {
        check_rows(rows, &task.objective, network.architecture())?;
        let pixels = start.images(rows.len(), &task.parameterization)?;
        let plain = network.device().without_autodiff();
        let made = from.as_ref().map_or(0, |(iteration, _)| *iteration);
        let (parameters, moments) = match from {
            None => {
                let parameters = task.parameterization.parameters_of(&pixels);
                let shape = [rows.len(), task.parameterization.parameters()];
                let parameters = Tensor::from_data(TensorData::new(parameters, shape), &plain);
                (parameters, None)
            }
            Some((iteration, state)) => {
                restore(&task.parameterization, rows.len(), iteration, state)
            }
        };
        let start = network::images(pixels, rows.len(), &plain);

        let device = plain.clone().autodiff();
        let network = network.clone().to_device(&device).freeze();
        let parameters = parameters.autodiff().require_grad();
        let decoder = Decoder::new(&task.parameterization, &device);
        let images = decoder.images(parameters.clone());
        Ok(Self {
            loss: Loss::new(
                task.objective.clone(),
                rows,
                network.architecture(),
                &device,
            ),
            rows: rows.len(),
            adam: AdamConfig::new().with_epsilon(1e-8).build(),
            activations: network.activations(images.clone()),
            network,
            task,
            decoder,
            parameters,
            images,
            moments,
            iteration: made,
            start: start.autodiff(),
            pair_weights: regularizers::pair_weights(rows, &device),
            device,
            trace: Vec::new(),
        })
    }

    /// The frozen network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Iterations made so far.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// One iteration: appends the log-probabilities and the loss of the images to the trace, makes a step
    /// of the optimizer, and computes the network's activations for the new images. Nothing is read from the
    /// device.
    pub fn step(&mut self, settings: &Settings) {
        let loss = self.loss(&self.activations, settings); // [n, 1]
        self.trace.push(Tensor::cat(
            vec![
                self.activations.log_probabilities().without_autodiff(),
                loss.clone().without_autodiff(),
            ],
            1,
        ));
        let gradient = self.gradient(loss, settings);
        self.parameters = self.updated(gradient, settings).autodiff().require_grad();
        self.images = self.decoder.images(self.parameters.clone());
        self.activations = self.network.activations(self.images.clone());
        self.iteration += 1;
    }

    /// The parameters after a step of the optimizer. Keeps the moments, which all optimizers share.
    fn updated(&mut self, gradient: Tensor<2>, settings: &Settings) -> Tensor<2> {
        const LONGEST: f32 = Optimizer::LONGEST_STEP;
        let parameters = self.parameters.clone().without_autodiff();
        let (by_adam, moments) = self.adam.step(
            settings.learning_rate(),
            parameters.clone(),
            gradient.clone(),
            self.moments.take(),
        );
        let moments = moments.expect("Adam returns its state");
        let average = moments.momentum.moment_1.clone();
        self.moments = Some(moments);
        let rate = settings.learning_rate();
        let change = match settings.optimizer() {
            Optimizer::Adam => return by_adam,
            Optimizer::Momentum => average * (rate / (1.0 - f64::from(Optimizer::BETAS[0]))),
            Optimizer::Sgd => gradient * rate,
        };
        parameters - change.clamp(-LONGEST, LONGEST)
    }

    /// The loss of the objective and the regularizers, `[n, 1]`.
    fn loss(&self, activations: &Activations, settings: &Settings) -> Tensor<2> {
        let regularizers = settings.regularizers();
        let images = || self.images.clone();
        let terms: [(f64, &dyn Fn() -> Tensor<2>); 6] = [
            (regularizers.l1, &|| regularizers::l1(images())),
            (regularizers.l2, &|| regularizers::l2(images())),
            (regularizers.total_variation, &|| {
                regularizers::total_variation(images())
            }),
            (regularizers.start_distance, &|| {
                regularizers::start_distance(images(), self.start.clone())
            }),
            (regularizers.density, &|| {
                self.parameters.clone().square().sum_dim(1)
            }),
            (regularizers.diversity, &|| {
                regularizers::diversity(images(), self.pair_weights.clone())
            }),
        ];
        let objective = self.loss.of(activations, settings.target());
        (terms.into_iter())
            .filter(|(weight, _)| *weight > 0.0)
            .fold(objective, |loss, (weight, term)| loss + term() * weight)
    }

    /// The gradient of the loss with respect to the parameters. With transforms, the objective is computed
    /// for the transformed images, and the regularizers for the images themselves.
    fn gradient(&self, loss: Tensor<2>, settings: &Settings) -> Tensor<2> {
        let loss = match settings.transforms() {
            transforms if transforms.none() => loss,
            transforms => {
                let transform = Transform::draw(transforms, self.task.seed, self.iteration);
                let seen = transform.apply(self.images.clone(), &self.device);
                self.loss(&self.network.activations(seen), settings)
            }
        };
        let mut gradients = loss.sum().backward();
        let gradient = (self.parameters)
            .grad_remove(&mut gradients)
            .expect("the parameters are a leaf of the graph");
        match settings.gradient_blur() {
            blur if blur > 0.0 && self.task.parameterization.blurs() => {
                let device = gradient.device();
                let images = gradient.reshape([self.rows, 1, SIDE, SIDE]);
                transforms::blur(images, blur, &device).flatten(1, 3)
            }
            _ => gradient,
        }
    }

    /// Takes a snapshot of the run: what it is now, and the trace since the last snapshot. Waits for
    /// nothing: the device gathers the numbers, and [`PendingSnapshot::read`] fetches them.
    pub fn snapshot(&mut self, settings: &Settings) -> PendingSnapshot {
        let parameters = self.parameters.clone().without_autodiff();
        let (moment_1, moment_2) = match &self.moments {
            Some(AdamState { momentum }) => (momentum.moment_1.clone(), momentum.moment_2.clone()),
            None => (parameters.zeros_like(), parameters.zeros_like()),
        };
        let now = Tensor::cat(
            vec![
                self.activations.log_probabilities().without_autodiff(),
                self.loss(&self.activations, settings).without_autodiff(),
            ],
            1,
        );
        let mut parts = vec![
            self.images.clone().without_autodiff().flatten::<1>(0, 3),
            parameters.flatten::<1>(0, 1),
            moment_1.flatten::<1>(0, 1),
            moment_2.flatten::<1>(0, 1),
            now.flatten::<1>(0, 1),
        ];
        parts.extend(self.trace.drain(..).map(|it| it.flatten::<1>(0, 1)));
        let parameters = self.task.parameterization.parameters();
        PendingSnapshot::new(Tensor::cat(parts, 0), self.rows, parameters, self.iteration)
    }
}

/// Parameters and moments from the state of a run.
fn restore(
    parameterization: &Parameterization,
    rows: usize,
    iteration: usize,
    state: Tensor<1>,
) -> (Tensor<2>, Option<AdamState<2>>) {
    let each = rows * parameterization.parameters();
    let part = |index: usize| {
        (state.clone().narrow(0, index * each, each)).reshape([rows, parameterization.parameters()])
    };
    let moments = (iteration > 0)
        .then(|| AdamState::new(AdaptiveMomentumState::new(iteration, part(1), part(2))));
    (part(0), moments)
}
