//! A run gives what the maximizer gives, on the fast path: for every parameterization and objective, resumed
//! from a state, with settings that change, and whenever it is read.

use actmax::fused::{Fused, Weights};
use actmax::import::ImportOptions;
use actmax::import::NetworkFile;
use actmax::network::{Model, Parameters};
use actmax::reference::{Maximizer, Network};
use actmax::run::Run;
use actmax::task::Transforms;
use actmax::task::{Objective, Optimizer, Parameterization, Settings, Snapshot, Start, Task};

use crate::common::{
    components, connect, hidden, largest_difference, regularized, settings, shipped,
};

/// How far a pixel may be from the maximizer's. Adam's steps are up to 0.1 long.
const PIXEL: f32 = 1e-4;

fn parameters(model: Model) -> Parameters {
    let contents = NetworkFile::open(shipped(model)).expect("it is valid");
    (contents.parameters(&ImportOptions::default())).expect("it is the only candidate")
}

/// Which kernels run on a GPU. On the CPU there is no choice.
#[derive(Clone, Copy)]
enum GpuExecutor {
    /// The kernels for the adapter at hand.
    AtHand,
    /// The kernels for a hardware adapter, even on a software one.
    #[cfg(feature = "webgpu")]
    ForHardware,
}

async fn begin(
    kernels: GpuExecutor,
    parameters: &Parameters,
    task: &Task,
    rows: &[u16],
    from: Option<(usize, &[f32])>,
) -> Run {
    let network = Network::of(parameters, &connect().await);
    let fused = Fused::new(&Weights::of(parameters), task).expect("there is a plan");
    let fused = Some(match kernels {
        GpuExecutor::AtHand => fused,
        #[cfg(feature = "webgpu")]
        GpuExecutor::ForHardware => fused.for_hardware(),
    });
    let (start, task) = (Start::default(), task.clone());
    match from {
        None => Run::begin(&network, rows, start, task, fused),
        Some(from) => Run::resume(&network, rows, start, task, fused, from),
    }
    .expect("valid")
}

async fn read(run: &mut Run, settings: &Settings) -> Snapshot {
    (run.snapshot(settings).read().await).expect("it can be read")
}

fn assert_near(case: &str, ours: &[f32], theirs: &[f32]) {
    assert_eq!(ours.len(), theirs.len(), "{case}");
    let (at, difference) = largest_difference(ours, theirs);
    let allowed = PIXEL * theirs[at].abs().max(1.0);
    assert!(
        difference <= allowed,
        "{case}: number {at} is {difference} off"
    );
}

fn assert_same(case: &str, ours: &Snapshot, theirs: &Snapshot) {
    assert_eq!(ours.iteration(), theirs.iteration(), "{case}");
    assert_near(&format!("{case}, images"), ours.images(), theirs.images());
    assert_near(&format!("{case}, now"), ours.now(), theirs.now());
    assert_near(&format!("{case}, trace"), ours.trace(), theirs.trace());
}

async fn do_what_the_maximizer_does(kernels: GpuExecutor) {
    let objectives = [
        Objective::TargetProbability,
        Objective::LogProbability,
        Objective::Logit,
        Objective::LogitDifference { other: 1 },
        hidden("fc2"),
    ];
    let parameterizations = [
        Parameterization::Pixels,
        Parameterization::Sigmoid,
        Parameterization::Fourier,
        components(),
        Parameterization::Pixels,
    ];
    for model in [Model::Mlp, Model::LeNet5] {
        let parameters = parameters(model);
        let network = Network::of(&parameters, &connect().await);
        for (objective, parameterization) in objectives.iter().zip(&parameterizations) {
            let task = Task {
                objective: objective.clone(),
                parameterization: parameterization.clone(),
                ..Task::default()
            };
            let mut run = begin(kernels, &parameters, &task, &[3, 8], None).await;
            let mut maximizer =
                Maximizer::begin(&network, &[3, 8], Start::default(), task).expect("valid");
            let settings = settings(0.05);
            run.advance(3, &settings);
            (0..3).for_each(|_| maximizer.step(&settings));
            let theirs = (maximizer.snapshot(&settings).read().await).expect("it can be read");
            let case = format!("{}, {objective:?}", model.name());
            assert_same(&case, &read(&mut run, &settings).await, &theirs);
        }
    }
}

async fn follow_settings_and_keep_the_trace(kernels: GpuExecutor) {
    let parameters = parameters(Model::LeNet5);
    let network = Network::of(&parameters, &connect().await);
    let task = Task::default();
    let shift = Transforms {
        jitter: 2.0,
        ..Transforms::default()
    };
    let (first, second) = (
        (settings(0.05).with_transforms(shift))
            .and_then(|it| it.with_gradient_blur(1.0))
            .expect("valid"),
        regularized(|it| (it.l1, it.start_distance) = (0.02, 0.1))
            .with_optimizer(Optimizer::Momentum),
    );
    let mut run = begin(kernels, &parameters, &task, &[3, 8], None).await;
    let mut maximizer =
        Maximizer::begin(&network, &[3, 8], Start::default(), task.clone()).expect("valid");
    for (count, settings) in [(2, &first), (0, &second), (1, &second), (1, &first)] {
        run.advance(count, settings);
        (0..count).for_each(|_| maximizer.step(settings));
    }
    let theirs = (maximizer.snapshot(&second).read().await).expect("it can be read");
    let ours = read(&mut run, &second).await;
    assert_same("in turn", &ours, &theirs);

    let again = read(&mut run, &second).await;
    assert_eq!((again.images(), again.now()), (ours.images(), ours.now()));
    assert!(again.trace().is_empty(), "it has been seen");

    // A run that is resumed from a snapshot's state gives the same, to the last bit.
    let mut resumed = begin(
        kernels,
        &parameters,
        &task,
        &[3, 8],
        Some((4, ours.state())),
    )
    .await;
    resumed.advance(3, &first);
    run.advance(3, &first);
    assert_eq!(
        read(&mut run, &first).await,
        read(&mut resumed, &first).await
    );
}

/// Checks that no iteration is lost where one call makes more than a launch can, or a snapshot is read late.
async fn keep_what_nobody_has_read(kernels: GpuExecutor) {
    let (parameters, settings) = (parameters(Model::Mlp), settings(0.05));
    let task = Task::default();
    let mut run = begin(kernels, &parameters, &task, &[3, 8], None).await;
    let mut often = begin(kernels, &parameters, &task, &[3, 8], None).await;
    run.advance(250, &settings);
    let frame = read(&mut run, &settings).await;
    let mut pictures = Vec::new();
    for _ in 0..5 {
        often.advance(50, &settings);
        pictures.push(often.snapshot(&settings));
    }
    let mut trace = Vec::new();
    let mut newest = Vec::new();
    for picture in pictures {
        let picture = picture.read().await.expect("it can be read");
        trace.extend_from_slice(picture.trace());
        newest = [picture.state(), picture.now()].concat();
    }
    assert_eq!(frame.trace(), trace);
    assert_eq!([frame.state(), frame.now()].concat(), newest);
    assert_eq!((frame.iteration(), often.iteration()), (250, 250));
}

crate::tests! {
    async fn runs_do_what_the_maximizer_does() {
        do_what_the_maximizer_does(GpuExecutor::AtHand).await;
    }

    async fn runs_follow_settings_and_keep_the_trace() {
        follow_settings_and_keep_the_trace(GpuExecutor::AtHand).await;
    }

    async fn runs_keep_what_nobody_has_read() {
        keep_what_nobody_has_read(GpuExecutor::AtHand).await;
    }

    #[cfg(feature = "webgpu")]
    async fn kernels_for_hardware_do_what_the_maximizer_does() {
        do_what_the_maximizer_does(GpuExecutor::ForHardware).await;
    }
}
