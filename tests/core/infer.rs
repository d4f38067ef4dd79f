//! The network that is inferred from a file, and the errors where none can be.

use actmax::import::NamedTensor;
use actmax::import::{ImportOptions, OptionError};
use actmax::import::{Inferred, Layout, infer};
use actmax::network::{ActivationFunction, Architecture, Convolution, PoolingKind};

/// Tensors with these names and shapes.
fn tensors(shapes: &[(&str, &[usize])]) -> Vec<NamedTensor> {
    (shapes.iter())
        .map(|(name, shape)| NamedTensor {
            name: (*name).to_owned(),
            shape: shape.to_vec(),
            values: vec![0.0; shape.iter().product()],
        })
        .collect()
}

fn inferred(shapes: &[(&str, &[usize])]) -> Inferred {
    infer(&tensors(shapes)).expect("it is a network")
}

fn refusal(shapes: &[(&str, &[usize])]) -> String {
    let error = infer(&tensors(shapes)).expect_err("it is refused");
    error.to_string()
}

/// The candidates, in words.
fn shapes(it: &Inferred) -> Vec<String> {
    (0..it.candidates.len())
        .map(|candidate| {
            let options = ImportOptions {
                candidate,
                ..ImportOptions::default()
            };
            it.architecture(&options).expect("there is one").shape()
        })
        .collect()
}

/// The names of the weights and biases, in the order of the layers.
fn order(file: &[(&str, &[usize])]) -> Vec<(String, Option<String>)> {
    let named = tensors(file);
    (inferred(file).layers.iter())
        .map(|it| {
            let name = |index: usize| named[index].name.clone();
            (name(it.weight), it.bias.map(name))
        })
        .collect()
}

fn pairs(names: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let text = |it: &str| (!it.is_empty()).then(|| it.to_owned());
    (names.iter())
        .map(|(weight, bias)| ((*weight).to_owned(), text(bias)))
        .collect()
}

const LENET: [(&str, &[usize]); 10] = [
    ("conv1.weight", &[6, 1, 5, 5]),
    ("conv1.bias", &[6]),
    ("conv2.weight", &[16, 6, 5, 5]),
    ("conv2.bias", &[16]),
    ("fc1.weight", &[120, 256]),
    ("fc1.bias", &[120]),
    ("fc2.weight", &[84, 120]),
    ("fc2.bias", &[84]),
    ("fc3.weight", &[10, 84]),
    ("fc3.bias", &[10]),
];

#[test]
fn the_labs_networks() {
    let mlp = inferred(&[
        ("fc1.weight", &[256, 784]),
        ("fc1.bias", &[256]),
        ("fc2.weight", &[128, 256]),
        ("fc2.bias", &[128]),
        ("fc3.weight", &[64, 128]),
        ("fc3.bias", &[64]),
        ("fc4.weight", &[10, 64]),
        ("fc4.bias", &[10]),
    ]);
    assert_eq!(
        mlp.architecture(&ImportOptions::default()),
        Ok(Architecture::mlp())
    );
    assert_eq!((mlp.layout, mlp.parameters), (Layout::Pytorch, 242_762));

    let lenet = inferred(&LENET);
    assert_eq!(
        lenet.architecture(&ImportOptions::default()),
        Ok(Architecture::lenet5())
    );
    assert_eq!(lenet.parameters, 44_426);
}

#[test]
fn a_single_layer_is_a_network() {
    let it = inferred(&[("weight", &[10, 784]), ("bias", &[10])]);
    assert_eq!(shapes(&it), ["784-10"]);
}

#[test]
fn weights_of_keras_stand_the_other_way_round() {
    let it = inferred(&[
        ("conv2d/kernel:0", &[3, 3, 1, 8]),
        ("conv2d/bias:0", &[8]),
        ("dense/kernel:0", &[1352, 32]),
        ("dense/bias:0", &[32]),
        ("dense_1/kernel:0", &[32, 10]),
        ("dense_1/bias:0", &[10]),
    ]);
    assert_eq!(it.layout, Layout::Keras);
    assert_eq!(
        shapes(&it),
        ["conv 3×3 to 8 maps, pool 2, dense 1352-32-10"]
    );
}

#[test]
fn a_square_layer_follows_the_others() {
    let it = inferred(&[
        ("a.w", &[784, 784]),
        ("b.w", &[64, 784]),
        ("c.w", &[10, 64]),
    ]);
    assert_eq!(
        (it.layout, shapes(&it)),
        (Layout::Pytorch, vec!["784-784-64-10".to_owned()])
    );
}

#[test]
fn layers_follow_one_another_whatever_their_names() {
    let found = order(&[
        ("hidden.bias", &[64]),
        ("hidden.weight", &[64, 128]),
        ("input.bias", &[128]),
        ("input.weight", &[128, 784]),
        ("output.bias", &[10]),
        ("output.weight", &[10, 64]),
    ]);
    assert_eq!(
        found,
        pairs(&[
            ("input.weight", "input.bias"),
            ("hidden.weight", "hidden.bias"),
            ("output.weight", "output.bias"),
        ])
    );
}

#[test]
fn layers_that_look_the_same_follow_the_list() {
    let found = order(&[
        ("0.weight", &[32, 784]),
        ("2.weight", &[32, 32]),
        ("4.weight", &[32, 32]),
        ("6.weight", &[10, 32]),
    ]);
    let names = [
        ("0.weight", ""),
        ("2.weight", ""),
        ("4.weight", ""),
        ("6.weight", ""),
    ];
    assert_eq!(found, pairs(&names));
}

#[test]
fn an_order_that_cannot_be_told_is_not_guessed() {
    assert_eq!(
        refusal(&[
            ("a.weight", &[32, 32]),
            ("b.weight", &[32, 32]),
            ("c.weight", &[10, 32]),
            ("d.weight", &[32, 784]),
        ]),
        "The order of the layers cannot be told from their shapes: a.weight [32, 32], b.weight \
         [32, 32], c.weight [10, 32], d.weight [32, 784]. Name them so that they sort as they \
         follow one another: fc1, fc2, fc3."
    );
}

#[test]
fn biases_are_known_by_their_names_or_by_their_order() {
    let named = [
        ("W_1", &[32, 784][..]),
        ("W_2", &[10, 32]),
        ("b_1", &[32]),
        ("b_2", &[10]),
    ];
    assert_eq!(order(&named), pairs(&[("W_1", "b_1"), ("W_2", "b_2")]));
    let some = [
        ("a.weight", &[32, 784][..]),
        ("b.weight", &[10, 32]),
        ("b.bias", &[10]),
    ];
    assert_eq!(
        order(&some),
        pairs(&[("a.weight", ""), ("b.weight", "b.bias")])
    );
    assert_eq!(
        refusal(&[
            ("a.weight", &[32, 784]),
            ("b.weight", &[10, 32]),
            ("extra", &[10])
        ]),
        "The tensor \"extra\" looks like a bias, but it is not clear of which layer. Name it like \
         its weight: fc1.bias for fc1.weight."
    );
    assert_eq!(
        refusal(&[("a.weight", &[10, 784]), ("a.bias", &[9])]),
        "The bias \"a.bias\" is of size 9; its layer \"a.weight\" needs 10."
    );
}

#[test]
fn padding_and_pooling_come_from_what_the_dense_layers_take() {
    let with = |inputs: usize, dense: &str| {
        let mut file = LENET.to_vec();
        let shape = [120, inputs];
        file[4] = (dense, &shape);
        shapes(&inferred(&file))
    };
    let dense = |inputs: usize| format!("dense {inputs}-120-84-10");
    // LeCun's input of 32 × 32 pixels is 28 × 28 with a padding of 2.
    assert_eq!(
        with(400, "fc1.weight"),
        [format!(
            "padded conv 5×5 to 6 maps, pool 2, conv 5×5 to 16 maps, pool 2, {}",
            dense(400)
        )]
    );
    assert_eq!(
        with(784, "fc1.weight"),
        [format!(
            "padded conv 5×5 to 6 maps, pool 2, padded conv 5×5 to 16 maps, pool 2, {}",
            dense(784)
        )]
    );
    assert_eq!(
        with(6400, "fc1.weight"),
        [format!(
            "conv 5×5 to 6 maps, conv 5×5 to 16 maps, {}",
            dense(6400)
        )]
    );
    // Pooling after the first or after the second convolution, padded or not: all are candidates.
    assert_eq!(
        with(1024, "fc1.weight"),
        [format!(
            "conv 5×5 to 6 maps, pool 2, conv 5×5 to 16 maps, {}",
            dense(1024)
        )]
    );
    assert_eq!(
        with(1600, "fc1.weight"),
        [
            format!(
                "padded conv 5×5 to 6 maps, pool 2, conv 5×5 to 16 maps, {}",
                dense(1600)
            ),
            format!(
                "conv 5×5 to 6 maps, conv 5×5 to 16 maps, pool 2, {}",
                dense(1600)
            ),
        ]
    );
    let mut file = LENET.to_vec();
    file[4] = ("fc1.weight", &[120, 272]);
    assert_eq!(
        refusal(&file),
        "The dense layer \"fc1.weight\" takes 272 numbers. No padding and pooling of the \
         convolutions before it gives so many, of 28 × 28 pixels: tried were none, all or the \
         first padded to keep their size, and pooling by 2 or 3."
    );
}

#[test]
fn options_are_what_shapes_do_not_say() {
    let options = ImportOptions::from_json(
        r#"{"activation": "tanh", "pooling": "average", "mean": 0.1307, "std": 0.3081}"#,
    );
    let it = inferred(&LENET)
        .architecture(&options.expect("they are valid"))
        .expect("there is one");
    assert_eq!(it.activation, ActivationFunction::Tanh);
    let average = |it: &Convolution| it.pooling.is_some_and(|it| it.kind == PoolingKind::Average);
    assert!(it.convolutions.iter().all(average));
    assert_eq!(
        it.description(),
        "conv 5×5 to 6 maps, average-pool 2, conv 5×5 to 16 maps, average-pool 2, dense \
         256-120-84-10, tanh, input normalized by 0.1307 and 0.3081"
    );
}

#[test]
fn options_that_cannot_be_used_are_refused() {
    let refusal = |json| {
        ImportOptions::from_json(json)
            .expect_err("refused")
            .to_string()
    };
    assert_eq!(
        refusal(r#"{"mean": 1e3}"#),
        "The mean of the input is 1000. It must lie between -100 and 100; for pixels from 0 to 1 \
         it is 0."
    );
    assert_eq!(
        refusal(r#"{"std": 0}"#),
        "The standard deviation of the input is 0. It must lie between 0.001 and 100; for pixels from 0 to \
         1 it is 1."
    );
    assert_eq!(
        refusal(r#"{"activation": "swish"}"#),
        "The import options cannot be read (unknown variant `swish`, expected one of \
         `relu`, `sigmoid`, `tanh`, `gelu` at line 1 column 22)."
    );
    let options = ImportOptions {
        candidate: 1,
        ..ImportOptions::default()
    };
    let error = inferred(&LENET)
        .architecture(&options)
        .expect_err("refused");
    assert_eq!(error, OptionError::Candidate { found: 1, count: 1 });
    assert_eq!(
        error.to_string(),
        "The candidate is 1. The file has 1, counted from 0."
    );
}

#[test]
fn what_is_no_network_of_this_family_is_refused() {
    assert_eq!(
        refusal(&[("conv1.weight", &[6, 1, 5, 5])]),
        "The file holds no dense layer: a classifier of digits ends in one, with 10 outputs."
    );
    assert_eq!(
        refusal(&[("fc.weight", &[10, 784]), ("steps", &[])]),
        "The tensor \"steps\" has the shape []. The weights of dense layers have two dimensions, \
         those of convolutions four, and biases one."
    );
    assert_eq!(
        refusal(&[("fc.weight", &[10, 784]), ("bn.running_mean", &[10])]),
        "The tensor \"bn.running_mean\" belongs to a batch normalization, which cannot be \
         computed here. Fold it into the layer before it, with \
         torch.nn.utils.fusion.fuse_conv_bn_eval or fuse_linear_bn_eval, or train without it."
    );
    assert_eq!(
        refusal(&[("fc1.weight", &[32, 784]), ("fc2.weight", &[26, 32])]),
        "The layers do not lead from 784 inputs (28 × 28 pixels) to 10 outputs: fc1.weight \
         [32, 784], fc2.weight [26, 32]."
    );
}

#[test]
fn what_is_too_large_is_refused() {
    let seventeen: Vec<(String, [usize; 2])> = (0..17)
        .map(|it| (format!("{it}.weight"), [10, if it == 0 { 784 } else { 10 }]))
        .collect();
    let seventeen: Vec<(&str, &[usize])> = (seventeen.iter())
        .map(|(name, shape)| (name.as_str(), &shape[..]))
        .collect();
    assert_eq!(
        refusal(&seventeen),
        "The network has 17 layers. There may be at most 16."
    );
    assert_eq!(
        refusal(&[("a.weight", &[5000, 784]), ("b.weight", &[10, 5000])]),
        "The network has 5000 units in a layer. There may be at most 4096."
    );
    assert_eq!(
        refusal(&[("a.weight", &[4096, 784]), ("b.weight", &[1000, 4096])]),
        "The network has 7307264 parameters. There may be at most 4194304."
    );
    assert_eq!(
        refusal(&[
            ("a.weight", &[512, 1, 3, 3]),
            ("b.weight", &[128, 512, 3, 3]),
            ("c.weight", &[10, 73728]),
        ]),
        "The network has 343590912 multiplications for an image. There may be at most 67108864."
    );
}
