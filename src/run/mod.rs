//! A run on the fastest path that supports its settings: fused iterations where an executor covers the
//! settings, the [`Maximizer`] where none does. A run changes between the two when its settings change.

pub mod work;

use burn::tensor::Tensor;

use self::work::Work;
use crate::fused::{Executor, Fused, schedule::Schedule};
use crate::reference::device::upload;
use crate::reference::{Maximizer, Network, PendingSnapshot};
use crate::task::{InitialState, SettingError, Settings, Start, Task};
use crate::task::{Snapshot, TRACE_STRIDE};

/// A batch of images (rows) that are optimized for their objectives.
pub struct Run {
    network: Network,
    task: Task,
    rows: Vec<u16>,
    /// What the run began with, 784 pixels a row.
    start: Vec<f32>,
    executor: Option<Box<dyn Executor>>,
    newest: Newest,
    /// The trace since the last snapshot, but for the part that `newest` still holds.
    trace: Vec<Tensor<1>>,
    iteration: usize,
}

/// Where the newest images are.
enum Newest {
    Fused(Box<Packed>),
    Reference(Box<Maximizer>),
}

/// The numbers of a snapshot, from an executor. Before an executor has run: images and state alone.
struct Packed {
    values: Tensor<1>,
    /// How many iterations of the trace no snapshot has read.
    unread: usize,
    /// The settings of the losses; `None` if the losses were not computed.
    settings: Option<Settings>,
}

impl Run {
    /// Begins a run of `network`, on its device. A row is a digit or, where the objective is one of a
    /// hidden layer, the number of a neuron or channel. `fused` is [`Fused::new`] of the same network
    /// and task; without it, the maximizer makes all iterations.
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

    /// Continues a run of the same rows, start and task: `state` is its [`Snapshot::state`] after
    /// `iteration` iterations.
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
        let InitialState {
            start,
            iteration,
            state,
        } = task.initial_state(network.architecture(), rows, start, from)?;
        let device = network.device().without_autodiff();
        let mut run = Self {
            network: network.clone(),
            executor: fused.map(|fused| fused.executor(rows, &start, &device)),
            task,
            rows: rows.to_vec(),
            newest: Newest::Fused(Box::new(Packed {
                values: upload([&start[..], &state].concat(), &device),
                unread: 0,
                settings: None,
            })),
            start,
            trace: Vec::new(),
            iteration,
        };
        if run.executor.is_none() {
            run.maximizer()?;
        }
        Ok(run)
    }

    /// Iterations made so far.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// The path that made the newest images: `fused` or `reference`.
    pub fn path(&self) -> &'static str {
        match self.newest {
            Newest::Fused(_) => "fused",
            Newest::Reference(_) => "reference",
        }
    }

    /// Makes `count` iterations. Nothing is read from the device.
    pub fn advance(&mut self, count: usize, settings: &Settings) {
        if count == 0 {
            return;
        }
        if !self.covers(settings) {
            let maximizer = self.maximizer().expect("checked when the run was opened");
            for _ in 0..count {
                maximizer.step(settings);
            }
            self.iteration += count;
            return;
        }
        let most = self.largest_step(settings);
        let mut left = count;
        while left > 0 {
            let now = left.min(most);
            self.execute(now, settings);
            self.iteration += now;
            left -= now;
        }
    }

    /// The most iterations with these settings that are made at once, so that the page, or whatever else
    /// waits, is not held up: see [`Work`].
    pub fn largest_step(&self, settings: &Settings) -> usize {
        let (architecture, parameterization) =
            (self.network.architecture(), &self.task.parameterization);
        let work = Work::new(architecture, parameterization, settings, self.rows.len());
        match &self.executor {
            Some(executor) if executor.covers(settings) => {
                work.fused().min(executor.longest_launch())
            }
            _ => work.reference(),
        }
    }

    fn covers(&self, settings: &Settings) -> bool {
        (self.executor.as_ref()).is_some_and(|executor| executor.covers(settings))
    }

    /// Has the executor make iterations. With a count of 0 it only computes the losses.
    fn execute(&mut self, count: usize, settings: &Settings) {
        let before = match &mut self.newest {
            Newest::Fused(packed) => packed.values.clone(),
            Newest::Reference(maximizer) => {
                let snapshot = maximizer.snapshot(settings);
                self.trace.extend(snapshot.trace());
                snapshot.into_packed()
            }
        };
        self.keep_trace();
        let executor = self.executor.as_mut().expect("it covers the settings");
        let schedule = Schedule::new(
            settings,
            self.task.parameterization.blurs(),
            self.task.seed,
            self.iteration,
            count,
        );
        self.newest = Newest::Fused(Box::new(Packed {
            values: executor.run(before, &schedule),
            unread: count,
            settings: Some(*settings),
        }));
    }

    /// Sets the unread trace of the newest values aside: the executor's next values hold only the trace of
    /// their own iterations.
    fn keep_trace(&mut self) {
        let begin = self.length(0);
        if let Newest::Fused(packed) = &mut self.newest
            && packed.unread > 0
        {
            let length = packed.unread * self.rows.len() * TRACE_STRIDE;
            let part = packed.values.clone().narrow(0, begin, length);
            // Copied: a narrowed tensor may hold on to all of the values.
            self.trace.push(part * 1.0);
            packed.unread = 0;
        }
    }

    /// The maximizer, which makes the iterations from now on.
    fn maximizer(&mut self) -> Result<&mut Maximizer, SettingError> {
        self.keep_trace();
        if let Newest::Fused(packed) = &self.newest {
            let each = self.rows.len() * self.task.parameterization.parameters();
            let state = (packed.values.clone()).narrow(0, self.start.len(), 3 * each);
            let maximizer = Maximizer::resume_from_tensor(
                &self.network,
                &self.rows,
                Start::Image(self.start.clone()),
                self.task.clone(),
                (self.iteration, state),
            )?;
            self.newest = Newest::Reference(Box::new(maximizer));
        }
        match &mut self.newest {
            Newest::Reference(maximizer) => Ok(maximizer),
            Newest::Fused(_) => unreachable!("the maximizer has just been made"),
        }
    }

    /// Takes a snapshot of the run: what it is now, and the trace since the last snapshot. Waits for
    /// nothing: the device gathers the numbers, and [`PendingSnapshot::read`] fetches them.
    pub fn snapshot(&mut self, settings: &Settings) -> PendingSnapshot {
        let computed = match &self.newest {
            Newest::Reference(_) => true,
            Newest::Fused(packed) => packed.settings == Some(*settings),
        };
        if !computed && self.covers(settings) {
            self.execute(0, settings);
        } else if !computed {
            self.maximizer().expect("checked when the run was opened");
        }
        let earlier = std::mem::take(&mut self.trace);
        let (values, unread) = match &mut self.newest {
            Newest::Reference(maximizer) => return maximizer.snapshot(settings).after(earlier),
            Newest::Fused(packed) => (packed.values.clone(), std::mem::take(&mut packed.unread)),
        };
        // Values whose trace has been read still have it, at their end.
        let length = self.length(unread);
        let values = match values.dims() == [length] {
            true => values,
            false => values.narrow(0, 0, length),
        };
        let parameters = self.task.parameterization.parameters();
        PendingSnapshot::new(values, self.rows.len(), parameters, self.iteration).after(earlier)
    }

    /// The length of a snapshot whose trace has so many iterations.
    fn length(&self, traced: usize) -> usize {
        Snapshot::length(
            self.rows.len(),
            self.task.parameterization.parameters(),
            traced,
        )
    }
}
