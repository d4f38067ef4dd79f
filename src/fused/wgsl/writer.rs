//! Puts a kernel together.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::buffers::{Buffer, ReadOnly};
use super::parameters::schedule_wgsl;
use super::workgroups::Workgroups;
use super::{Kernel, LOG_PROBABILITY, LOGIT, TARGET_PROBABILITY};
use crate::fused::plan::{Layer, ObjectivePlan, ParameterizationPlan, Plan};
use crate::network::{ActivationFunction, PIXELS};
use crate::task::Optimizer;

/// Bytes of workgroup memory that every WebGPU device has.
const WORKGROUP_MEMORY: usize = 16_384;

/// Bytes of workgroup memory for settings and step parameters, rounded up.
const SHARED_PARAMETERS: usize = 128;

/// Where a second image fits in a row's workspace. The layers' values lie there while a pass runs;
/// before the forward pass and after the backward pass they are of no use any more.
pub(super) const SPARE: usize = PIXELS;

/// Writes what depends on the plan; the rest is in `iteration.wgsl`.
pub(super) struct Writer<'a> {
    pub(super) plan: &'a Plan,
    pub(super) workgroups: Workgroups,
    pub(super) blurs: bool,
    /// Floats of a row's workspace.
    pub(super) row_stride: usize,
    /// Whether the workspace is in workgroup memory.
    in_workgroup_memory: bool,
    /// Partial sums, of four numbers each, for which there is room in workgroup memory.
    pub(super) room_for_sums: usize,
    /// How many partial sums the kernel uses.
    pub(super) partial_sums: usize,
    /// What the kernel reads and writes.
    pub(super) buffers: BTreeSet<Buffer>,
    /// The functions so far.
    text: String,
    /// The calls that make up the two passes.
    forward: String,
    backward: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(plan: &'a Plan, workgroups: Workgroups, blurs: bool) -> Self {
        let row_stride = usize::max(plan.workspace, SPARE + PIXELS);
        // Beside the workspace: a regularizer's sum for each row and invocation, settings and step parameters.
        let Workgroups {
            rows_each, size, ..
        } = workgroups;
        let fixed = 4 * rows_each * size + SHARED_PARAMETERS;
        let needed = 4 * rows_each * row_stride + fixed;
        let in_workgroup_memory = workgroups.workgroup_memory() && needed <= WORKGROUP_MEMORY;
        let taken = if in_workgroup_memory { needed } else { fixed };
        Self {
            plan,
            workgroups,
            blurs,
            row_stride,
            in_workgroup_memory,
            room_for_sums: (WORKGROUP_MEMORY - taken) / 16,
            partial_sums: 0,
            buffers: BTreeSet::from([
                Buffer::Matrices,
                Buffer::Before,
                Buffer::Schedule,
                Buffer::Start,
                Buffer::Snapshot,
            ]),
            text: String::new(),
            forward: String::new(),
            backward: String::new(),
        }
    }

    pub(super) fn kernel(mut self, read_only: ReadOnly) -> Kernel {
        let plan = self.plan;
        let mut dense = Vec::new();
        for (index, layer) in plan.layers.iter().enumerate() {
            match layer {
                Layer::Convolution(it) => self.convolution(index, it),
                Layer::Average(it) => self.average(index, it),
                Layer::Dense(it) => dense.push(it),
            }
        }
        self.dense(plan.layers.len() - dense.len(), &dense);
        if let ObjectivePlan::HiddenUnit(it) = self.plan.objective {
            self.hidden_unit(&it);
        }
        let (forward, backward) = (self.forward.clone(), self.backward.clone());
        self.function("forward", &forward);
        self.function("backward", &backward);
        self.parameterization();
        if !self.in_workgroup_memory {
            self.buffers.insert(Buffer::Workspace);
        }
        Kernel {
            text: format!(
                "{}\n{}{}",
                self.head(read_only),
                self.text,
                include_str!("iteration.wgsl")
            ),
            workspace: (!self.in_workgroup_memory).then_some(self.workspace_length()),
            buffers: self.buffers.into_iter().collect(),
        }
    }

    /// Adds a function that every invocation calls with its number.
    pub(super) fn function(&mut self, name: &str, body: &str) {
        let _ = writeln!(self.text, "fn {name}(invocation: u32) {{\n{body}}}\n");
    }

    /// Adds declarations.
    pub(super) fn declare(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Adds a layer's forward pass.
    pub(super) fn pass_forward(&mut self, index: usize, body: &str) {
        self.function_in_forward(&format!("forward_{index}"), body);
    }

    /// Adds a layer's backward pass, which runs before those of the layers before it. An objective of a
    /// hidden unit has no gradient in the layers above what the unit reads.
    pub(super) fn pass_backward(&mut self, index: usize, body: &str) {
        if !matches!(self.plan.objective, ObjectivePlan::HiddenUnit(it) if it.below <= index) {
            self.function_in_backward(&format!("backward_{index}"), body);
        }
    }

    /// Adds a function that runs after the others of the forward pass.
    pub(super) fn function_in_forward(&mut self, name: &str, body: &str) {
        self.function(name, body);
        let _ = writeln!(self.forward, "  {name}(invocation);\n  sync();");
    }

    /// Adds a function that runs before the others of the backward pass.
    pub(super) fn function_in_backward(&mut self, name: &str, body: &str) {
        self.function(name, body);
        let call = format!("  {name}(invocation);\n  sync();\n");
        self.backward.insert_str(0, &call);
    }

    /// The beginning of the kernel: buffers, constants, the workspace and the activation function.
    fn head(&self, read_only: ReadOnly) -> String {
        let mut head = schedule_wgsl(self.blurs);
        for (binding, buffer) in self.buffers.iter().enumerate() {
            let declaration = buffer.declaration(read_only, self.workspace_length());
            let _ = writeln!(head, "@group(0) @binding({binding}) {declaration};");
        }
        let Workgroups {
            rows_each, size, ..
        } = self.workgroups;
        for (name, value) in [
            ("ROWS", rows_each),
            ("WORKGROUP_SIZE", size),
            ("ROW_STRIDE", self.row_stride),
            ("SPARE", SPARE),
            ("PARAMETERS", self.plan.parameters()),
            ("LOGITS", self.plan.logits),
            ("GRADIENT", self.gradient()),
            ("REGULARIZER_SUMS", rows_each * size),
            ("TARGET_PROBABILITY", TARGET_PROBABILITY as usize),
            ("LOG_PROBABILITY", LOG_PROBABILITY as usize),
            ("LOGIT", LOGIT as usize),
        ] {
            let _ = writeln!(head, "const {name} = {value}u;");
        }
        let _ = write!(
            head,
            "const MEAN = {:?}f;
const STD = {:?}f;
const LONGEST_STEP = {:?}f;
const PIXELS_ARE_PARAMETERS = {};
const HIDDEN_UNIT = {};
",
            self.plan.input.mean as f32,
            self.plan.input.std as f32,
            Optimizer::LONGEST_STEP,
            self.plan.parameterization == ParameterizationPlan::Pixels,
            matches!(self.plan.objective, ObjectivePlan::HiddenUnit(_)),
        );
        head.push_str(&self.workspace());
        if self.partial_sums > 0 {
            let _ = writeln!(
                head,
                "var<workgroup> partial_sums: array<vec4<f32>, {}>;",
                self.partial_sums
            );
        }
        head.push_str(&activation(self.plan.activation, "vec4<f32>", ""));
        head.push_str(&activation(self.plan.activation, "f32", "_one"));
        head
    }

    /// Floats of all rows' workspaces.
    fn workspace_length(&self) -> usize {
        self.row_stride * self.workgroups.rows
    }

    /// The workspace of a workgroup, and the function `sync`, which waits until all invocations have written
    /// to it.
    fn workspace(&self) -> String {
        if self.in_workgroup_memory {
            return format!(
                "var<workgroup> work: array<f32, {}>;
const base = 0u;
fn enter(group: u32) {{}}
fn sync() {{ workgroupBarrier(); }}
",
                self.row_stride * self.workgroups.rows_each
            );
        }
        let begin = match self.workgroups.count() {
            1 => "const base = 0u;\nfn enter(group: u32) {}",
            _ => {
                "var<private> base: u32;\nfn enter(group: u32) { base = group * ROWS * ROW_STRIDE; }"
            }
        };
        format!("{begin}\nfn sync() {{ storageBarrier(); workgroupBarrier(); }}\n")
    }

    /// Where the parameters' gradient lies after the backward pass.
    fn gradient(&self) -> usize {
        match self.plan.parameterization {
            ParameterizationPlan::Pca(it) => it.parameters,
            _ => 0,
        }
    }
}

/// The functions `activate`, the activation function, and `derivative`, its derivative where its value
/// is x, for one type of number.
fn activation(activation: ActivationFunction, kind: &str, suffix: &str) -> String {
    let (value, derivative) = match activation {
        ActivationFunction::Relu => (
            format!("max(x, {kind}(0.0))"),
            format!("select({kind}(0.0), {kind}(1.0), x > {kind}(0.0))"),
        ),
        ActivationFunction::Sigmoid => (
            // Clamped, because WGSL lets a compiler assume that there are no infinities.
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
