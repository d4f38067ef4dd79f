//! A plan's iterations on the CPU: loops over buffers that are made once, four numbers at a time.
//!
//! | module | what it holds |
//! |---|---|
//! | `lanes`, `buffer` | four numbers at a time, and memory for them |
//! | `activation` | the nonlinearities, and their slopes |
//! | `matrix`, `dense` | dense layers: dot products forwards, sums of rows backwards |
//! | `maps`, `filters`, `spread`, `convolution` | convolutions: forwards, backwards, with pooling |
//! | `average` | average pooling |
//! | `values`, `stack` | what lies between layers; all of them |
//! | `objective`, `unit`, `form` | the loss, of logits or of a unit; from parameters to images, and back |

mod activation;
mod average;
mod buffer;
mod convolution;
mod dense;
mod filters;
mod hidden_unit;
mod lanes;
mod maps;
mod matrix;
mod objective;
mod parameterization;
mod spread;
mod stack;
mod values;

use burn::tensor::Tensor;

use self::buffer::Buffer;
use self::hidden_unit::Units;
use self::objective::{Answer, log_softmax};
use self::parameterization::Blur;
pub(super) use self::parameterization::{Fourier, Parameterization, Pca};
pub(super) use self::stack::Layers;
use self::stack::Stack;
use super::executor::Executor;
use super::hidden_unit::Linear;
use super::plan::{LogitsObjective, ObjectivePlan, Plan};
use super::schedule::{BETAS, Schedule, StepParameters};
use crate::network::architecture::{DIGITS, PIXELS};
use crate::reference::device::upload;
use crate::task::Settings;
use crate::task::snapshot::TRACE_STRIDE;

/// A batch of images on the CPU, with all that their iterations need.
pub struct CpuExecutor {
    plan: Plan,
    digits: Vec<usize>,
    start: Vec<f32>,
    parameterization: Parameterization,
    network: Stack,
    objective: Objective,
    /// `[n, p]`.
    parameters: Buffer,
    first_moments: Buffer,
    second_moments: Buffer,
    /// The gradient for the parameters.
    gradient: Buffer,
    /// `[n, 784]`.
    images: Buffer,
    /// The gradient for the images.
    pixels: Buffer,
    /// What the network says to the images as they are.
    logits: Vec<Answer>,
    answers: Vec<Answer>,
    /// What the units say, `[n]`.
    said: Vec<f32>,
    /// Whether images, logits and answers are those of the parameters.
    seen: bool,
}

/// What is asked of the network.
enum Objective {
    Logits(LogitsObjective),
    Units(Units),
}

impl CpuExecutor {
    /// Of a plan whose layers these are: one digit a row, the images that the run began with,
    /// `[n, 784]`, what they are made of and, where units are asked for, what each row's says.
    ///
    /// # Panics
    ///
    /// If there are fewer pixels than that.
    pub(super) fn new(
        plan: Plan,
        layers: &Layers,
        parameterization: Parameterization,
        digits: Vec<usize>,
        start: Vec<f32>,
        units: Vec<Linear>,
    ) -> Self {
        let rows = digits.len();
        assert_eq!(start.len(), rows * PIXELS, "pixels of {rows} images");
        let parameters = || Buffer::new(rows * plan.parameters());
        let images = || Buffer::new(rows * PIXELS);
        let network = layers.for_rows(rows);
        let objective = match plan.objective {
            ObjectivePlan::Logits(objective) => Objective::Logits(objective),
            ObjectivePlan::HiddenUnit(it) => {
                let from = network.values(it.below).maps;
                Objective::Units(Units::new(it.below, units, from))
            }
        };
        Self {
            parameterization,
            network,
            objective,
            parameters: parameters(),
            first_moments: parameters(),
            second_moments: parameters(),
            gradient: parameters(),
            images: images(),
            pixels: images(),
            logits: vec![[0.0; DIGITS]; rows],
            answers: vec![[0.0; DIGITS]; rows],
            said: vec![0.0; rows],
            seen: false,
            plan,
            digits,
            start,
        }
    }

    /// The images that the parameters make, and what the network says to them.
    fn look(&mut self) {
        let parameters = self.parameters.chunks_exact(self.plan.parameters());
        for (parameters, image) in parameters.zip(self.images.chunks_exact_mut(PIXELS)) {
            self.parameterization.image(parameters, image);
        }
        self.network.forward(&self.images, [0, 0]);
        for (row, (logits, answer)) in self.logits.iter_mut().zip(&mut self.answers).enumerate() {
            *logits = self.network.logits(row);
            *answer = log_softmax(logits);
        }
        if let Objective::Units(units) = &self.objective {
            let from = self.network.values(units.below);
            for (row, said) in self.said.iter_mut().enumerate() {
                *said = units.says(row, from);
            }
        }
        self.seen = true;
    }

    /// Log-probabilities and loss of the images as they are, `[n, 11]`.
    fn record(&self, schedule: &Schedule, values: &mut [f32]) {
        let parameters = self.parameters.chunks_exact(self.plan.parameters());
        let images = self.images.chunks_exact(PIXELS);
        let images = images.zip(self.start.chunks_exact(PIXELS));
        let answers = self.logits.iter().zip(&self.answers);
        let rows = (self.digits.iter().zip(answers)).zip(images.zip(parameters));
        for ((((&digit, (logits, answer)), ((image, start), parameters)), said), values) in
            (rows.zip(&self.said)).zip(values.chunks_exact_mut(TRACE_STRIDE))
        {
            let mut loss = match &self.objective {
                Objective::Logits(objective) => {
                    objective.loss(digit, logits, answer, schedule.target)
                }
                Objective::Units(_) => -said,
            };
            loss += objective::charge(schedule, image, start);
            if schedule.density > 0.0 {
                loss += schedule.density * objective::squares(parameters);
            }
            values[..DIGITS].copy_from_slice(answer);
            values[DIGITS] = loss;
        }
    }

    /// The gradient for the parameters, of the loss whose objective sees the images moved.
    fn differentiate(
        &mut self,
        schedule: &Schedule,
        iteration: &StepParameters,
        blur: Option<&Blur>,
    ) {
        let jitter = iteration.transform.jitter.map(|pixels| pixels as i32);
        let moved = jitter != [0, 0];
        if moved {
            self.network.forward(&self.images, jitter);
        }
        match &self.objective {
            Objective::Logits(objective) => {
                let objective = |row: usize, logits: &Answer| {
                    let answer = match moved {
                        true => log_softmax(logits),
                        false => self.answers[row],
                    };
                    objective.gradient(self.digits[row], &answer, schedule.target)
                };
                (self.network).backward(objective, &mut self.pixels, jitter);
            }
            Objective::Units(units) => {
                (self.network).backward_from(units, &mut self.pixels, jitter);
            }
        }

        let each = self.plan.parameters();
        let images = self.images.chunks_exact(PIXELS);
        let images = images.zip(self.start.chunks_exact(PIXELS));
        let parameters = self.parameters.chunks_exact(each);
        let gradients = self.pixels.chunks_exact_mut(PIXELS);
        let gradients = gradients.zip(self.gradient.chunks_exact_mut(each));
        for (((image, start), parameters), (pixels, gradient)) in
            images.zip(parameters).zip(gradients)
        {
            objective::add_slopes(schedule, image, start, pixels);
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

    /// Adam's step.
    fn descend(&mut self, iteration: &StepParameters) {
        let StepParameters { rate, epsilon, .. } = *iteration;
        let moments = self.first_moments.iter_mut().zip(&mut *self.second_moments);
        let parameters = self.parameters.iter_mut().zip(&*self.gradient);
        for ((parameter, gradient), (first, second)) in parameters.zip(moments) {
            *first = BETAS[0] * *first + (1.0 - BETAS[0]) * gradient;
            *second = BETAS[1] * *second + (1.0 - BETAS[1]) * (gradient * gradient);
            *parameter -= rate * *first / (second.sqrt() + epsilon);
        }
    }
}

impl Executor for CpuExecutor {
    /// Everything but rotations, changes of scale, and diversity, which makes rows depend on each
    /// other.
    fn covers(&self, settings: &Settings) -> bool {
        let transforms = settings.transforms();
        transforms.rotation == 0.0
            && transforms.scale == 0.0
            && settings.regularizers().diversity == 0.0
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
        // A run that goes on where this one stood need not look at its images again.
        self.seen &= *self.parameters == state[..each];
        self.parameters.copy_from_slice(&state[..each]);
        self.first_moments.copy_from_slice(&state[each..2 * each]);
        self.second_moments.copy_from_slice(&state[2 * each..]);
        if !self.seen {
            self.look();
        }

        let blur = (schedule.blur.as_deref())
            .filter(|_| self.plan.parameters() == PIXELS)
            .map(Blur::new);
        let record = self.digits.len() * TRACE_STRIDE;
        let mut values = vec![0.0; now + record + schedule.iterations.len() * record];
        for (index, iteration) in schedule.iterations.iter().enumerate() {
            let start = now + (1 + index) * record;
            self.record(schedule, &mut values[start..start + record]);
            self.differentiate(schedule, iteration, blur.as_ref());
            self.descend(iteration);
            self.look();
        }
        self.record(schedule, &mut values[now..now + record]);
        values[..images].copy_from_slice(&self.images);
        let state = [&self.parameters, &self.first_moments, &self.second_moments];
        for (to, from) in values[images..now].chunks_exact_mut(each).zip(state) {
            to.copy_from_slice(from);
        }
        upload(values, &device)
    }
}
