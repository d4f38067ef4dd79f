//! A plan's iterations on the CPU: loops over memory that is allocated once, with SIMD vectors of four
//! floats.
//!
//! | module | what it holds |
//! |---|---|
//! | `lanes`, `buffer` | SIMD vectors, and aligned memory |
//! | `layout`, `values` | how the values between two layers lie in memory |
//! | `activation` | activation functions and their derivatives |
//! | `matrix`, `dense` | dense layers: dot products forward, weighted sums of rows backward |
//! | `filters`, `transposed`, `convolution` | convolutions with max pooling: forward, backward, both |
//! | `average` | average pooling |
//! | `stack` | all layers of a network |
//! | `square`, `transform` | 28×28 matrices; jitter, rotation and scale |
//! | `objective`, `hidden_unit`, `diversity` | the loss: of logits, of hidden layers, between rows |
//! | `optimizer` | from the gradient to a step |
//! | `parameterization` | from parameters to images, and back; the blur of the gradient |

mod activation;
mod average;
mod buffer;
mod convolution;
mod dense;
mod diversity;
mod filters;
mod hidden_unit;
mod lanes;
mod layout;
mod matrix;
mod objective;
mod optimizer;
mod parameterization;
mod square;
mod stack;
mod transform;
mod transposed;
mod values;

use burn::tensor::Tensor;

use self::buffer::Buffer;
use self::diversity::Diversity;
use self::hidden_unit::HiddenUnits;
use self::objective::{PerDigit, log_softmax};
use self::optimizer::OptimizerState;
use self::parameterization::Blur;
pub(super) use self::parameterization::{Fourier, Parameterization, Pca};
pub(super) use self::stack::Layers;
use self::stack::Stack;
use self::transform::Sampling;
use super::executor::Executor;
use super::hidden_unit::Linear;
use super::plan::{LogitsObjective, ObjectivePlan, Plan};
use super::schedule::{Schedule, StepParameters};
use crate::network::{DIGITS, PIXELS};
use crate::reference::device::upload;
use crate::task::Settings;
use crate::task::TRACE_STRIDE;

/// The iterations of one batch of `n` images with `p` parameters each.
pub struct CpuExecutor {
    plan: Plan,
    /// The digit, neuron or channel of each row, `[n]`.
    targets: Vec<usize>,
    /// The images that the run began with, `[n, 784]`.
    start: Vec<f32>,
    parameterization: Parameterization,
    network: Stack,
    objective: Objective,
    diversity: Diversity,
    /// `[n, p]`, as the three that follow.
    parameters: Buffer,
    first_moments: Buffer,
    second_moments: Buffer,
    /// The gradient for the parameters.
    gradient: Buffer,
    /// `[n, 784]`.
    images: Buffer,
    /// The gradient for the images, `[n, 784]`.
    image_gradient: Buffer,
    /// The logits of the images without a transform, `[n]`.
    logits: Vec<PerDigit>,
    log_probabilities: Vec<PerDigit>,
    /// The values of the hidden units, `[n]`. Zeros if the objective is of logits.
    unit_values: Vec<f32>,
    /// Whether images, logits, log-probabilities and unit values belong to the current parameters.
    evaluated: bool,
}

/// The objective, with what it needs of the network.
enum Objective {
    Logits(LogitsObjective),
    HiddenUnits(HiddenUnits),
}

impl CpuExecutor {
    /// An executor for a plan with these layers. `targets` and `start` are as in the fields; `units` has the
    /// hidden unit of each row, or none if the objective is of logits.
    ///
    /// # Panics
    ///
    /// If `start` does not have 784 pixels for each of `targets`.
    pub(super) fn new(
        plan: Plan,
        layers: &Layers,
        parameterization: Parameterization,
        targets: Vec<usize>,
        start: Vec<f32>,
        units: Vec<Linear>,
    ) -> Self {
        let rows = targets.len();
        assert_eq!(start.len(), rows * PIXELS, "pixels of {rows} images");
        let parameters = || Buffer::new(rows * plan.parameters());
        let images = || Buffer::new(rows * PIXELS);
        let network = layers.for_images(rows);
        let objective = match plan.objective {
            ObjectivePlan::Logits(objective) => Objective::Logits(objective),
            ObjectivePlan::HiddenUnit(it) => {
                let from = network.values(it.below).layout;
                Objective::HiddenUnits(HiddenUnits::new(it.below, units, from))
            }
        };
        Self {
            parameterization,
            network,
            objective,
            diversity: Diversity::new(&targets),
            parameters: parameters(),
            first_moments: parameters(),
            second_moments: parameters(),
            gradient: parameters(),
            images: images(),
            image_gradient: images(),
            logits: vec![[0.0; DIGITS]; rows],
            log_probabilities: vec![[0.0; DIGITS]; rows],
            unit_values: vec![0.0; rows],
            evaluated: false,
            plan,
            targets,
            start,
        }
    }

    /// Computes the images from the parameters, and runs the network on them.
    fn evaluate(&mut self) {
        let parameters = self.parameters.chunks_exact(self.plan.parameters());
        for (parameters, image) in parameters.zip(self.images.chunks_exact_mut(PIXELS)) {
            self.parameterization.image(parameters, image);
        }
        self.network.forward(&self.images, &Sampling::NONE);
        let outputs = self.logits.iter_mut().zip(&mut self.log_probabilities);
        for (row, (logits, log_probabilities)) in outputs.enumerate() {
            *logits = self.network.logits(row);
            *log_probabilities = log_softmax(logits);
        }
        if let Objective::HiddenUnits(units) = &self.objective {
            let from = self.network.values(units.below);
            for (row, value) in self.unit_values.iter_mut().enumerate() {
                *value = units.value(row, from);
            }
        }
        self.evaluated = true;
    }

    /// Writes log-probabilities and loss of the images, `[n, 11]`.
    fn write_losses(&mut self, schedule: &Schedule, values: &mut [f32]) {
        // The gradient, which is computed next, needs the cosines as well.
        if schedule.diversity > 0.0 {
            self.diversity.compare(&self.images);
        }
        for (row, values) in values.chunks_exact_mut(TRACE_STRIDE).enumerate() {
            values[..DIGITS].copy_from_slice(&self.log_probabilities[row]);
            values[DIGITS] = self.loss(schedule, row);
        }
    }

    /// The loss of a row: the objective and the regularizers.
    fn loss(&self, schedule: &Schedule, row: usize) -> f32 {
        let mut loss = match &self.objective {
            Objective::Logits(objective) => objective.loss(
                self.targets[row],
                &self.logits[row],
                &self.log_probabilities[row],
                schedule.target,
            ),
            Objective::HiddenUnits(_) => -self.unit_values[row],
        };
        let pixels = row * PIXELS..(row + 1) * PIXELS;
        loss +=
            objective::regularization(schedule, &self.images[pixels.clone()], &self.start[pixels]);
        if schedule.density > 0.0 {
            let each = self.plan.parameters();
            let parameters = &self.parameters[row * each..][..each];
            loss += schedule.density * objective::squares(parameters);
        }
        if schedule.diversity > 0.0 {
            loss += schedule.diversity * self.diversity.of(row);
        }
        loss
    }

    /// Computes the gradient for the parameters. The objective is computed for the transformed images, the
    /// regularizers for the images themselves.
    fn differentiate(&mut self, schedule: &Schedule, step: &StepParameters, blur: Option<&Blur>) {
        let sampling = Sampling::of(&step.transform);
        let transformed = !sampling.is_none();
        if transformed {
            self.network.forward(&self.images, &sampling);
        }
        match &self.objective {
            Objective::Logits(objective) => {
                let objective = |row: usize, logits: &PerDigit| {
                    let log_probabilities = match transformed {
                        true => log_softmax(logits),
                        false => self.log_probabilities[row],
                    };
                    objective.gradient(self.targets[row], &log_probabilities, schedule.target)
                };
                (self.network).backward(objective, &mut self.image_gradient, &sampling);
            }
            Objective::HiddenUnits(units) => {
                (self.network).backward_from(units, &mut self.image_gradient, &sampling);
            }
        }

        let each = self.plan.parameters();
        let images = self.images.chunks_exact(PIXELS);
        let images = images.zip(self.start.chunks_exact(PIXELS));
        let parameters = self.parameters.chunks_exact(each);
        let gradients = self.image_gradient.chunks_exact_mut(PIXELS);
        let gradients = gradients.zip(self.gradient.chunks_exact_mut(each));
        let rows = images.zip(parameters).zip(gradients);
        for (row, (((image, start), parameters), (pixels, gradient))) in rows.enumerate() {
            objective::add_regularization_gradient(schedule, image, start, pixels);
            if schedule.diversity > 0.0 {
                (self.diversity).add_gradient(row, schedule.diversity, pixels);
            }
            self.parameterization.gradient(image, pixels, gradient);
            if schedule.density > 0.0 {
                for (gradient, parameter) in gradient.iter_mut().zip(parameters) {
                    *gradient += 2.0 * schedule.density * parameter;
                }
            }
            if let Some(blur) = blur {
                blur.apply(gradient);
            }
        }
    }
}

impl Executor for CpuExecutor {
    /// Covers all settings.
    fn covers(&self, _: &Settings) -> bool {
        true
    }

    fn longest_launch(&self) -> usize {
        usize::MAX
    }

    fn run(&mut self, before: Tensor<1>, schedule: &Schedule) -> Tensor<1> {
        let device = before.device();
        let before: Vec<f32> = (before.into_data().try_into_vec()).expect("the tensor holds f32");
        let each = self.parameters.len();
        let [images, now] = [self.images.len(), self.images.len() + 3 * each];
        let state = &before[images..now];
        // If the run goes on from where this executor stopped, the images have been evaluated.
        self.evaluated &= *self.parameters == state[..each];
        self.parameters.copy_from_slice(&state[..each]);
        self.first_moments.copy_from_slice(&state[each..2 * each]);
        self.second_moments.copy_from_slice(&state[2 * each..]);
        if !self.evaluated {
            self.evaluate();
        }

        let blur = (schedule.blur.as_deref())
            .filter(|_| self.plan.parameters() == PIXELS)
            .map(Blur::new);
        let losses = self.targets.len() * TRACE_STRIDE;
        let mut values = vec![0.0; now + losses + schedule.iterations.len() * losses];
        for (index, step) in schedule.iterations.iter().enumerate() {
            let start = now + (1 + index) * losses;
            self.write_losses(schedule, &mut values[start..start + losses]);
            self.differentiate(schedule, step, blur.as_ref());
            let state = OptimizerState {
                parameters: &mut self.parameters,
                first_moments: &mut self.first_moments,
                second_moments: &mut self.second_moments,
            };
            state.update(&self.gradient, step);
            self.evaluate();
        }
        self.write_losses(schedule, &mut values[now..now + losses]);
        values[..images].copy_from_slice(&self.images);
        let state = [&self.parameters, &self.first_moments, &self.second_moments];
        for (to, from) in values[images..now].chunks_exact_mut(each).zip(state) {
            to.copy_from_slice(from);
        }
        upload(values, &device)
    }
}
