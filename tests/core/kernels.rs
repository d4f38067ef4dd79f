//! The generated kernels, word for word, and the layout of what they read.

use actmax::fused::plan::Plan;
use actmax::fused::schedule::Schedule;
use actmax::fused::wgsl::buffers::{Buffer, ReadOnly};
use actmax::fused::wgsl::workgroups::{Adapter, Workgroups};
use actmax::fused::wgsl::{self, Kernel, parameters};
use actmax::network::Architecture;
use actmax::task::{Objective, Parameterization, Settings, Transforms};

/// Rewrites the files of this folder instead of comparing them, natively.
#[cfg(not(target_arch = "wasm32"))]
const ACCEPT: &str = "ACCEPT_KERNELS";

fn plan(architecture: &Architecture) -> Plan {
    Plan::new(
        architecture,
        &Objective::TargetProbability,
        &Parameterization::Pixels,
    )
    .expect("it has a plan")
}

fn kernel(architecture: &Architecture, adapter: Adapter, blurs: bool) -> Kernel {
    let workgroups = Workgroups::new(adapter, 10);
    wgsl::kernel(&plan(architecture), workgroups, blurs, ReadOnly::Declared)
}

/// Compares a kernel with its file, `tests/core/kernels/NAME.wgsl`.
fn assert_known(name: &str, text: &str, known: &str) {
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os(ACCEPT).is_some() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/core/kernels");
        std::fs::write(format!("{folder}/{name}.wgsl"), text).expect("the folder can be written");
        return;
    }
    let differs = |(ours, theirs): &(&str, &str)| ours != theirs;
    let lines = text.lines().zip(known.lines());
    if let Some((at, (ours, theirs))) = lines.enumerate().find(|(_, it)| differs(it)) {
        panic!(
            "The kernel {name} has changed at line {}:\n  was  {theirs}\n  is   {ours}\nIf it should have, \
             run this test natively with ACCEPT_KERNELS=1 and read what `git diff` shows.",
            at + 1
        );
    }
    assert_eq!(
        text.lines().count(),
        known.lines().count(),
        "The kernel {name} is longer or shorter than it was. If it should be, run this test natively \
         with ACCEPT_KERNELS=1 and read what `git diff` shows."
    );
}

/// Names and types of a struct's fields, in order.
fn fields(text: &str, name: &str) -> Vec<(String, String)> {
    let (_, begin) =
        (text.split_once(&format!("struct {name} {{"))).expect("the kernel declares it");
    let (inside, _) = begin.split_once('}').expect("it ends");
    (inside.split(',').map(str::trim).filter(|it| !it.is_empty()))
        .map(|it| it.split_once(": ").expect("a name and a type"))
        .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
        .collect()
}

/// The value of a field, read as the kernel reads it.
fn value(text: &str, name: &str, numbers: &[f32], field: &str) -> f64 {
    let fields = fields(text, name);
    let at = (fields.iter().position(|(it, _)| it == field)).expect("there is this field");
    match fields[at].1.as_str() {
        "u32" => numbers[at].to_bits().into(),
        "f32" => numbers[at].into(),
        other => panic!("{field} is of type {other}"),
    }
}

crate::tests! {
    async fn kernels_are_what_they_were() {
        for (name, architecture, adapter, known) in [
            ("mlp-software", Architecture::mlp(), Adapter::Software, include_str!("kernels/mlp-software.wgsl")),
            ("mlp-hardware", Architecture::mlp(), Adapter::Hardware, include_str!("kernels/mlp-hardware.wgsl")),
            ("lenet5-software", Architecture::lenet5(), Adapter::Software, include_str!("kernels/lenet5-software.wgsl")),
            ("lenet5-hardware", Architecture::lenet5(), Adapter::Hardware, include_str!("kernels/lenet5-hardware.wgsl")),
        ] {
            assert_known(name, &kernel(&architecture, adapter, false).text, known);
        }
    }

    async fn a_schedule_is_laid_out_as_the_kernel_declares_it() {
        let architecture = Architecture::mlp();
        let transforms = Transforms { jitter: 3.0, rotation: 20.0, scale: 0.2 };
        let settings = Settings::new(0.9, 0.005)
            .and_then(|it| it.with_transforms(transforms))
            .and_then(|it| it.with_gradient_blur(1.0))
            .expect("valid");
        let asked = Schedule::new(&settings, true, 1, 0, 3);
        let numbers = parameters::schedule(&plan(&architecture), 10, &asked);
        let text = kernel(&architecture, Adapter::Software, true).text;
        for (field, expected) in [
            ("iterations", 3.0),
            ("rows", 10.0),
            ("objective", 0.0),
            ("other_digit", 0.0),
            ("target_log_probability", f64::from(asked.target)),
        ] {
            assert_eq!(value(&text, "Settings", &numbers, field), expected, "{field}");
        }
        let blur_at = fields(&text, "Settings").len();
        assert_eq!(numbers[blur_at..blur_at + 784], asked.blur.clone().expect("it blurs"));
        let each = fields(&text, "StepParameters").len();
        let steps: Vec<&[f32]> = numbers[blur_at + 784..].chunks_exact(each).collect();
        assert_eq!(steps.len(), 4, "one more than there are iterations");
        for (step, expected) in steps.iter().zip(&asked.iterations) {
            let source = expected.transform.source();
            for (field, expected) in [
                ("rate", f64::from(expected.rate)),
                ("average", f64::from(expected.average)),
                ("scaling", f64::from(expected.scaling)),
                ("epsilon", f64::from(expected.epsilon)),
                ("a", f64::from(source.a as f32)),
                ("b", f64::from(source.b as f32)),
                ("right", f64::from(source.right as f32)),
                ("down", f64::from(source.down as f32)),
            ] {
                assert_eq!(value(&text, "StepParameters", step, field), expected, "{field}");
            }
        }
    }

    async fn a_kernel_is_given_the_buffers_that_it_reads() {
        let bound = |architecture: &Architecture, adapter| kernel(architecture, adapter, false).buffers;
        let always = [Buffer::Matrices, Buffer::Before, Buffer::Schedule, Buffer::Start, Buffer::Snapshot];
        let mlp = bound(&Architecture::mlp(), Adapter::Hardware);
        assert_eq!(mlp, always);
        let lenet = bound(&Architecture::lenet5(), Adapter::Hardware);
        assert!(lenet.contains(&Buffer::Weights), "convolutions read single weights: {lenet:?}");
        let software = bound(&Architecture::mlp(), Adapter::Software);
        assert!(software.contains(&Buffer::Workspace), "{software:?}");
    }
}
