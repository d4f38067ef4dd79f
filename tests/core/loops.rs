//! Runs without Burn are those with it: for every form and goal, on from a state, with settings that
//! change; and what they lack they refuse.

use actmax::architecture::Nonlinearity;
use actmax::choices::Choices;
use actmax::contents::Contents;
use actmax::fused::Fused;
use actmax::loops::{self, Lacking};
use actmax::moves::Moves;
use actmax::network::{self, PIXELS};
use actmax::{Architecture, Form, Frame, Goal, Maximizer, Model, Network, Parameters, Start, Task};

use crate::common::{charged, components, connect, largest_difference, settings, shipped};

/// Adam's steps are up to 0.1 long.
const PIXEL: f32 = 1e-4;

fn parameters(model: Model) -> Parameters {
    let contents = Contents::open(shipped(model)).expect("it is valid");
    (contents.parameters(&Choices::default())).expect("it is the only candidate")
}

fn begin(parameters: &Parameters, task: &Task, from: Option<(usize, &[f32])>) -> loops::Run {
    let fused = Fused::new(parameters, task).expect("there is a plan");
    let start = Start::default();
    (loops::Run::begin(parameters, &fused, &[3, 8], start, task.clone(), from)).expect("valid")
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

crate::tests! {
    async fn loops_do_what_the_maximiser_does() {
        let goals = [Goal::Distance, Goal::LogProbability, Goal::Logit, Goal::Difference { other: 1 }];
        let forms = [Form::Pixels, Form::Sigmoid, Form::Fourier, components()];
        for model in [Model::Mlp, Model::LeNet5] {
            let parameters = parameters(model);
            let network = Network::of(&parameters, &connect().await);
            for (goal, form) in goals.iter().zip(&forms) {
                let task = Task { goal: goal.clone(), form: form.clone(), ..Task::default() };
                let mut run = begin(&parameters, &task, None);
                let mut maximizer =
                    Maximizer::begin(&network, &[3, 8], Start::default(), task).expect("valid");
                let settings = settings(0.05);
                run.advance(3, &settings).expect("there are loops for it");
                (0..3).for_each(|_| maximizer.step(&settings));
                let theirs = maximizer.snapshot(&settings).read().await.expect("it can be read");
                let case = format!("{}, {goal:?}", model.name());
                assert_same(&case, &run.snapshot(&settings).expect("there are loops"), &theirs);
            }
        }
    }

    async fn loops_follow_settings_and_keep_the_trace() {
        let parameters = parameters(Model::LeNet5);
        let network = Network::of(&parameters, &connect().await);
        let task = Task::default();
        let shift = Moves { shift: 2.0, ..Moves::default() };
        let (first, second) = (
            settings(0.05).with_moves(shift).and_then(|it| it.with_blur(1.0)).expect("valid"),
            charged(|it| (it.l1, it.distance) = (0.02, 0.1)),
        );
        let mut run = begin(&parameters, &task, None);
        let mut maximizer =
            Maximizer::begin(&network, &[3, 8], Start::default(), task.clone()).expect("valid");
        for (count, settings) in [(2, &first), (0, &second), (1, &second), (1, &first)] {
            run.advance(count, settings).expect("there are loops for it");
            (0..count).for_each(|_| maximizer.step(settings));
        }
        let theirs = maximizer.snapshot(&second).read().await.expect("it can be read");
        let ours = run.snapshot(&second).expect("there are loops for it");
        assert_same("in turn", &ours, &theirs);

        let again = run.snapshot(&second).expect("there are loops for it");
        assert_eq!((again.images(), again.now()), (ours.images(), ours.now()));
        assert!(again.trace().is_empty(), "it has been seen");

        // From a frame's state, to the last bit.
        let mut resumed = begin(&parameters, &task, Some((4, ours.state())));
        resumed.advance(3, &first).expect("there are loops for it");
        run.advance(3, &first).expect("there are loops for it");
        let (run, resumed) = (run.snapshot(&first), resumed.snapshot(&first));
        assert_eq!(run.expect("there are loops"), resumed.expect("there are loops"));
    }

    async fn loops_say_what_the_network_says() {
        let parameters = parameters(Model::Mlp);
        let network = Network::of(&parameters, &connect().await);
        let images: Vec<f32> = (0..3 * PIXELS).map(|at| (at % 97) as f32 / 97.0).collect();
        let ours = loops::log_probabilities(Fused::new(&parameters, &Task::default()), &images).expect("there are loops for it");
        let theirs = network.forward(network::images(images, 3, &network.device()));
        let theirs = theirs.into_data_async().await.expect("it can be read");
        assert_near("answers", &ours, &theirs.try_into_vec().expect("they are f32"));
    }

    async fn what_loops_lack_they_refuse() {
        const SETTINGS: &str = "This module has no Burn, which rotations, changes of scale and \
            diversity need. The modules flex and webgpu have it.";
        const TASK: &str = "This module has no Burn, which networks with GELU, the units of hidden \
            layers and the path \"plain\" need. The modules flex and webgpu have it.";
        let parameters = parameters(Model::Mlp);
        let mut run = begin(&parameters, &Task::default(), None);
        run.advance(2, &settings(0.05)).expect("there are loops for it");
        let before = run.snapshot(&settings(0.05)).expect("there are loops for it");
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
            assert_eq!(run.snapshot(&lacking).expect_err("there are none"), error);
        }
        let after = run.snapshot(&settings(0.05)).expect("there are loops for it");
        assert_eq!((after.iteration(), after.images()), (2, before.images()));

        let nonlinearity = Nonlinearity::Gelu;
        let gelu = Architecture { nonlinearity, ..parameters.architecture.clone() };
        let gelu = Parameters { architecture: gelu, ..parameters };
        let error = loops::log_probabilities(Fused::new(&gelu, &Task::default()), &[0.0; PIXELS]).expect_err("there are none");
        assert_eq!(error.to_string(), TASK);
    }
}
