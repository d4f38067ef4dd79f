//! A run on the fastest path that has what is asked of it: fused iterations where an executor covers
//! the settings, [`Maximizer`] where none does. They may take turns, within one run.

pub mod work;

use burn::tensor::Tensor;

use self::work::Work;
use crate::fused::{Executor, Fused, schedule::Schedule};
use crate::reference::device::upload;
use crate::reference::maximizer::{Maximizer, PendingSnapshot};
use crate::reference::network::Network;
use crate::task::snapshot::{Snapshot, TRACE_STRIDE};
use crate::task::{Opening, Task};
use crate::task::{SettingError, Settings, Start};

/// Images on their way to what is asked of them.
pub struct Run {
    network: Network,
    task: Task,
    rows: Vec<u16>,
    /// What the run began with, 784 pixels a row.
    start: Vec<f32>,
    fused: Option<Box<dyn Executor>>,
    lead: Lead,
    /// Of the iterations since the last picture, but for those that the lead still has.
    trace: Vec<Tensor<1>>,
    iteration: usize,
}

/// Where the newest images are.
enum Lead {
    Fused(Box<Newest>),
    Reference(Box<Maximizer>),
}

/// A frame of fused iterations.
struct Newest {
    frame: Tensor<1>,
    /// Iterations in its trace that no picture has shown.
    traced: usize,
    /// What its losses are of, if it has losses.
    settings: Option<Settings>,
}

/// A part of some numbers, without the rest of them: a narrowed tensor may hold on to all.
fn part(numbers: Tensor<1>, begin: usize, length: usize) -> Tensor<1> {
    numbers.narrow(0, begin, length) * 1.0
}

impl Run {
    /// Begins a run of `network`, on its device: a digit a row or, where units are asked for, a
    /// unit's number. `fused` is [`Fused::new`] of the same network and task, if it is to be used.
    ///
    /// # Errors
    ///
    /// When the rows, the start image or the objective cannot be used.
    pub fn begin(
        network: &Network,
        rows: &[u16],
        start: Start,
        task: Task,
        fused: Option<Fused>,
    ) -> Result<Self, SettingError> {
        Self::open(network, rows, start, task, fused, None)
    }

    /// Goes on where a run of the same rows, start and task stood: `state` is
    /// [`Snapshot::state`](crate::task::snapshot::Snapshot::state).
    ///
    /// # Errors
    ///
    /// When the rows, the start image, the objective or the state cannot be used.
    pub fn resume(
        network: &Network,
        rows: &[u16],
        start: Start,
        task: Task,
        fused: Option<Fused>,
        (iteration, state): (usize, &[f32]),
    ) -> Result<Self, SettingError> {
        Self::open(network, rows, start, task, fused, Some((iteration, state)))
    }

    /// [`Run::begin`] or, with an iteration and a state, [`Run::resume`].
    pub(crate) fn open(
        network: &Network,
        rows: &[u16],
        start: Start,
        task: Task,
        fused: Option<Fused>,
        from: Option<(usize, &[f32])>,
    ) -> Result<Self, SettingError> {
        let Opening {
            start,
            iteration,
            state,
        } = task.open(network.architecture(), rows, start, from)?;
        let device = network.device().without_autodiff();
        let mut run = Self {
            network: network.clone(),
            fused: fused.map(|it| it.executor(rows, &start, &device)),
            task,
            rows: rows.to_vec(),
            lead: Lead::Fused(Box::new(Newest {
                frame: upload([&start[..], &state].concat(), &device),
                traced: 0,
                settings: None,
            })),
            start,
            trace: Vec::new(),
            iteration,
        };
        if run.fused.is_none() {
            run.plain()?;
        }
        Ok(run)
    }

    /// Iterations made so far.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// The name of the path that leads: `fused` or `plain`.
    pub fn path(&self) -> &'static str {
        match self.lead {
            Lead::Fused(_) => "fused",
            Lead::Reference(_) => "reference",
        }
    }

    /// Makes `count` iterations. Nothing is read from the device.
    pub fn advance(&mut self, count: usize, settings: &Settings) {
        if count == 0 {
            return;
        }
        if !self.covers(settings) {
            let maximizer = self.plain().expect("what was checked at the beginning");
            for _ in 0..count {
                maximizer.step(settings);
            }
            self.iteration += count;
            return;
        }
        let most = self.most_at_once(settings);
        let mut left = count;
        while left > 0 {
            let now = left.min(most);
            self.fuse(now, settings);
            self.iteration += now;
            left -= now;
        }
    }

    /// How many iterations with these settings are made at once, so that they hold nothing else up.
    pub fn most_at_once(&self, settings: &Settings) -> usize {
        let (architecture, parameterization) =
            (self.network.architecture(), &self.task.parameterization);
        let work = Work::new(architecture, parameterization, settings, self.rows.len());
        match &self.fused {
            Some(executor) if executor.covers(settings) => {
                work.fused().min(executor.longest_launch())
            }
            _ => work.plain(),
        }
    }

    fn covers(&self, settings: &Settings) -> bool {
        (self.fused.as_ref()).is_some_and(|executor| executor.covers(settings))
    }

    /// Fused iterations; with none, only the losses are made anew.
    fn fuse(&mut self, count: usize, settings: &Settings) {
        let before = match &mut self.lead {
            Lead::Fused(newest) => newest.frame.clone(),
            Lead::Reference(maximizer) => {
                let snapshot = maximizer.snapshot(settings);
                self.trace.extend(snapshot.trace());
                snapshot.into_packed()
            }
        };
        self.keep_trace();
        let made = self.iteration;
        let executor = self.fused.as_mut().expect("it covers the settings");
        let schedule = Schedule::new(
            settings,
            self.task.parameterization.blurs(),
            self.task.seed,
            made,
            count,
        );
        self.lead = Lead::Fused(Box::new(Newest {
            frame: executor.run(before, &schedule),
            traced: count,
            settings: Some(*settings),
        }));
    }

    /// Keeps the trace of the frame that leads beside it: the next frame has only its own.
    fn keep_trace(&mut self) {
        if let Lead::Fused(newest) = &mut self.lead
            && newest.traced > 0
        {
            let begin =
                Snapshot::length(self.rows.len(), self.task.parameterization.parameters(), 0);
            let length = newest.traced * self.rows.len() * TRACE_STRIDE;
            self.trace.push(part(newest.frame.clone(), begin, length));
            newest.traced = 0;
        }
    }

    /// The maximizer, which leads from now on.
    fn plain(&mut self) -> Result<&mut Maximizer, SettingError> {
        self.keep_trace();
        if let Lead::Fused(newest) = &self.lead {
            let each = self.rows.len() * self.task.parameterization.parameters();
            let state = (newest.frame.clone()).narrow(0, self.start.len(), 3 * each);
            let maximizer = Maximizer::take_over(
                &self.network,
                &self.rows,
                Start::Image(self.start.clone()),
                self.task.clone(),
                (self.iteration, state),
            )?;
            self.lead = Lead::Reference(Box::new(maximizer));
        }
        match &mut self.lead {
            Lead::Reference(maximizer) => Ok(maximizer),
            Lead::Fused(_) => unreachable!("the maximizer has just been made"),
        }
    }

    /// Takes a picture of the run: what it is now, and the trace since the last picture. Costs no
    /// waiting; the device copies it together, and [`PendingSnapshot::read`] fetches it.
    pub fn snapshot(&mut self, settings: &Settings) -> PendingSnapshot {
        let known = match &self.lead {
            Lead::Reference(_) => true,
            Lead::Fused(newest) => newest.settings == Some(*settings),
        };
        if !known && self.covers(settings) {
            self.fuse(0, settings);
        } else if !known {
            self.plain().expect("what was checked at the beginning");
        }
        let earlier = std::mem::take(&mut self.trace);
        let (frame, traced) = match &mut self.lead {
            Lead::Reference(maximizer) => return maximizer.snapshot(settings).after(earlier),
            Lead::Fused(newest) => (newest.frame.clone(), std::mem::take(&mut newest.traced)),
        };
        let parameters = self.task.parameterization.parameters();
        let length = Snapshot::length(self.rows.len(), parameters, traced);
        // A frame whose trace has been seen still has it, at its end.
        let packed = match frame.dims() == [length] {
            true => frame,
            false => frame.narrow(0, 0, length),
        };
        PendingSnapshot::new(packed, self.rows.len(), parameters, self.iteration).after(earlier)
    }
}
