//! Runs without Burn: fused iterations on the CPU alone. That is all that most runs need, in a module
//! so small that a page can have it first. What it lacks, a build with Burn has: [`Lacking`].

use crate::architecture::{DIGITS, PIXELS};
use crate::frame::{Frame, RECORD};
use crate::fused::{Fused, host::Host, orders::Orders};
use crate::parameters::Parameters;
use crate::settings::{SettingError, Settings, Start};
use crate::task::Task;

/// What is asked for takes Burn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    #[error(
        "This module has no Burn, which networks with GELU, the units of hidden layers and the path \"plain\" need. The modules flex and webgpu have it."
    )]
    Task,
    #[error(
        "This module has no Burn, which rotations, changes of scale and diversity need. The modules flex and webgpu have it."
    )]
    Settings,
}

/// Images on their way to what is asked of them.
pub struct Run {
    fused: Fused,
    host: Host,
    task: Task,
    rows: usize,
    /// The newest frame's values.
    values: Vec<f32>,
    /// What its losses are of, if it has losses.
    settings: Option<Settings>,
    /// Of the iterations since the last picture, but for those that the newest frame still has.
    trace: Vec<f32>,
    iteration: usize,
}

impl Run {
    /// Begins a run: a digit a row. `fused` is [`Fused::new`] of the same parameters and task. Or goes
    /// on where a run of the same rows, start and task stood, `from` its iteration and
    /// [`Frame::state`].
    ///
    /// # Errors
    ///
    /// When the rows, the start image, the goal or the state cannot be used.
    pub fn begin(
        parameters: &Parameters,
        fused: &Fused,
        rows: &[u16],
        start: Start,
        task: Task,
        from: Option<(usize, &[f32])>,
    ) -> Result<Self, SettingError> {
        let opening = task.open(&parameters.architecture, rows, start, from)?;
        Ok(Self {
            host: fused.host(rows, &opening.start),
            fused: fused.clone(),
            task,
            rows: rows.len(),
            values: [opening.start, opening.state].concat(),
            settings: None,
            trace: Vec::new(),
            iteration: opening.iteration,
        })
    }

    /// Iterations made so far.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Makes `count` iterations.
    ///
    /// # Errors
    ///
    /// When there are none for these settings; the images are then as they were.
    pub fn advance(&mut self, count: usize, settings: &Settings) -> Result<(), Lacking> {
        match self.fused.covers(settings) {
            true if count > 0 => self.fuse(count, settings),
            true => {}
            false => return Err(Lacking::Settings),
        }
        Ok(())
    }

    /// Iterations; with none, only the losses are made anew.
    fn fuse(&mut self, count: usize, settings: &Settings) {
        let Task { form, seed, .. } = &self.task;
        let orders = Orders::new(settings, form.blurs(), *seed, self.iteration, count);
        let images = self.rows * PIXELS;
        let state = images..images + 3 * self.rows * form.parameters();
        let values = self.host.run(&self.values[state], &orders);
        let before = std::mem::replace(&mut self.values, values);
        let length = self.length();
        (self.trace).extend(before.get(length..).unwrap_or_default());
        self.settings = Some(*settings);
        self.iteration += count;
    }

    /// How many numbers a frame without a trace has.
    fn length(&self) -> usize {
        Frame::length(self.rows, self.task.form.parameters(), 0)
    }

    /// What the run is now, and the trace since the last picture.
    ///
    /// # Errors
    ///
    /// When there are no iterations for these settings.
    pub fn snapshot(&mut self, settings: &Settings) -> Result<Frame, Lacking> {
        if !self.fused.covers(settings) {
            return Err(Lacking::Settings);
        }
        if self.settings != Some(*settings) {
            self.fuse(0, settings);
        }
        let length = self.length();
        let mut values = self.values[..length].to_vec();
        values.append(&mut self.trace);
        values.extend(self.values.drain(length..));
        Ok(Frame::new(
            values,
            self.rows,
            self.task.form.parameters(),
            self.iteration,
        ))
    }
}

/// What a network says of images, `[n, 784]`: log-probabilities, `[n, 10]`. `fused` is [`Fused::new`] of
/// its parameters and the default task.
///
/// # Errors
///
/// When it is nothing: the network has GELU.
pub fn log_probabilities(fused: Option<Fused>, images: &[f32]) -> Result<Vec<f32>, Lacking> {
    let fused = fused.ok_or(Lacking::Task)?;
    let task = Task::default();
    let rows = images.len() / PIXELS;
    let nothing = Orders::new(&Settings::default(), false, task.seed, 0, 0);
    let values = fused
        .host(&vec![0; rows], images)
        .run(&task.form.state_of(images), &nothing);
    let now = values[values.len() - rows * RECORD..].chunks_exact(RECORD);
    Ok(now.flat_map(|record| &record[..DIGITS]).copied().collect())
}
