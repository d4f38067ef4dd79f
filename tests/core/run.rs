//! A run does what the maximizer does, on the fast path: for every form and goal, on from a state, with
//! settings that change, and whenever it is read.

use actmax::choices::Choices;
use actmax::contents::Contents;
use actmax::fused::{Fused, Weights};
use actmax::moves::Moves;
use actmax::{
    Form, Frame, Goal, Maximizer, Model, Network, Parameters, Run, Settings, Start, Task,
};

use crate::common::{charged, components, connect, largest_difference, settings, shipped};

/// Adam's steps are up to 0.1 long.
const PIXEL: f32 = 1e-4;

fn parameters(model: Model) -> Parameters {
    let contents = Contents::open(shipped(model)).expect("it is valid");
    (contents.parameters(&Choices::default())).expect("it is the only candidate")
}

/// Which kernels a GPU is given. The CPU has no choice.
#[derive(Clone, Copy)]
enum Kernels {
    /// Those for the GPU at hand.
    AtHand,
    /// Those for a GPU of hardware, even if there is none.
    #[cfg(feature = "webgpu")]
    ForHardware,
}

async fn begin(
    kernels: Kernels,
    parameters: &Parameters,
    task: &Task,
    rows: &[u16],
    from: Option<(usize, &[f32])>,
) -> Run {
    let network = Network::of(parameters, &connect().await);
    let fused = Fused::new(&Weights::of(parameters), task).expect("there is a plan");
    let fused = Some(match kernels {
        Kernels::AtHand => fused,
        #[cfg(feature = "webgpu")]
        Kernels::ForHardware => fused.for_hardware(),
    });
    let (start, task) = (Start::default(), task.clone());
    match from {
        None => Run::begin(&network, rows, start, task, fused),
        Some(from) => Run::resume(&network, rows, start, task, fused, from),
    }
    .expect("valid")
}

async fn read(run: &mut Run, settings: &Settings) -> Frame {
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

fn assert_same(case: &str, ours: &Frame, theirs: &Frame) {
    assert_eq!(ours.iteration(), theirs.iteration(), "{case}");
    assert_near(&format!("{case}, images"), ours.images(), theirs.images());
    assert_near(&format!("{case}, now"), ours.now(), theirs.now());
    assert_near(&format!("{case}, trace"), ours.trace(), theirs.trace());
}

async fn do_what_the_maximizer_does(kernels: Kernels) {
    let goals = [
        Goal::Distance,
        Goal::LogProbability,
        Goal::Logit,
        Goal::Difference { other: 1 },
        Goal::Unit {
            layer: "fc2".to_owned(),
        },
    ];
    let forms = [
        Form::Pixels,
        Form::Sigmoid,
        Form::Fourier,
        components(),
        Form::Pixels,
    ];
    for model in [Model::Mlp, Model::LeNet5] {
        let parameters = parameters(model);
        let network = Network::of(&parameters, &connect().await);
        for (goal, form) in goals.iter().zip(&forms) {
            let task = Task {
                goal: goal.clone(),
                form: form.clone(),
                ..Task::default()
            };
            let mut run = begin(kernels, &parameters, &task, &[3, 8], None).await;
            let mut maximizer =
                Maximizer::begin(&network, &[3, 8], Start::default(), task).expect("valid");
            let settings = settings(0.05);
            run.advance(3, &settings);
            (0..3).for_each(|_| maximizer.step(&settings));
            let theirs = (maximizer.snapshot(&settings).read().await).expect("it can be read");
            let case = format!("{}, {goal:?}", model.name());
            assert_same(&case, &read(&mut run, &settings).await, &theirs);
        }
    }
}

async fn follow_settings_and_keep_the_trace(kernels: Kernels) {
    let parameters = parameters(Model::LeNet5);
    let network = Network::of(&parameters, &connect().await);
    let task = Task::default();
    let shift = Moves {
        shift: 2.0,
        ..Moves::default()
    };
    let (first, second) = (
        (settings(0.05).with_moves(shift))
            .and_then(|it| it.with_blur(1.0))
            .expect("valid"),
        charged(|it| (it.l1, it.distance) = (0.02, 0.1)),
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

    // From a frame's state, to the last bit.
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

/// More iterations than are asked for at once, and pictures that are fetched late, are not lost.
async fn keep_what_nobody_has_read(kernels: Kernels) {
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
        do_what_the_maximizer_does(Kernels::AtHand).await;
    }

    async fn runs_follow_settings_and_keep_the_trace() {
        follow_settings_and_keep_the_trace(Kernels::AtHand).await;
    }

    async fn runs_keep_what_nobody_has_read() {
        keep_what_nobody_has_read(Kernels::AtHand).await;
    }

    #[cfg(feature = "webgpu")]
    async fn kernels_for_hardware_do_what_the_maximizer_does() {
        do_what_the_maximizer_does(Kernels::ForHardware).await;
    }
}
