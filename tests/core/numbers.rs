//! Numbers and names from JavaScript, which can be anything: each is accepted, or refused with a sentence.
//! Also how many iterations a step can make.

use actmax::import::ImportOptions;
use actmax::network::PIXELS;
use actmax::network::{ActivationFunction, Convolution};
use actmax::network::{Architecture, Model};
use actmax::reference::Maximizer;
use actmax::run::Run;
use actmax::run::work::Work;
use actmax::task::Optimizer;
use actmax::task::Regularizers;
use actmax::task::SettingError;
use actmax::task::Transforms;
use actmax::task::checks::{self, MAX_ITERATIONS};
use actmax::task::{Objective, Parameterization, Position, Settings, Start, Task};
use actmax::task::{ParameterizationName, PathName, Request};

use crate::common::{
    channel_at, connect, fused, hidden, network, regularized, settings, untrained,
};

/// Numbers that are not whole numbers from 0 upwards. What is not a number in JavaScript arrives as NaN.
const NOT_WHOLE: [f64; 7] = [
    -1.0,
    -0.5,
    0.5,
    f64::MIN_POSITIVE,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

fn words<T: std::fmt::Debug>(result: Result<T, SettingError>) -> String {
    result.expect_err("it is refused").to_string()
}

fn lenet5() -> Architecture {
    Architecture::lenet5()
}

/// A network with almost as many multiplications as one can have: 60,397,568.
fn heavy() -> Architecture {
    let convolution = |channels| Convolution {
        channels,
        kernel: [3, 3],
        padded: true,
        pooling: None,
    };
    Architecture {
        convolutions: vec![convolution(92), convolution(92)],
        dense: vec![10],
        activation: ActivationFunction::Relu,
        ..Architecture::mlp()
    }
}

fn rotated() -> Settings {
    let transforms = Transforms {
        rotation: 5.0,
        ..Transforms::default()
    };
    settings(0.05).with_transforms(transforms).expect("valid")
}

crate::tests! {
    async fn a_step_makes_a_whole_number_of_iterations() {
        for count in NOT_WHOLE.into_iter().chain([46.0, 1e7, 1e9, 4_294_967_301.0, 1e300]) {
            assert_eq!(
                words(checks::count(count, 45, 0)),
                format!("The number of iterations is {count}. It must be a whole number from 0 to \
                         45: more iterations take several steps.")
            );
        }
        for count in [0, 1, 45] {
            assert_eq!(checks::count(count as f64, 45, 7), Ok(count));
        }
        assert_eq!(checks::count(-0.0, 45, 0), Ok(0));
    }

    async fn a_run_ends_somewhere() {
        assert_eq!(checks::count(5.0, 45, MAX_ITERATIONS - 5), Ok(5));
        assert_eq!(
            words(checks::count(6.0, 45, MAX_ITERATIONS - 5)),
            "The run has made 999999995 iterations and was asked for 6 more. It can make 1000000000 \
             in all."
        );
    }

    async fn a_trace_is_read_before_it_is_too_long() {
        for (rows, most) in [(1, 1_525_201), (10, 152_520), (100, 15_252)] {
            assert_eq!(checks::largest_trace(rows), most);
            assert_eq!(checks::check_trace(rows, most - 3, 3), Ok(()));
            assert_eq!(
                words(checks::check_trace(rows, most - 3, 4)),
                format!("There are {} iterations that no snapshot has read, and 4 more were asked for. \
                         There can be {most}: take a snapshot in between.", most - 3)
            );
        }
    }

    async fn a_run_goes_on_from_an_iteration_that_there_is() {
        for number in NOT_WHOLE.into_iter().chain([1_000_000_001.0, 2_147_483_648.0, 4_294_967_301.0]) {
            assert_eq!(
                words(checks::iteration(number)),
                format!("The iteration to resume from is {number}. It must be a whole number from 0 \
                         to 1000000000.")
            );
        }
        assert_eq!(checks::iteration(1e9), Ok(1_000_000_000));
        // The last possible iteration works like any other.
        let network = network(Model::Mlp).await;
        let task = Task::default();
        let fused = fused(&network, &task).await;
        let state = [vec![0.5; PIXELS], vec![0.01; 2 * PIXELS]].concat();
        let from = (MAX_ITERATIONS - 1, &state[..]);
        let mut run = Run::resume(&network, &[3], Start::default(), task.clone(), fused, from).expect("valid");
        let mut plain = Maximizer::resume(&network, &[3], Start::default(), task, from.0, from.1).expect("valid");
        run.advance(1, &settings(0.05));
        plain.step(&settings(0.05));
        for snapshot in [
            run.snapshot(&settings(0.05)).read().await,
            plain.snapshot(&settings(0.05)).read().await,
        ] {
            let snapshot = snapshot.expect("it can be read");
            assert_eq!(snapshot.iteration(), MAX_ITERATIONS);
            assert!(snapshot.values().iter().all(|it| it.is_finite()));
            assert!(snapshot.images() != &state[..PIXELS], "it changes");
        }
    }

    async fn a_state_is_one_that_a_run_comes_to() {
        let network = network(Model::Mlp).await;
        let refusal = |at: usize, value: f32| {
            let mut state = vec![0.5; 6 * PIXELS];
            state[at] = value;
            let (start, task) = (Start::default(), Task::default());
            words(Maximizer::resume(&network, &[3, 8], start, task, 1, &state).map(|_| ()))
        };
        for (at, value) in [
            (0, f32::NAN),
            (2 * PIXELS - 1, f32::INFINITY),
            (2 * PIXELS, f32::NEG_INFINITY),
            (4 * PIXELS, f32::NAN),
            (4 * PIXELS, -1e-30),
            (6 * PIXELS - 1, -1.0),
        ] {
            assert_eq!(
                refusal(at, value),
                format!("Number {at} of the state to resume is {value}. Every number of a state must \
                         be finite, and no second moment negative.")
            );
        }
        let mut negative = vec![-0.5; 6 * PIXELS];
        negative[4 * PIXELS..].fill(0.25);
        assert_eq!(checks::check_state(&negative, 2, PIXELS), Ok(()));
    }

    async fn rows_are_digits_neurons_or_channels() {
        let target = Objective::TargetProbability;
        let channel = hidden("conv1");
        let architecture = lenet5();
        for number in NOT_WHOLE.into_iter().chain([65_539.0, 4_294_967_299.0]) {
            assert_eq!(
                words(checks::whole_rows(&[3.0, number], &target, &architecture)),
                format!("The digit is {number}. It must be one of 0 to 9.")
            );
            assert_eq!(
                words(checks::whole_rows(&[number, 3.0], &channel, &architecture)),
                format!("The channel is {number}. This layer has 6, counted from 0.")
            );
        }
        let nowhere = hidden("fc9");
        assert_eq!(
            words(checks::whole_rows(&[0.5], &nowhere, &architecture)),
            "There is no dense hidden layer \"fc9\" in this network. There are: fc1, fc2."
        );
        // whole_rows accepts a whole number that is not a digit; check_rows refuses it.
        assert_eq!(checks::whole_rows(&[0.0, 9.0, 65_535.0], &target, &architecture), Ok(vec![0, 9, 65_535]));
        assert_eq!(
            words(checks::check_rows(&[0, 9, 10], &target, &architecture)),
            "The digit is 10. It must be one of 0 to 9."
        );
        assert_eq!(
            words(checks::check_rows(&[5, 6], &channel, &architecture)),
            "The channel is 6. This layer has 6, counted from 0."
        );
        for rows in [0, 101] {
            assert_eq!(
                words(checks::check_rows(&vec![3; rows], &target, &architecture)),
                format!("The run has {rows} digits. It must have 1 to 100.")
            );
        }
        assert_eq!(checks::check_rows(&[3; 100], &target, &architecture), Ok(()));
    }

    async fn painted_images_are_whole_and_their_scale_is_finite() {
        for length in [0, 1, 783, 785, 1000] {
            assert_eq!(
                words(checks::check_painting(&vec![0.0; length], 0.0, 1.0)),
                format!("There are {length} pixels. There must be 784 (28 × 28) for each image, and \
                         one image at least.")
            );
        }
        for (low, high) in [(f64::NAN, 1.0), (0.0, f64::INFINITY), (-1e39, 1.0)] {
            assert_eq!(
                words(checks::check_painting(&[0.0; PIXELS], low, high)),
                format!("The colors reach from {low} to {high}. Both must be finite numbers in single \
                         precision.")
            );
        }
        // A pixel can be any number; NaN is painted transparent.
        assert_eq!(checks::check_painting(&[f32::NAN; 2 * PIXELS], -0.5, 1.5), Ok([-0.5, 1.5]));
    }

    async fn images_to_be_judged_are_whole_few_and_finite() {
        for length in [0, 783, 785, 101 * PIXELS] {
            assert_eq!(
                words(checks::check_images(&vec![0.0; length])),
                format!("There are {length} pixels. There must be 784 (28 × 28) for each of 1 to 100 \
                         images.")
            );
        }
        assert_eq!(checks::check_images(&vec![0.0; 100 * PIXELS]), Ok(100));
        let mut image = vec![0.0; PIXELS];
        image[783] = f32::NEG_INFINITY;
        assert_eq!(
            words(checks::check_images(&image)),
            "Pixel 783 of the image is -inf. Every pixel must be a finite number."
        );
        image[783] = -2e9;
        assert_eq!(
            words(checks::check_images(&image)),
            "Pixel 783 of the image is -2000000000. No pixel may be further from 0 than 1000000000."
        );
        image[783] = 1e9;
        assert_eq!(checks::check_images(&image), Ok(1));
    }

    async fn a_request_is_read() {
        let all = Request::from_json(
            r#"{"seed": 4294967295, "noiseStd": 0.5, "objective": {"logit-difference": {"other": 9}},
                "parameterization": "pca", "path": "reference"}"#,
        );
        assert_eq!(all, Ok(Request {
            seed: u32::MAX,
            noise_std: 0.5,
            objective: Objective::LogitDifference { other: 9 },
            parameterization: ParameterizationName::Pca,
            path: PathName::Reference,
        }));
        assert_eq!(Request::from_json("{}"), Ok(Request::default()));
        let lab = Request { seed: 1, noise_std: 0.01, objective: Objective::TargetProbability, parameterization: ParameterizationName::Pixels, path: PathName::Fused };
        assert_eq!(Request::default(), lab);
        for (json, objective) in [
            (r#""target-probability""#, Objective::TargetProbability),
            (r#""log-probability""#, Objective::LogProbability),
            (r#""logit""#, Objective::Logit),
            (r#"{"neuron": {"layer": "fc2"}}"#, hidden("fc2")),
            (r#"{"channel": {"layer": "conv2"}}"#, hidden("conv2")),
            (r#"{"channel": {"layer": "conv2", "position": null}}"#, hidden("conv2")),
            (r#"{"channel": {"layer": "conv2", "position": "center"}}"#, channel_at("conv2", Position::Center)),
            (r#"{"channel": {"layer": "conv2", "position": [7, 0]}}"#, channel_at("conv2", Position::At([7, 0]))),
        ] {
            let request = Request::from_json(&format!(r#"{{"objective": {json}}}"#)).expect("it is one");
            assert_eq!((request.objective, request.seed), (objective, 1));
        }
        for (json, parameterization) in [
            ("pixels", ParameterizationName::Pixels),
            ("sigmoid", ParameterizationName::Sigmoid),
            ("fourier", ParameterizationName::Fourier),
        ] {
            let request = Request::from_json(&format!(r#"{{"parameterization": "{json}"}}"#)).expect("it is one");
            assert_eq!(request.parameterization, parameterization);
            let task = request.task(None).expect("it takes no components");
            assert_eq!((task.objective, task.seed), (Objective::TargetProbability, 1));
            assert_eq!(task.parameterization, match parameterization {
                ParameterizationName::Pixels => Parameterization::Pixels,
                ParameterizationName::Sigmoid => Parameterization::Sigmoid,
                _ => Parameterization::Fourier,
            });
        }
        let pca = Request { parameterization: ParameterizationName::Pca, ..lab };
        assert_eq!(
            words(pca.task(None)),
            "The parameterization \"pca\" needs the principal components of the training images: \
             call usePca first."
        );
        assert_eq!(pca.start(None), Start::Noise { seed: 1, std: 0.01 });
        assert_eq!(pca.start(Some(vec![0.25; PIXELS])), Start::Image(vec![0.25; PIXELS]));
    }

    async fn a_request_that_is_none_is_refused_in_words() {
        let refusal = |json: &str| words(Request::from_json(json));
        for seed in ["-1", "0.5", "4294967296", "4294967301", "1e300"] {
            let number: f64 = seed.parse().expect("a number");
            assert_eq!(
                refusal(&format!(r#"{{"seed": {seed}}}"#)),
                format!("The seed is {number}. It must be a whole number from 0 to 4294967295.")
            );
        }
        for other in ["-1", "10", "0.5", "256", "4294967299"] {
            assert_eq!(
                refusal(&format!(r#"{{"objective": {{"logit-difference": {{"other": {other}}}}}}}"#)),
                format!("The digit is {other}. It must be one of 0 to 9.")
            );
        }
        for (json, [row, column]) in [
            ("[0.5, 3]", ["0.5", "3"]),
            ("[3, -1]", ["3", "-1"]),
            ("[65536, 0]", ["65536", "0"]),
            ("[0, 4294967299]", ["0", "4294967299"]),
        ] {
            assert_eq!(
                refusal(&format!(r#"{{"objective": {{"channel": {{"layer": "conv2", "position": {json}}}}}}}"#)),
                format!("The position is row {row}, column {column}. Both must be whole numbers, counted from 0.")
            );
        }
        for position in [r#""middle""#, "3", "[1]", "[1, 2, 3]", r#"["a", 1]"#] {
            let words = refusal(&format!(r#"{{"objective": {{"channel": {{"layer": "conv2", "position": {position}}}}}}}"#));
            let start = "The settings cannot be read (a position must be \"center\", or a row and a column like [4, 4]";
            assert!(words.starts_with(start), "{position}: {words}");
        }
        for std in ["-0.01", "1.5"] {
            assert_eq!(
                refusal(&format!(r#"{{"noiseStd": {std}}}"#)),
                format!("The noise has a standard deviation of {std}. It must lie between 0 and \
                         1; the lab uses 0.01.")
            );
        }
        for (json, cause) in [
            (r#"{"sede": 1}"#, "unknown field `sede`"),
            (r#"{"objective": "distanse"}"#, "unknown variant `distanse`"),
            (r#"{"objective": {"logit-difference": {"other": 1, "than": 2}}}"#, "unknown field `than`, expected `other`"),
            (r#"{"objective": {"neuron": {"layer": "fc1", "units": 3}}}"#, "unknown field `units`, expected `layer`"),
            (r#"{"objective": {"channel": {"layer": "conv2", "place": 3}}}"#, "unknown field `place`, expected `layer` or `position`"),
            (r#"{"objective": {"logit-difference": {}}}"#, "missing field `other`"),
            (r#"{"parameterization": "waves"}"#, "unknown variant `waves`"),
            (r#"{"path": "fast"}"#, "unknown variant `fast`"),
            (r#"{"seed": "1"}"#, "invalid type: string \"1\", expected f64"),
            (r#"{"seed": null}"#, "invalid type: null, expected f64"),
            (r#"{"noiseStd": 1e999}"#, "number out of range"),
        ] {
            let words = refusal(json);
            let start = format!("The settings cannot be read ({cause}");
            assert!(words.starts_with(&start), "{json}: {words}");
        }
    }

    async fn settings_are_read() {
        let all = Settings::from_json(
            r#"{"target": 0.8, "learningRate": 0.02, "optimizer": "sgd", "gradientBlur": 1.5,
                "regularizers": {"l1": 0.1, "l2": 0.2, "totalVariation": 0.3, "startDistance": 0.4, "density": 0.5, "diversity": 0.6},
                "transforms": {"jitter": 2, "rotation": 10, "scale": 0.25}}"#,
        )
        .expect("they are valid");
        assert_eq!((all.target(), all.learning_rate(), all.gradient_blur()), (0.8, 0.02, 1.5));
        assert_eq!(all.optimizer(), Optimizer::Sgd);
        assert_eq!(*all.regularizers(), Regularizers {
            l1: 0.1,
            l2: 0.2,
            total_variation: 0.3,
            start_distance: 0.4,
            density: 0.5,
            diversity: 0.6,
        });
        assert_eq!(*all.transforms(), Transforms { jitter: 2.0, rotation: 10.0, scale: 0.25 });
        assert_eq!(Settings::from_json("{}"), Ok(Settings::default()));
        let lab = Settings::default();
        assert_eq!((lab.target(), lab.learning_rate(), lab.gradient_blur()), (0.9, 0.005, 0.0));
        assert!(lab.regularizers().none() && lab.transforms().none());
        assert_eq!(lab.optimizer(), Optimizer::Adam);
        for (json, optimizer) in [("adam", Optimizer::Adam), ("momentum", Optimizer::Momentum), ("sgd", Optimizer::Sgd)] {
            let settings = Settings::from_json(&format!(r#"{{"optimizer": "{json}"}}"#));
            assert_eq!(settings, Ok(lab.with_optimizer(optimizer)));
        }
        let one = Settings::from_json(r#"{"transforms": {"scale": 0.5}}"#).expect("it is valid");
        assert_eq!(*one.transforms(), Transforms { scale: 0.5, ..Transforms::default() });
    }

    async fn every_setting_has_its_ends() {
        for (group, name, most) in [
            ("regularizers", "l1", 1000.0),
            ("regularizers", "l2", 1000.0),
            ("regularizers", "totalVariation", 1000.0),
            ("regularizers", "startDistance", 1000.0),
            ("regularizers", "density", 1000.0),
            ("regularizers", "diversity", 1000.0),
            ("transforms", "jitter", 8.0),
            ("transforms", "rotation", 45.0),
            ("transforms", "scale", 0.5),
            ("", "gradientBlur", 5.0),
        ] {
            let read = |value: f64| Settings::from_json(&match group {
                "" => format!(r#"{{"{name}": {value}}}"#),
                _ => format!(r#"{{"{group}": {{"{name}": {value}}}}}"#),
            });
            for value in [0.0, most / 2.0, most] {
                assert!(read(value).is_ok(), "{name} {value}");
            }
            for value in [-0.25, most + 0.125, 2e6] {
                assert_eq!(
                    words(read(value)),
                    format!("The setting \"{name}\" is {value}. It must lie between 0 and {most}; 0 leaves it out.")
                );
            }
        }
        let options = |json: &str| ImportOptions::from_json(json).is_ok();
        for (end, beyond) in [
            (r#"{"mean": -100}"#, r#"{"mean": -100.5}"#),
            (r#"{"mean": 100}"#, r#"{"mean": 100.5}"#),
            (r#"{"std": 0.001}"#, r#"{"std": 0.0009}"#),
            (r#"{"std": 100}"#, r#"{"std": 100.5}"#),
        ] {
            assert!(options(end) && !options(beyond), "{end}, {beyond}");
        }
    }

    async fn a_misspelt_setting_is_refused_at_any_depth() {
        for (json, cause) in [
            (r#"{"rate": 0.1}"#, "unknown field `rate`, expected one of `target`, `learningRate`, `optimizer`, `regularizers`, `transforms`, `gradientBlur` at line 1 column 7"),
            (r#"{"optimizer": "SGD"}"#, "unknown variant `SGD`, expected one of `adam`, `momentum`, `sgd` at line 1 column 19"),
            (r#"{"optimizer": 1}"#, "expected value at line 1 column 15"),
            (r#"{"regularizers": {"tv": 0.05}}"#, "unknown field `tv`, expected one of `l1`, `l2`, `totalVariation`, `startDistance`, `density`, `diversity` at line 1 column 22"),
            (r#"{"transforms": {"rotate": 3}}"#, "unknown field `rotate`, expected one of `jitter`, `rotation`, `scale` at line 1 column 24"),
        ] {
            assert_eq!(
                words(Settings::from_json(json)),
                format!("The settings cannot be read ({cause}).")
            );
        }
        let refusal = ImportOptions::from_json(r#"{"activaton": "relu"}"#).expect_err("it is refused").to_string();
        assert!(
            refusal.starts_with("The import options cannot be read (unknown field `activaton`, expected one of"),
            "{refusal}"
        );
    }

    async fn options_are_numbers_that_make_sense() {
        let refusal = |json: &str| ImportOptions::from_json(json).expect_err("it is refused").to_string();
        for candidate in ["-1", "0.5", "4294967296", "1e300"] {
            let number: f64 = candidate.parse().expect("a number");
            assert_eq!(
                refusal(&format!(r#"{{"candidate": {candidate}}}"#)),
                format!("The candidate is {number}. Candidates are counted in whole \
                         numbers from 0.")
            );
        }
        assert_eq!(ImportOptions::from_json("{}"), Ok(ImportOptions::default()));
        let second = ImportOptions::from_json(r#"{"candidate": 1}"#).expect("it is valid");
        assert_eq!(second, ImportOptions { candidate: 1, ..ImportOptions::default() });
    }

    async fn iterations_at_once_are_bounded_by_their_work() {
        let (mlp, lenet, heavy) = (Architecture::mlp(), lenet5(), heavy());
        assert_eq!(mlp.multiplications(), 784 * 256 + 256 * 128 + 128 * 64 + 64 * 10);
        assert_eq!(
            lenet.multiplications(),
            24 * 24 * 25 * 6 + 8 * 8 * 25 * 6 * 16 + 256 * 120 + 120 * 84 + 84 * 10
        );
        let most = |architecture: &Architecture, parameterization: &Parameterization, settings: &Settings, rows| {
            let work = Work::new(architecture, parameterization, settings, rows);
            (work.fused(), work.reference())
        };
        let lab = Settings::default();
        assert_eq!(most(&mlp, &Parameterization::Pixels, &lab, 1), (520, 8));
        assert_eq!(most(&mlp, &Parameterization::Pixels, &lab, 10), (52, 6));
        assert_eq!(most(&lenet, &Parameterization::Pixels, &lab, 10), (45, 5));
        assert_eq!(most(&lenet, &Parameterization::Pixels, &lab, 100), (4, 1));
        // At least one, however much work it is.
        assert!(heavy.multiplications() > 60_000_000);
        assert_eq!(most(&heavy, &Parameterization::Pixels, &lab, 1), (2, 1));
        assert_eq!(most(&heavy, &Parameterization::Pixels, &lab, 100), (1, 1));
        // The more work an iteration takes, the fewer of them a step can make.
        for (parameterization, settings) in [
            (Parameterization::Fourier, lab),
            (crate::common::components(), lab),
            (Parameterization::Pixels, rotated()),
            (Parameterization::Pixels, lab.with_gradient_blur(1.0).expect("valid")),
        ] {
            let (fused, _) = most(&mlp, &parameterization, &settings, 1);
            assert!((100..520).contains(&fused), "{parameterization:?}: {fused}");
        }
    }

    async fn a_run_says_how_many_iterations_it_makes_at_once() {
        let mlp = network(Model::Mlp).await;
        let task = Task::default();
        let begin = |fused| Run::begin(&mlp, &[3], Start::default(), task.clone(), fused).expect("valid");
        let run = begin(fused(&mlp, &task).await);
        let at_once = if actmax::reference::device::BACKEND == "cpu" { 520 } else { 100 };
        assert_eq!(run.largest_step(&settings(0.05)), at_once);
        let diverse = run.largest_step(&regularized(|it| it.diversity = 1.0));
        match actmax::reference::device::BACKEND {
            "cpu" => assert!((500..520).contains(&diverse), "{diverse}"),
            _ => assert_eq!(diverse, 8, "Burn makes them"),
        }
        assert_eq!(begin(None).largest_step(&settings(0.05)), 8, "Burn makes them");
        let heavy = untrained(heavy(), &connect().await);
        let fused = fused(&heavy, &task).await;
        let run = Run::begin(&heavy, &[3, 8], Start::default(), task.clone(), fused).expect("valid");
        assert_eq!(run.largest_step(&settings(0.05)), 1);
    }
}
