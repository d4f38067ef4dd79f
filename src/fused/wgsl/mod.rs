//! A plan as one WebGPU kernel: any number of whole iterations (forward, loss, backward, Adam) in a
//! single launch.
//!
//! A workgroup takes one row, or a few, from its start to its end; rows do not influence each other,
//! so workgroups need not wait for one another. Its workspace lies in workgroup memory where that is
//! large enough, and in a storage buffer where it is not. Everything that a network's shape decides
//! is written into the text as a number, so that the compiler can unroll and fold.
//!
//! WGSL rather than CubeCL: the text is what the browser compiles, so what was measured there can be
//! read here; and it is made at run time, from the shape of whatever network somebody brings.

mod average;
mod convolution;
mod hidden_unit;
pub mod inputs;
mod parameterization;
mod product;

use std::fmt::Write;

use super::plan::{Layer, LogitsObjective, ObjectivePlan, ParameterizationPlan, Plan};
use crate::network::{ActivationFunction, PIXELS};

/// Numbers before the iterations in the schedule's buffer.
pub const HEADER: usize = 12;

/// Where the iterations begin in the schedule's buffer: behind the blur's weights, if there is a blur. Each has
/// four numbers.
pub fn schedule_at(blurs: bool) -> usize {
    HEADER + if blurs { PIXELS } else { 0 }
}

/// The kernel's numbers for objectives.
const DISTANCE: u32 = 0;
const LOG_PROBABILITY: u32 = 1;
const LOGIT: u32 = 2;
const DIFFERENCE: u32 = 3;
const UNIT: u32 = 4;

/// An objective as the kernel is told of it: its number, and the other digit.
fn goal_numbers(objective: ObjectivePlan) -> [u32; 2] {
    match objective {
        ObjectivePlan::Logits(LogitsObjective::TargetProbability) => [DISTANCE, 0],
        ObjectivePlan::Logits(LogitsObjective::LogProbability) => [LOG_PROBABILITY, 0],
        ObjectivePlan::Logits(LogitsObjective::Logit) => [LOGIT, 0],
        ObjectivePlan::Logits(LogitsObjective::LogitDifference { other }) => {
            [DIFFERENCE, other as u32]
        }
        ObjectivePlan::HiddenUnit(_) => [UNIT, 0],
    }
}

/// Bytes of workgroup memory that every WebGPU device has.
const SHARED: usize = 16_384;

/// Sums that an invocation of a convolution keeps at once. With twice as many, SwiftShader's compiler
/// takes minutes.
const MOST_SUMS: usize = 16;

/// How the work is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Division {
    /// Rows of the run.
    pub rows: usize,
    /// Rows of a workgroup, a divisor of `rows`.
    pub batch: usize,
    /// Invocations of a workgroup.
    pub lanes: usize,
    /// Whether sums are taken in parts where there are too few for all invocations. Of single rows.
    pub parts: bool,
}

impl Division {
    /// For a GPU that is software, or for one that is not.
    pub fn on(software: bool, rows: usize) -> Self {
        match software {
            true => Self::software(rows),
            false => Self::gpu(rows),
        }
    }

    /// For a GPU: it has more cores than there are rows, so each row gets one of its own; and as many
    /// invocations as a workgroup may have, to hide how long memory takes.
    pub fn gpu(rows: usize) -> Self {
        Self {
            rows,
            batch: 1,
            lanes: 256,
            parts: true,
        }
    }

    /// For a GPU that is software on the CPU: it has few cores, and what costs is loading numbers
    /// one by one, so that rows which share a load of a weight gain. Its invocations take turns, so a
    /// few of them do. Measured on two cores with SwiftShader.
    pub fn software(rows: usize) -> Self {
        let batch = (1..=5).rev().find(|it| rows.is_multiple_of(*it));
        Self {
            rows,
            batch: batch.expect("one divides all"),
            lanes: 16,
            parts: false,
        }
    }

    /// How many of `count` squares beside one another an invocation takes, if each has `sums` sums:
    /// one where there are invocations enough.
    fn strip(&self, count: usize, sums: usize) -> usize {
        let most = match self.parts {
            true => 1,
            false => usize::max(MOST_SUMS / sums, 1),
        };
        let strip = (1..=most).rev().find(|it| count.is_multiple_of(*it));
        strip.expect("one divides all")
    }

    /// How many workgroups there are.
    pub fn groups(&self) -> usize {
        self.rows / self.batch
    }
}

/// The buffers, in the order of their bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// The constants, in fours.
    Matrices,
    /// The same, one by one.
    Weights,
    /// The principal components' constants, in fours, where images are made of these.
    Components,
    /// The frame that the iterations begin with, up to the end of its state.
    Before,
    /// See [`inputs::schedule`].
    Schedule,
    /// See [`inputs::start`].
    Start,
    /// The frame, which is written.
    Snapshot,
    /// The workspace, where it does not fit into workgroup memory.
    Workspace,
}

/// A kernel's text and what it is to be given.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub text: String,
    pub buffers: Vec<Buffer>,
    /// Floats of the workspace's buffer, if there is one.
    pub workspace: Option<usize>,
}

/// The kernel of a plan. `blurs`: whether the gradient is blurred.
pub fn kernel(plan: &Plan, division: Division, blurs: bool) -> Kernel {
    Writer::new(plan, division, blurs).kernel()
}

/// Writes what depends on the plan; the rest is in `iteration.wgsl`.
struct Writer<'a> {
    plan: &'a Plan,
    division: Division,
    blurs: bool,
    /// Floats of a row's workspace.
    row: usize,
    /// Where a second image fits, for products from both sides.
    spare: usize,
    /// Whether the workspace is in workgroup memory.
    shared: bool,
    /// Fours in workgroup memory for the parts of sums.
    sums: usize,
    /// The functions so far.
    text: String,
    /// The calls that make up the two passes.
    forward: String,
    backward: String,
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan, division: Division, blurs: bool) -> Self {
        let fourier = matches!(plan.parameterization, ParameterizationPlan::Fourier { .. });
        let spare = plan.workspace;
        let row = spare + if blurs || fourier { PIXELS } else { 0 };
        // What else is in workgroup memory: a charge for each invocation, header and order.
        let fixed = 4 * division.batch * division.lanes + HEADER * 4 + 16;
        let needed = 4 * division.batch * row + fixed;
        let shared = needed <= SHARED;
        let room = SHARED - if shared { needed } else { fixed };
        Self {
            plan,
            division,
            blurs,
            row,
            spare,
            shared,
            sums: room / 16,
            text: String::new(),
            forward: String::new(),
            backward: String::new(),
        }
    }

    fn kernel(mut self) -> Kernel {
        for (index, layer) in self.plan.layers.iter().enumerate() {
            match layer {
                Layer::Dense(it) => self.dense(index, it),
                Layer::Convolution(it) => self.convolution(index, it),
                Layer::Average(it) => self.average(index, it),
            }
        }
        if let ObjectivePlan::HiddenUnit(it) = self.plan.objective {
            self.blame(&it);
        }
        let (forward, backward) = (self.forward.clone(), self.backward.clone());
        self.function("forward", &forward);
        self.function("backward", &backward);
        self.parameterization();
        let buffers = self.buffers();
        let head = self.head(&buffers);
        Kernel {
            text: format!("{head}\n{}{}", self.text, include_str!("iteration.wgsl")),
            buffers,
            workspace: (!self.shared).then_some(self.row * self.division.rows),
        }
    }

    /// Adds a function that every invocation calls with its number.
    fn function(&mut self, name: &str, body: &str) {
        let _ = writeln!(self.text, "fn {name}(lane: u32) {{\n{body}}}\n");
    }

    /// Adds a layer's forward pass.
    fn pass_forward(&mut self, index: usize, body: &str) {
        if let ObjectivePlan::HiddenUnit(it) = self.plan.objective
            && it.below == index
        {
            self.say(&it);
        }
        self.function(&format!("forward_{index}"), body);
        let _ = writeln!(self.forward, "  forward_{index}(lane);\n  sync();");
    }

    /// Adds a layer's backward pass, which comes before those of the layers before it. Where a unit is
    /// asked for, there is none above it.
    fn pass_backward(&mut self, index: usize, body: &str) {
        if matches!(self.plan.objective, ObjectivePlan::HiddenUnit(it) if it.below <= index) {
            return;
        }
        self.function(&format!("backward_{index}"), body);
        let call = format!("  backward_{index}(lane);\n  sync();\n");
        self.backward.insert_str(0, &call);
    }

    fn buffers(&self) -> Vec<Buffer> {
        let weights = self.text.contains("weights[");
        let mut buffers = vec![Buffer::Matrices];
        if weights {
            buffers.push(Buffer::Weights);
        }
        if matches!(self.plan.parameterization, ParameterizationPlan::Pca(_)) {
            buffers.push(Buffer::Components);
        }
        buffers.extend([
            Buffer::Before,
            Buffer::Schedule,
            Buffer::Start,
            Buffer::Snapshot,
        ]);
        if !self.shared {
            buffers.push(Buffer::Workspace);
        }
        buffers
    }

    /// Buffers, numbers, and what they decide.
    fn head(&self, buffers: &[Buffer]) -> String {
        let mut head = String::new();
        for (binding, buffer) in buffers.iter().enumerate() {
            let declaration = buffer.declaration();
            let _ = writeln!(head, "@group(0) @binding({binding}) {declaration};");
        }
        let Division { batch, lanes, .. } = self.division;
        for (name, value) in [
            ("BATCH", batch),
            ("LANES", lanes),
            ("ROW", self.row),
            ("PARAMETERS", self.plan.parameters()),
            ("LOGITS", self.plan.logits),
            ("GRADIENT", self.gradient()),
            ("ORDERS", schedule_at(self.blurs)),
            ("SUMS", self.sums.max(1)),
            ("CHARGES", batch * lanes),
            ("DISTANCE", DISTANCE as usize),
            ("LOG_PROBABILITY", LOG_PROBABILITY as usize),
            ("LOGIT", LOGIT as usize),
        ] {
            let _ = writeln!(head, "const {name} = {value}u;");
        }
        let _ = write!(
            head,
            "const MEAN = {:?}f;
const DEVIATION = {:?}f;
const PIXELS_ARE_PARAMETERS = {};
const FOR_UNITS = {};
",
            self.plan.input.mean as f32,
            self.plan.input.std as f32,
            self.plan.parameterization == ParameterizationPlan::Pixels,
            matches!(self.plan.objective, ObjectivePlan::HiddenUnit(_)),
        );
        head.push_str(&self.workspace());
        head.push_str(&activate(self.plan.activation, "vec4<f32>", ""));
        head.push_str(&activate(self.plan.activation, "f32", "_one"));
        head
    }

    /// Where the workspace of a workgroup is, and what waits until all have written to it.
    fn workspace(&self) -> String {
        match self.shared {
            true => format!(
                "var<workgroup> work: array<f32, {}>;
const base = 0u;
fn enter(group: u32) {{}}
fn sync() {{ workgroupBarrier(); }}
",
                self.row * self.division.batch
            ),
            false => "var<private> base: u32;
fn enter(group: u32) { base = group * BATCH * ROW; }
fn sync() { storageBarrier(); workgroupBarrier(); }
"
            .to_owned(),
        }
    }

    /// Where the parameters' gradient lies in the end.
    fn gradient(&self) -> usize {
        match self.plan.parameterization {
            ParameterizationPlan::Pca(prior) => prior.parameters,
            _ => 0,
        }
    }
}

impl Buffer {
    fn declaration(self) -> String {
        // Native allocators put several tensors into one buffer, which then must not be bound both
        // ways; in a browser each has its own.
        let read = match cfg!(target_family = "wasm") {
            true => "read",
            false => "read_write",
        };
        let (access, name, kind) = match self {
            Self::Matrices => (read, "matrices", "vec4<f32>"),
            Self::Weights => (read, "weights", "f32"),
            Self::Components => (read, "components", "vec4<f32>"),
            Self::Before => (read, "before", "f32"),
            Self::Schedule => (read, "schedule", "f32"),
            Self::Start => (read, "start", "f32"),
            Self::Snapshot => ("read_write", "frame", "f32"),
            Self::Workspace => ("read_write", "work", "f32"),
        };
        format!("var<storage, {access}> {name}: array<{kind}>")
    }
}

/// The functions `activate`, which is the activation, and `derivative`, which is its derivative where its value
/// is x, for numbers of a kind.
fn activate(activation: ActivationFunction, kind: &str, suffix: &str) -> String {
    let (value, derivative) = match activation {
        ActivationFunction::Relu => (
            format!("max(x, {kind}(0.0))"),
            format!("select({kind}(0.0), {kind}(1.0), x > {kind}(0.0))"),
        ),
        ActivationFunction::Sigmoid => (
            // Without an infinity on the way, which WGSL lets a compiler take for anything.
            format!("{kind}(1.0) / ({kind}(1.0) + exp(-clamp(x, {kind}(-80.0), {kind}(80.0))))"),
            format!("x * ({kind}(1.0) - x)"),
        ),
        // Beyond 10 the result is 1 in single precision; some drivers' tanh overflows.
        ActivationFunction::Tanh => (
            format!("tanh(clamp(x, {kind}(-10.0), {kind}(10.0)))"),
            format!("{kind}(1.0) - x * x"),
        ),
        ActivationFunction::Gelu => unreachable!("there is no plan with GELU"),
    };
    format!(
        "fn activate{suffix}(x: {kind}) -> {kind} {{ return {value}; }}
fn derivative{suffix}(x: {kind}) -> {kind} {{ return {derivative}; }}
"
    )
}
