//! Runs without Burn: fused iterations alone, on the CPU or on a GPU. That is all that most runs need,
//! in modules so small that a page can have them first. What they lack, a build with Burn has:
//! [`Lacking`].

use crate::architecture::{Architecture, DIGITS, PIXELS};
use crate::frame::{Frame, RECORD};
use crate::fused::iterate::{Iterate, Unreadable};
use crate::fused::{Fused, orders::Orders};
use crate::parameters::Parameters;
use crate::settings::{SettingError, Settings, Start};
use crate::task::Task;
use crate::work::Work;

/// What is asked for takes Burn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    #[error(
        "This module has no Burn, which networks with GELU and the path \"plain\" need. The modules flex and webgpu have it."
    )]
    Task,
    #[error(
        "This module has no Burn, which rotations, changes of scale and diversity need. The modules flex and webgpu have it."
    )]
    Settings,
}

/// Images on their way to what is asked of them.
pub struct Run<I: Iterate> {
    fused: Fused,
    iterations: I,
    architecture: Architecture,
    task: Task,
    rows: usize,
    /// The newest frame.
    newest: I::Values,
    /// Iterations in its trace that no picture has shown.
    traced: usize,
    /// What its losses are of, if it has losses.
    settings: Option<Settings>,
    /// Earlier frames with such iterations, and how many.
    earlier: Vec<(I::Values, usize)>,
    iteration: usize,
}

impl<I: Iterate> Run<I> {
    /// Begins a run: a digit a row. `fused` is [`Fused::new`] of the same parameters and task, and
    /// `ready` makes it ready to iterate, from rows and start images. Or goes on where a run of the same
    /// rows, start and task stood, `from` its iteration and [`Frame::state`].
    ///
    /// # Errors
    ///
    /// When the rows, the start image, the goal or the state cannot be used.
    pub fn begin(
        parameters: &Parameters,
        fused: &Fused,
        ready: impl FnOnce(&Fused, &[u16], &[f32]) -> I,
        rows: &[u16],
        start: Start,
        task: Task,
        from: Option<(usize, &[f32])>,
    ) -> Result<Self, SettingError> {
        let opening = task.open(&parameters.architecture, rows, start, from)?;
        let iterations = ready(fused, rows, &opening.start);
        Ok(Self {
            newest: iterations.bring([opening.start, opening.state].concat()),
            iterations,
            fused: fused.clone(),
            architecture: parameters.architecture.clone(),
            task,
            rows: rows.len(),
            traced: 0,
            settings: None,
            earlier: Vec::new(),
            iteration: opening.iteration,
        })
    }

    /// Iterations made so far.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Makes `count` iterations. Nothing is read from the device.
    ///
    /// # Errors
    ///
    /// When there are none for these settings; the images are then as they were.
    pub fn advance(&mut self, count: usize, settings: &Settings) -> Result<(), Lacking> {
        if !self.fused.covers(settings) {
            return Err(Lacking::Settings);
        }
        let most = self.most_at_once(settings);
        let mut left = count;
        while left > 0 {
            let now = left.min(most);
            self.fuse(now, settings);
            left -= now;
        }
        Ok(())
    }

    /// How many iterations with these settings are made at once, so that they hold nothing else up.
    pub fn most_at_once(&self, settings: &Settings) -> usize {
        let work = Work::new(&self.architecture, &self.task.form, settings, self.rows);
        work.fused().min(I::LONGEST_LAUNCH)
    }

    /// Iterations; with none, only the losses are made anew.
    fn fuse(&mut self, count: usize, settings: &Settings) {
        let Task { form, seed, .. } = &self.task;
        let orders = Orders::new(settings, form.blurs(), *seed, self.iteration, count);
        let values = self.iterations.run(&self.newest, &orders);
        let before = std::mem::replace(&mut self.newest, values);
        if self.traced > 0 {
            self.earlier.push((before, self.traced));
        }
        self.traced = count;
        self.settings = Some(*settings);
        self.iteration += count;
    }

    /// What the run is now, and the trace since the last picture. The future fails when the device
    /// cannot be read.
    ///
    /// # Errors
    ///
    /// When there are no iterations for these settings.
    pub fn snapshot(
        &mut self,
        settings: &Settings,
    ) -> Result<impl Future<Output = Result<Frame, Unreadable>> + use<I>, Lacking> {
        if !self.fused.covers(settings) {
            return Err(Lacking::Settings);
        }
        if self.settings != Some(*settings) {
            self.fuse(0, settings);
        }
        let (rows, parameters) = (self.rows, self.task.form.parameters());
        let length = Frame::length(rows, parameters, 0);
        let newest = (self.newest.clone(), std::mem::take(&mut self.traced));
        let traces = (self.earlier.drain(..).chain([newest.clone()]))
            .map(|(values, traced)| (values, length..length + traced * rows * RECORD));
        let parts: Vec<_> = [(newest.0, 0..length)].into_iter().chain(traces).collect();
        let read = self.iterations.read(&parts);
        let iteration = self.iteration;
        Ok(async move { Ok(Frame::new(read.await?, rows, parameters, iteration)) })
    }
}

/// What a network says of images, `[n, 784]`: log-probabilities, `[n, 10]`. `fused` is [`Fused::new`] of
/// its parameters and the default task. Computed on the CPU.
///
/// # Errors
///
/// When it is nothing: the network has GELU.
pub fn log_probabilities(fused: Option<Fused>, images: &[f32]) -> Result<Vec<f32>, Lacking> {
    let fused = fused.ok_or(Lacking::Task)?;
    let Task { form, seed, .. } = Task::default();
    let rows = images.len() / PIXELS;
    let nothing = Orders::new(&Settings::default(), false, seed, 0, 0);
    let mut host = fused.host(&vec![0; rows], images);
    let before = host.bring([images, &form.state_of(images)].concat());
    let values = host.run(&before, &nothing);
    let now = values[values.len() - rows * RECORD..].chunks_exact(RECORD);
    Ok(now.flat_map(|record| &record[..DIGITS]).copied().collect())
}
