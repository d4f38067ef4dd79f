//! A student's own networks, trained in PyTorch: their log-probabilities here against PyTorch's
//! (`tests/reference/own_networks.py`).

use crate::common::{advance, connect, largest_difference};
use actmax::import::ImportOptions;
use actmax::import::NetworkFile;
use actmax::reference::images;
use actmax::reference::{Maximizer, Network};
use actmax::task::{Settings, Start};
use actmax::training::statistics::prototypes;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

/// The largest accepted difference of a log-probability from PyTorch's, in nats. The largest found was 8e-6.
const TOLERANCE: f32 = 5e-5;

const MLP: &[u8] = include_bytes!("../fixtures/own/my_mlp_drop.safetensors");
const MLP_PT: &[u8] = include_bytes!("../fixtures/own/my_mlp_drop.pt");
const MLP_KERAS: &[u8] = include_bytes!("../fixtures/own/my_mlp_keras.safetensors");
const LENET: &[u8] = include_bytes!("../fixtures/own/my_lenet.safetensors");
const LENET_PT: &[u8] = include_bytes!("../fixtures/own/my_lenet.pt");
const LENET_KERAS: &[u8] = include_bytes!("../fixtures/own/my_lenet_keras.safetensors");

/// The import options of the LeNet.
const LENET_OPTIONS: &str =
    r#"{"activation": "tanh", "pooling": "average", "mean": 0.1307, "std": 0.3081}"#;

async fn network(file: &[u8], options: &str) -> Network {
    let options = ImportOptions::from_json(options).expect("they are valid");
    let file = NetworkFile::open(file).expect("it is a network");
    let parameters = (file.parameters(&options)).expect("there is such a candidate");
    Network::of(&parameters, &connect().await)
}

/// The shipped prototypes, ten of each digit.
fn typical() -> Vec<f32> {
    prototypes::read(include_bytes!("../../www/weights/prototypes.safetensors")).expect("valid")
}

/// The network's log-probabilities for these images.
async fn answers(network: &Network, pixels: Vec<f32>) -> Vec<f32> {
    let rows = pixels.len() / 784;
    let answers = network.forward(images(pixels, rows, &connect().await));
    let data = answers.into_data_async().await.expect("it can be read");
    data.try_into_vec().expect("they are f32")
}

/// How many of the hundred prototypes the network classifies correctly.
async fn right(network: &Network) -> usize {
    let answers = answers(network, typical()).await;
    (answers.chunks(10).enumerate())
        .filter(|(index, row)| {
            let (read, _) = (row.iter().enumerate())
                .max_by(|a, b| a.1.total_cmp(b.1))
                .expect("ten answers");
            read == index / 10
        })
        .count()
}

async fn assert_like_pytorch(file: &[u8], options: &str, name: &str) {
    let reference: serde_json::Value =
        serde_json::from_str(include_str!("../fixtures/own/reference.json")).expect("JSON");
    let theirs = &reference["networks"][name];
    let rows = |it: &serde_json::Value| -> Vec<f32> {
        let rows = it.as_array().expect("rows").iter();
        rows.flat_map(|row| row.as_array().expect("numbers"))
            .map(|it| it.as_f64().expect("a number") as f32)
            .collect()
    };
    let all = typical();
    let chosen: Vec<f32> = (reference["prototypes"].as_array().expect("places").iter())
        .flat_map(|it| {
            let index = it.as_u64().expect("a place") as usize;
            all[index * 784..(index + 1) * 784].to_vec()
        })
        .collect();
    let network = network(file, options).await;
    let ours = answers(&network, chosen).await;
    let (at, off) = largest_difference(&ours, &rows(&theirs["log_probabilities"]));
    assert!(
        off <= TOLERANCE,
        "{name}: ln p {} at {at} is {off} off",
        ours[at]
    );
    assert_eq!(
        right(&network).await as u64,
        theirs["right_of_100_prototypes"]
            .as_u64()
            .expect("a number"),
    );
}

/// The file of a network 784-2-10 whose hidden layer gives 0.7 and −0.4 for every image, before the
/// activation function.
fn two_units() -> Vec<u8> {
    let output: Vec<f32> = (0..20).map(|it| it as f32 / 10.0 - 1.0).collect();
    let tensors: [(&str, Vec<usize>, Vec<f32>); 3] = [
        ("a.weight", vec![2, 784], vec![0.0; 1568]),
        ("a.bias", vec![2], vec![0.7, -0.4]),
        ("b.weight", vec![10, 2], output),
    ];
    let bytes = tensors.map(|(name, shape, values)| {
        let bytes: Vec<u8> = values.iter().flat_map(|it| it.to_le_bytes()).collect();
        (name, shape, bytes)
    });
    let views = (bytes.iter()).map(|(name, shape, bytes)| {
        (
            *name,
            TensorView::new(Dtype::F32, shape.clone(), bytes).expect("it fits"),
        )
    });
    safetensors::serialize(views, None).expect("it can be written")
}

crate::tests! {
    async fn own_networks_read_what_they_read_in_pytorch() {
        assert_like_pytorch(MLP, "{}", "my_mlp_drop").await;
        assert_like_pytorch(LENET, LENET_OPTIONS, "my_lenet").await;
    }

    async fn own_networks_in_pytorchs_own_format_are_the_same() {
        assert_like_pytorch(MLP_PT, "{}", "my_mlp_drop").await;
        assert_like_pytorch(LENET_PT, LENET_OPTIONS, "my_lenet").await;
    }

    async fn own_networks_in_the_layout_of_keras_are_the_same() {
        assert_like_pytorch(MLP_KERAS, "{}", "my_mlp_drop").await;
        assert_like_pytorch(LENET_KERAS, LENET_OPTIONS, "my_lenet").await;
    }

    async fn the_prototypes_tell_wrong_options() {
        let wrong = LENET_OPTIONS.replace(r#""mean": 0.1307"#, r#""mean": -5"#);
        let found = right(&network(LENET, &wrong).await).await;
        assert!(found < 50, "{found} of 100");
    }

    async fn a_summary_is_in_words() {
        let summary = NetworkFile::open(LENET).expect("valid").summary();
        assert_eq!(
            serde_json::to_string(&summary).expect("JSON"),
            r#"{"format":"safetensors","layout":"pytorch","parameters":9982,"candidates":[{"description":"padded conv 5×5 to 4 maps, pool 2, conv 5×5 to 8 maps, pool 2, dense 200-40-20-10","pooled":true}]}"#
        );
        let summary = NetworkFile::open(&two_units()).expect("valid").summary();
        assert_eq!(summary.candidates[0].description, "784-2-10, no bias beside b.weight");
    }

    async fn every_activation_function_is_its_formula() {
        type Formula = fn(f64) -> f64;
        let formulas: [(&str, Formula); 4] = [
            ("relu", |x| x.max(0.0)),
            ("sigmoid", |x| 1.0 / (1.0 + (-x).exp())),
            ("tanh", f64::tanh),
            ("gelu", |x| x * 0.5 * (1.0 + libm::erf(x / 2f64.sqrt()))),
        ];
        for (name, formula) in formulas {
            let network = network(&two_units(), &format!(r#"{{"activation": "{name}"}}"#)).await;
            let image = images(vec![0.5; 784], 1, &connect().await);
            let data = network.activations(image).logits.into_data_async().await.expect("read");
            let ours: Vec<f32> = data.try_into_vec().expect("they are f32");
            let weight = |it: usize| it as f64 / 10.0 - 1.0;
            let theirs: Vec<f32> = (0..10)
                .map(|row| weight(2 * row) * formula(0.7) + weight(2 * row + 1) * formula(-0.4))
                .map(|it| it as f32)
                .collect();
            let (at, off) = largest_difference(&ours, &theirs);
            assert!(off < 1e-6, "{name}: logit {} at {at} is {off} off", ours[at]);
        }
    }

    async fn own_networks_are_maximized() {
        for (file, options, iterations) in [(MLP, "{}", 50), (LENET, LENET_OPTIONS, 60)] {
            let network = network(file, options).await;
            let mut run = Maximizer::new(&network, &[3, 8], Start::default()).expect("valid");
            let settings = Settings::new(0.9, 0.02).expect("valid");
            let snapshot = advance(&mut run, iterations, &settings).await;
            for (row, digit) in [3, 8].into_iter().enumerate() {
                let p = snapshot.now()[row * 11 + digit].exp();
                assert!(p > 0.8, "{options}: the {digit} has {p}");
            }
        }
    }
}

crate::tests! {
    async fn layers_alike_follow_one_another_as_people_count() {
        // Safetensors sorts names as texts, fc10 before fc2. The order of layers with equal shapes follows
        // from their names alone.
        for prefix in ["fc", "layers.", "block2.fc", "0."] {
            let layers: Vec<_> = (1..=12_usize)
                .flat_map(|layer| {
                    let inputs = if layer == 1 { 784 } else { 10 };
                    let weight = vec![0.0; 10 * inputs];
                    let bias = vec![layer as f32; 10];
                    [
                        (format!("{prefix}{layer}.weight"), vec![10, inputs], weight),
                        (format!("{prefix}{layer}.bias"), vec![10], bias),
                    ]
                })
                .map(|(name, shape, values)| {
                    let bytes: Vec<u8> = values.iter().flat_map(|it: &f32| it.to_le_bytes()).collect();
                    (name, shape, bytes)
                })
                .collect();
            let views = layers.iter().map(|(name, shape, bytes)| {
                (name, TensorView::new(Dtype::F32, shape.clone(), bytes).expect("it fits"))
            });
            let file = safetensors::serialize(views, None).expect("it can be written");
            let file = NetworkFile::open(&file).expect("it is a network");
            let parameters = file.parameters(&ImportOptions::default()).expect("there is one");
            let biases: Vec<_> = parameters.layers.iter().map(|it| it.bias[0]).collect();
            assert_eq!(biases, [1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.], "{prefix}");
        }
    }
}
