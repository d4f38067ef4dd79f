//! Runs without Burn are those with it: for every form and goal, on from a state, with settings that
//! change; and what they lack they refuse.

#[cfg(feature = "gpu")]
use std::sync::OnceLock;

use actmax::architecture::Nonlinearity;
use actmax::bare::{self, Lacking};
use actmax::choices::Choices;
use actmax::contents::Contents;
#[cfg(feature = "gpu")]
use actmax::fused::gpu::Gpu;
use actmax::fused::{Fused, Weights, iterate::Iterate};
use actmax::moves::Moves;
use actmax::network::{self, PIXELS};
#[cfg(feature = "gpu")]
use actmax::webgpu::WebGpu;
use actmax::{
    Architecture, Form, Frame, Goal, Maximizer, Model, Network, Parameters, Settings, Start, Task,
};

use crate::common::{charged, components, connect, largest_difference, settings, shipped};

/// Adam's steps are up to 0.1 long.
const PIXEL: f32 = 1e-4;

fn parameters(model: Model) -> Parameters {
    let contents = Contents::open(shipped(model)).expect("it is valid");
    (contents.parameters(&Choices::default())).expect("it is the only candidate")
}

/// Makes fused iterations ready, as `Fused::host` does.
trait Ready<I>: FnOnce(&Fused, &[u16], &[f32]) -> I + Clone {}
impl<I, T: FnOnce(&Fused, &[u16], &[f32]) -> I + Clone> Ready<I> for T {}

fn begin<I: Iterate>(
    ready: impl Ready<I>,
    parameters: &Parameters,
    task: &Task,
    rows: &[u16],
    from: Option<(usize, &[f32])>,
) -> bare::Run<I> {
    let fused = Fused::new(&Weights::of(parameters), task).expect("there is a plan");
    let start = Start::default();
    bare::Run::begin(parameters, &fused, ready, rows, start, task.clone(), from).expect("valid")
}

async fn read<I: Iterate>(run: &mut bare::Run<I>, settings: &Settings) -> Frame {
    let frame = run.snapshot(settings).expect("it covers the settings");
    frame.await.expect("it can be read")
}

/// The GPU, without Burn. It can be had more than once, but once is enough. Also with the kernels of
/// one that is not simulated.
#[cfg(feature = "gpu")]
async fn gpu(real: bool) -> impl Ready<Gpu> {
    static GPU: OnceLock<WebGpu> = OnceLock::new();
    if GPU.get().is_none() {
        let gpu = WebGpu::connect().await.expect("there is a GPU");
        GPU.get_or_init(|| gpu);
    }
    let gpu = GPU.get().expect("it is there").clone();
    move |fused: &Fused, rows: &[u16], start: &[f32]| match real {
        true => fused.clone().for_hardware().gpu(&gpu, rows, start),
        false => fused.gpu(&gpu, rows, start),
    }
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

async fn do_what_the_maximiser_does<I: Iterate>(ready: impl Ready<I>) {
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
            let mut run = begin(ready.clone(), &parameters, &task, &[3, 8], None);
            let mut maximizer =
                Maximizer::begin(&network, &[3, 8], Start::default(), task).expect("valid");
            let settings = settings(0.05);
            run.advance(3, &settings).expect("it covers them");
            (0..3).for_each(|_| maximizer.step(&settings));
            let theirs = (maximizer.snapshot(&settings).read().await).expect("it can be read");
            let case = format!("{}, {goal:?}", model.name());
            assert_same(&case, &read(&mut run, &settings).await, &theirs);
        }
    }
}

async fn follow_settings_and_keep_the_trace<I: Iterate>(ready: impl Ready<I>) {
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
    let mut run = begin(ready.clone(), &parameters, &task, &[3, 8], None);
    let mut maximizer =
        Maximizer::begin(&network, &[3, 8], Start::default(), task.clone()).expect("valid");
    for (count, settings) in [(2, &first), (0, &second), (1, &second), (1, &first)] {
        run.advance(count, settings).expect("it covers them");
        (0..count).for_each(|_| maximizer.step(settings));
    }
    let theirs = (maximizer.snapshot(&second).read().await).expect("it can be read");
    let ours = read(&mut run, &second).await;
    assert_same("in turn", &ours, &theirs);

    let again = read(&mut run, &second).await;
    assert_eq!((again.images(), again.now()), (ours.images(), ours.now()));
    assert!(again.trace().is_empty(), "it has been seen");

    // From a frame's state, to the last bit.
    let mut resumed = begin(ready, &parameters, &task, &[3, 8], Some((4, ours.state())));
    resumed.advance(3, &first).expect("it covers them");
    run.advance(3, &first).expect("it covers them");
    assert_eq!(
        read(&mut run, &first).await,
        read(&mut resumed, &first).await
    );
}

/// More iterations than are asked for at once, and pictures that are fetched late, are not lost.
async fn keep_what_nobody_has_read<I: Iterate>(ready: impl Ready<I>) {
    let (parameters, settings) = (parameters(Model::Mlp), settings(0.05));
    let [mut run, mut often] =
        [(); 2].map(|()| begin(ready.clone(), &parameters, &Task::default(), &[3, 8], None));
    run.advance(250, &settings).expect("it covers them");
    let frame = read(&mut run, &settings).await;
    let mut pictures = Vec::new();
    for _ in 0..5 {
        often.advance(50, &settings).expect("it covers them");
        pictures.push(often.snapshot(&settings).expect("it covers them"));
    }
    let mut trace = Vec::new();
    let mut newest = Vec::new();
    for picture in pictures {
        let picture = picture.await.expect("it can be read");
        trace.extend_from_slice(picture.trace());
        newest = [picture.state(), picture.now()].concat();
    }
    assert_eq!(frame.trace(), trace);
    assert_eq!([frame.state(), frame.now()].concat(), newest);
    assert_eq!((frame.iteration(), often.iteration()), (250, 250));
}

crate::tests! {
    async fn loops_do_what_the_maximiser_does() {
        do_what_the_maximiser_does(Fused::host).await;
    }

    async fn loops_follow_settings_and_keep_the_trace() {
        follow_settings_and_keep_the_trace(Fused::host).await;
    }

    async fn loops_keep_what_nobody_has_read() {
        keep_what_nobody_has_read(Fused::host).await;
    }

    #[cfg(feature = "gpu")]
    async fn kernels_do_what_the_maximiser_does() {
        do_what_the_maximiser_does(gpu(false).await).await;
    }

    #[cfg(feature = "gpu")]
    async fn kernels_for_real_gpus_do_what_the_maximiser_does() {
        do_what_the_maximiser_does(gpu(true).await).await;
    }

    #[cfg(feature = "gpu")]
    async fn kernels_for_real_gpus_do_what_loops_do() {
        let device = connect().await;
        device.seed(7);
        for (name, architecture) in crate::fused::others() {
            let parameters = crate::common::parameters(&Network::new(architecture, &device)).await;
            let hidden = parameters.architecture.hidden();
            let units = hidden.first().map(|(layer, _)| Goal::Unit { layer: layer.clone() });
            for goal in [Goal::Distance].into_iter().chain(units) {
                let case = format!("{name}, {goal:?}");
                let task = Task { goal, ..Task::default() };
                let shift = Moves { shift: 1.0, ..Moves::default() };
                let settings = settings(0.05).with_moves(shift).expect("valid");
                let mut loops = begin(Fused::host, &parameters, &task, &[2, 0], None);
                let mut kernels = begin(gpu(true).await, &parameters, &task, &[2, 0], None);
                loops.advance(3, &settings).expect("it covers them");
                kernels.advance(3, &settings).expect("it covers them");
                let theirs = read(&mut loops, &settings).await;
                assert_same(&case, &read(&mut kernels, &settings).await, &theirs);
            }
        }
    }

    #[cfg(feature = "gpu")]
    async fn kernels_follow_settings_and_keep_the_trace() {
        follow_settings_and_keep_the_trace(gpu(false).await).await;
    }

    #[cfg(feature = "gpu")]
    async fn kernels_keep_what_nobody_has_read() {
        keep_what_nobody_has_read(gpu(false).await).await;
    }

    async fn they_say_what_the_network_says() {
        let parameters = parameters(Model::Mlp);
        let network = Network::of(&parameters, &connect().await);
        let images: Vec<f32> = (0..3 * PIXELS).map(|at| (at % 97) as f32 / 97.0).collect();
        let ours = bare::log_probabilities(Fused::new(&Weights::of(&parameters), &Task::default()), &images).expect("it covers them");
        let theirs = network.forward(network::images(images, 3, &network.device()));
        let theirs = theirs.into_data_async().await.expect("it can be read");
        assert_near("answers", &ours, &theirs.try_into_vec().expect("they are f32"));
    }

    async fn what_they_lack_they_refuse() {
        const SETTINGS: &str = "This module has no Burn, which rotations, changes of scale and \
            diversity need. The modules flex and webgpu have it.";
        const TASK: &str = "This module has no Burn, which networks with GELU and the path \
            \"plain\" need. The modules flex and webgpu have it.";
        let parameters = parameters(Model::Mlp);
        let mut run = begin(Fused::host, &parameters, &Task::default(), &[3, 8], None);
        run.advance(2, &settings(0.05)).expect("it covers them");
        let before = read(&mut run, &settings(0.05)).await;
        let (turn, zoom) = (
            Moves { rotation: 5.0, ..Moves::default() },
            Moves { scale: 0.1, ..Moves::default() },
        );
        for lacking in [
            settings(0.05).with_moves(turn).expect("valid"),
            settings(0.05).with_moves(zoom).expect("valid"),
            charged(|it| it.diversity = 1.0),
        ] {
            let error = run.advance(1, &lacking).expect_err("there are none");
            assert_eq!((error, error.to_string()), (Lacking::Settings, SETTINGS.to_owned()));
            assert_eq!(run.snapshot(&lacking).err(), Some(error));
        }
        let after = read(&mut run, &settings(0.05)).await;
        assert_eq!((after.iteration(), after.images()), (2, before.images()));

        let nonlinearity = Nonlinearity::Gelu;
        let gelu = Architecture { nonlinearity, ..parameters.architecture.clone() };
        let gelu = Parameters { architecture: gelu, ..parameters };
        let error = bare::log_probabilities(Fused::new(&Weights::of(&gelu), &Task::default()), &[0.0; PIXELS]).expect_err("there are none");
        assert_eq!(error.to_string(), TASK);
    }
}
