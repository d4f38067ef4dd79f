//! PyTorch's state dicts: files that PyTorch wrote (`tests/reference/pytorch_files.py` and
//! `own_networks.py`), and the errors of those that are refused.

use actmax::import::NamedTensor;
use actmax::import::pytorch;
use safetensors::SafeTensors;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/", $name)).as_slice()
    };
}

pub(crate) use file;

/// The state dict of the script's `Net`.
pub const STATE_DICT: &[u8] = file!("pytorch/state_dict.pt");

pub const REMEDY: &str = " Write the network with these two lines of Python and use that file:\n\
                      from safetensors.torch import save_file\n\
                      save_file(model.state_dict(), \"network.safetensors\")";

/// The tensors of a valid file.
pub fn tensors(file: &[u8]) -> Vec<NamedTensor> {
    pytorch::read(file).expect("it can be read")
}

/// The error of a file that is refused.
pub fn refusal(file: &[u8]) -> String {
    pytorch::read(file).expect_err("it is refused").to_string()
}

fn named(name: &str, shape: &[usize], values: &[f32]) -> NamedTensor {
    NamedTensor {
        name: name.to_owned(),
        shape: shape.to_vec(),
        values: values.to_vec(),
    }
}

/// The values in `STATE_DICT`, the parameters of the script's `Net`: multiples of a quarter, from -2.5 up.
pub fn net() -> Vec<NamedTensor> {
    let shapes: [(&str, &[usize]); 4] = [
        ("hidden.weight", &[3, 4]),
        ("hidden.bias", &[3]),
        ("out.weight", &[2, 3]),
        ("out.bias", &[2]),
    ];
    let mut quarters = (-10_i16..).map(|it| f32::from(it) / 4.0);
    (shapes.iter())
        .map(|(name, shape)| {
            let values: Vec<_> = quarters.by_ref().take(shape.iter().product()).collect();
            named(name, shape, &values)
        })
        .collect()
}

crate::tests! {
    async fn a_state_dict_is_read_in_its_order() {
        assert_eq!(tensors(STATE_DICT), net());
        assert_eq!(tensors(file!("pytorch/parameters.pt")), net());
        assert_eq!(tensors(file!("pytorch/repacked.pt")), net());
    }

    async fn a_checkpoint_gives_its_only_state_dict() {
        assert_eq!(tensors(file!("pytorch/checkpoint.pt")), net());
    }

    async fn what_a_student_trained_is_read_as_from_safetensors() {
        for (file, same) in [
            (file!("own/my_mlp_drop.pt"), file!("own/my_mlp_drop.safetensors")),
            (file!("own/my_lenet.pt"), file!("own/my_lenet.safetensors")),
        ] {
            let same = SafeTensors::deserialize(same).expect("it is valid");
            let tensors = tensors(file);
            assert_eq!(tensors.len(), same.len());
            for it in tensors {
                let other = same.tensor(&it.name).expect("both have it");
                assert_eq!(it.shape, other.shape(), "{}", it.name);
                let bytes: Vec<_> = it.values.iter().flat_map(|it| it.to_le_bytes()).collect();
                assert!(bytes == other.data(), "{} has other values", it.name);
            }
        }
    }

    async fn views_are_followed() {
        let numbers: Vec<f32> = (0_u8..24).map(f32::from).collect();
        let cube = [0., 4., 8., 12., 16., 20.].map(|row| [row, row + 1., row + 2., row + 3.]);
        let cube: Vec<f32> = (0..4).flat_map(|at| cube.map(|row| row[at])).collect();
        // permute(2, 0, 1) of [2, 3, 4]: the last dimension comes first.
        assert_eq!(tensors(file!("pytorch/views.pt")), [
            named("whole", &[3, 4], &numbers[..12]),
            named("transposed", &[4, 3], &[0., 4., 8., 1., 5., 9., 2., 6., 10., 3., 7., 11.]),
            named("corner", &[2, 2], &[4., 6., 8., 10.]),
            named("repeated", &[2, 3], &[1., 1., 1., 2., 2., 2.]),
            named("scalar", &[], &[2.5]),
            named("empty", &[0, 3], &[]),
            named("cube", &[4, 2, 3], &cube),
        ]);
    }

    async fn other_precisions_become_single() {
        let infinity = f32::INFINITY;
        let (least, normal) = (2_f32.powi(-24), 2_f32.powi(-14));
        assert_eq!(tensors(file!("pytorch/types.pt")), [
            named("half", &[8], &[1.5, -2., 65504., least, -normal, infinity, -infinity, 0.]),
            named("bfloat16", &[4], &[1.5, -2., 2_f32.powi(100), -infinity]),
            named("double", &[2], &[0.1, -infinity]),
        ]);
    }

    async fn what_is_no_state_dict_is_refused_with_the_way_out() {
        for (file, what) in [
            (
                file!("pytorch/hostile.pt"),
                "The file holds the Python object \"posix.system\". To make it, Python would run \
                 code; here only the tensors of a state dict are read, and nothing in a file is run.",
            ),
            (
                file!("pytorch/model.pt"),
                "The file holds the Python object \"__main__.Net\". To make it, Python would run \
                 code; here only the tensors of a state dict are read, and nothing in a file is run.",
            ),
            (
                file!("pytorch/legacy.pt"),
                "This file has the format of PyTorch before version 1.6, which is not read here.",
            ),
            (
                file!("pytorch/two.pt"),
                "The file holds several state dicts, \"first\", \"second\": which one is meant is \
                 not guessed.",
            ),
            (
                file!("pytorch/mixed.pt"),
                "The file's entry \"model\" is a dict and not a tensor.",
            ),
            (
                file!("pytorch/entry.pt"),
                "The file's entry \"epoch\" is a whole number and not a tensor.",
            ),
            (
                file!("pytorch/tensor.pt"),
                "The file holds a tensor and no state dict.",
            ),
            (
                file!("pytorch/deflated.pt"),
                "The file's entry \"data.pkl\" is compressed, which torch.save never does.",
            ),
            (
                file!("pytorch/big.pt"),
                "The file was written on a big-endian machine.",
            ),
            (
                file!("pytorch/other.zip"),
                "This is a ZIP archive, but torch.save did not write it: it has no data.pkl.",
            ),
        ] {
            assert_eq!(refusal(file), format!("{what}{REMEDY}"));
        }
    }

    async fn a_tensor_that_is_no_parameter_is_named() {
        assert_eq!(
            refusal(file!("pytorch/counter.pt")),
            "The tensor \"1.num_batches_tracked\" holds int64, but weights and biases are \
             floating-point numbers: it belongs to no dense or convolutional layer."
        );
    }

    async fn a_file_is_known_by_how_it_begins() {
        assert!(pytorch::is_pytorch(STATE_DICT));
        assert!(pytorch::is_pytorch(file!("pytorch/legacy.pt")));
        assert!(!pytorch::is_pytorch(file!("own/my_mlp_drop.safetensors")));
        assert!(!pytorch::is_pytorch(b"PK"));
        assert!(!pytorch::is_pytorch(b""));
    }
}
