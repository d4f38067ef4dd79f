//! Activation maximization: the input is the only parameter, Adam transforms it.
//!
//! Erhan, Bengio, Courville and Vincent, "Visualizing Higher-Layer Features of a Deep Network",
//! 2009, section 3; Adam after Kingma and Ba, 2015, with PyTorch's defaults (betas 0.9 and 0.999,
//! epsilon 1e-8).

use burn::module::Module;
use burn::optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, Optimizer};
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use crate::reference::network::{self, Activations, Network};
use crate::reference::objective::Loss;
use crate::reference::parameterization::Decoder;
use crate::reference::regularizers;
use crate::reference::transforms;
use crate::task::Task;
use crate::task::checks::{check_rows, check_state};
use crate::task::parameterization::Parameterization;
use crate::task::snapshot::Snapshot;
use crate::task::transforms::Transform;
use crate::task::{SettingError, Settings, Start};

/// A run: a batch of images on their way to the digits asked for.
///
/// Rows never influence each other, unless diversity is asked for: the losses are summed, and Adam
/// works parameter by parameter. Ten digits are ten separate runs that share their launches.
pub struct Maximizer {
    network: Network,
    device: Device,
    task: Task,
    mapping: Decoder,
    objective: Loss,
    rows: usize,
    adam: Adam,
    /// What the images are made of, `[n, k]`: a leaf of the graph that the next two belong to.
    parameters: Tensor<2>,
    images: Tensor<4>,
    activations: Activations,
    moments: Option<AdamState<2>>,
    iteration: usize,
    start: Tensor<4>,
    kinship: Tensor<2>,
    /// Log-probabilities and loss of the iterations since the last frame, `[n, 11]` each.
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

    /// A run with another task. A row is a digit or, where units are asked for, a unit's number.
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

    /// Goes on where a run of the same rows, start and task stood, on this or on another device:
    /// `state` is [`Snapshot::state`].
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

    /// The same, where the state is at hand as a tensor, `[3 · n · k]`, on the network's device.
    pub(crate) fn take_over(
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
        let pixels = start.on_ground(rows.len(), &task.parameterization)?;
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
        let mapping = Decoder::new(&task.parameterization, &device);
        let images = mapping.images(parameters.clone());
        Ok(Self {
            objective: Loss::new(
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
            mapping,
            parameters,
            images,
            moments,
            iteration: made,
            start: start.autodiff(),
            kinship: regularizers::kinship(rows, &device),
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

    /// One iteration: the loss of the images as they are goes into the trace, its gradient transforms
    /// them, and the network looks at them again. Nothing is read from the device.
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
        let (parameters, moments) = self.adam.step(
            settings.learning_rate(),
            self.parameters.clone().without_autodiff(),
            gradient,
            self.moments.take(),
        );
        self.moments = moments;
        self.parameters = parameters.autodiff().require_grad();
        self.images = self.mapping.images(self.parameters.clone());
        self.activations = self.network.activations(self.images.clone());
        self.iteration += 1;
    }

    /// The objective's loss and the regularizers, `[n, 1]`.
    fn loss(&self, activations: &Activations, settings: &Settings) -> Tensor<2> {
        let regularizers = settings.regularizers();
        let images = || self.images.clone();
        let charges: [(f64, &dyn Fn() -> Tensor<2>); 6] = [
            (regularizers.l1, &|| regularizers::l1(images())),
            (regularizers.l2, &|| regularizers::l2(images())),
            (regularizers.total_variation, &|| {
                regularizers::variation(images())
            }),
            (regularizers.start_distance, &|| {
                regularizers::distance(images(), self.start.clone())
            }),
            (regularizers.density, &|| {
                self.parameters.clone().square().sum_dim(1)
            }),
            (regularizers.diversity, &|| {
                regularizers::likeness(images(), self.kinship.clone())
            }),
        ];
        let objective = self.objective.loss(activations, settings.target());
        (charges.into_iter())
            .filter(|(weight, _)| *weight > 0.0)
            .fold(objective, |loss, (weight, penalty)| {
                loss + penalty() * weight
            })
    }

    /// The gradient for the parameters: of this loss, or of that of the images moved a little.
    fn gradient(&self, loss: Tensor<2>, settings: &Settings) -> Tensor<2> {
        let loss = match settings.transforms() {
            transforms if transforms.none() => loss,
            transforms => {
                let step = Transform::draw(transforms, self.task.seed, self.iteration);
                let seen = step.apply(self.images.clone(), &self.device);
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
                let images = gradient.reshape([self.rows, 1, network::SIDE, network::SIDE]);
                transforms::blur(images, blur, &device).flatten(1, 3)
            }
            _ => gradient,
        }
    }

    /// Takes a picture of the run: what it is now, and the trace since the last picture. Costs no
    /// waiting; the device copies it together, and [`PendingSnapshot::read`] fetches it.
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

/// Parameters and moments of a run that stood still.
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

/// A picture of a run that still lies on the device, as one tensor.
pub struct PendingSnapshot {
    packed: Tensor<1>,
    rows: usize,
    parameters: usize,
    iteration: usize,
}

impl PendingSnapshot {
    /// A picture whose numbers are `packed` as those of a [`Snapshot`] are.
    pub(crate) fn new(packed: Tensor<1>, rows: usize, parameters: usize, iteration: usize) -> Self {
        Self {
            packed,
            rows,
            parameters,
            iteration,
        }
    }

    /// The same picture with the traces of earlier iterations before its own.
    pub(crate) fn after(mut self, earlier: Vec<Tensor<1>>) -> Self {
        if !earlier.is_empty() {
            let [length] = self.packed.dims();
            let begin = self.trace_begins();
            let mut parts = vec![self.packed.clone().narrow(0, 0, begin)];
            parts.extend(earlier);
            if length > begin {
                parts.push(self.packed.narrow(0, begin, length - begin));
            }
            self.packed = Tensor::cat(parts, 0);
        }
        self
    }

    /// Its trace, if it has one.
    pub(crate) fn trace(&self) -> Option<Tensor<1>> {
        let [length] = self.packed.dims();
        let begin = self.trace_begins();
        (length > begin).then(|| self.packed.clone().narrow(0, begin, length - begin))
    }

    /// All its numbers.
    pub(crate) fn into_packed(self) -> Tensor<1> {
        self.packed
    }

    fn trace_begins(&self) -> usize {
        Snapshot::length(self.rows, self.parameters, 0)
    }

    /// Fetches the picture: the one wait of a frame.
    ///
    /// # Errors
    ///
    /// When the device can no longer be read, for example because it was lost.
    pub async fn read(self) -> Result<Snapshot, ExecutionError> {
        let data = self.packed.into_data_async().await?;
        let values = data.try_into_vec::<f32>().expect("the tensor holds f32");
        Ok(Snapshot::new(
            values,
            self.rows,
            self.parameters,
            self.iteration,
        ))
    }
}
