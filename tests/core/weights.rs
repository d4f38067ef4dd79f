//! Network files in safetensors: the shipped ones, and the errors of bad ones.

use std::collections::HashMap;

use crate::common::{connect, shipped};
use actmax::import::NetworkFile;
use actmax::network::Model;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// The tensors of a file, to change them.
type Tensors = Vec<(String, Dtype, Vec<usize>, Vec<u8>)>;

fn tensors(model: Model) -> Tensors {
    let file = SafeTensors::deserialize(shipped(model)).expect("it is valid");
    (file.iter())
        .map(|(name, it)| {
            (
                name.to_owned(),
                it.dtype(),
                it.shape().to_vec(),
                it.data().to_vec(),
            )
        })
        .collect()
}

fn file(tensors: &Tensors, card: Option<&str>) -> Vec<u8> {
    let views = (tensors.iter()).map(|(name, dtype, shape, data)| {
        (
            name,
            TensorView::new(*dtype, shape.clone(), data).expect("it fits"),
        )
    });
    let metadata = card.map(|card| HashMap::from([("card".to_owned(), card.to_owned())]));
    safetensors::serialize(views, metadata).expect("it can be written")
}

/// The error of the MLP's file after `change`.
async fn refusal(change: impl FnOnce(&mut Tensors)) -> String {
    let mut tensors = tensors(Model::Mlp);
    change(&mut tensors);
    let result = crate::common::open_network(&file(&tensors, None), &connect().await);
    result.expect_err("it is refused").to_string()
}

fn index(tensors: &Tensors, name: &str) -> usize {
    tensors
        .iter()
        .position(|it| it.0 == name)
        .expect("it has it")
}

crate::tests! {
    async fn the_shipped_networks_are_what_they_say() {
        let device = connect().await;
        for (model, epochs, test) in [
            (Model::Mlp, 3, 0.975),
            (Model::LeNet5, 3, 0.987),
            (Model::Control, 8, 0.987),
            (Model::Robust, 8, 0.980),
        ] {
            let (network, card) = crate::common::open_network(shipped(model), &device).expect("valid");
            assert_eq!(network.architecture(), &model.architecture());
            let card = card.expect("it has a card");
            assert_eq!(card.description, model.description());
            assert_eq!(card.epochs.len(), epochs);
            assert!(card.accuracy.test >= test, "{}: {}", model.name(), card.accuracy.test);
            match (model, card.robust.map(|it| it.accuracy)) {
                (Model::Mlp | Model::LeNet5, None) => {}
                (Model::Control, Some(it)) => assert!(it < 0.6, "{it}"),
                (Model::Robust, Some(it)) => assert!(it >= 0.75, "{it}"),
                (_, it) => panic!("{} under attack: {it:?}", model.name()),
            }
        }
    }

    async fn a_file_without_a_card_is_read() {
        for model in Model::ALL {
            let bytes = file(&tensors(model), None);
            let (network, card) = crate::common::open_network(&bytes, &connect().await).expect("valid");
            assert_eq!((network.architecture(), card), (&model.architecture(), None));
        }
    }

    async fn what_is_not_safetensors_is_refused() {
        let device = connect().await;
        let refusal = |bytes: &[u8]| crate::common::open_network(bytes, &device).err().unwrap().to_string();
        let remedy = "Write one in PyTorch with \
                      safetensors.torch.save_file(model.state_dict(), path).";
        assert_eq!(
            refusal(b""),
            format!("This is not a safetensors file (header too small). {remedy}")
        );
        assert_eq!(
            refusal(b"<!doctype html><title>404</title>"),
            format!("This is not a safetensors file (its header would be longer than \
                     the file). {remedy}")
        );
        let whole = shipped(Model::Mlp);
        assert_eq!(
            refusal(&whole[..whole.len() - 1]),
            format!("This is not a safetensors file (it has more bytes, or fewer, than its \
                     header tells: was it cut short?). {remedy}")
        );
    }

    async fn files_beyond_bounds_are_refused() {
        let reason = |bytes: &[u8]| {
            let error = NetworkFile::open(bytes).err().expect("it is refused").to_string();
            let from = "This is not a safetensors file (".len();
            error[from..error.find("). Write").expect("it has a remedy")].to_owned()
        };
        assert_eq!(
            reason(&vec![0; (32 << 20) + 1]),
            "it has 33554433 bytes, and may have 33554432"
        );
        let mut long = vec![b' '; 70_000];
        long[..8].copy_from_slice(&69_000u64.to_le_bytes());
        assert_eq!(reason(&long), "its header has 69000 bytes, and may have 65536");
        let scalar = |name: &str, shape: &[usize]| (name.to_owned(), Dtype::F32, shape.to_vec(), vec![0; 4]);
        let many = (0..65).map(|it| scalar(&format!("b{it}"), &[1])).collect();
        assert_eq!(reason(&file(&many, None)), "it has 65 tensors, and may have 64");
        let named = vec![scalar(&"n".repeat(129), &[1])];
        assert_eq!(reason(&file(&named, None)), "a tensor's name has 129 bytes, and may have 128");
        let deep = vec![scalar("deep", &[1, 1, 1, 1, 1])];
        assert_eq!(
            reason(&file(&deep, None)),
            "the tensor \"deep\" has 5 dimensions, and may have 4"
        );
    }

    async fn wrong_tensors_are_refused_by_name() {
        assert_eq!(
            refusal(|it| { let at = index(it, "fc1.weight"); it[at].2.reverse(); }).await,
            "The layers do not lead from 784 inputs (28 × 28 pixels) to 10 outputs: fc1.weight \
             [784, 256], fc2.weight [128, 256], fc3.weight [64, 128], fc4.weight [10, 64]."
        );
        assert_eq!(
            refusal(|it| { let at = index(it, "fc2.bias"); it[at].1 = Dtype::I32; }).await,
            "The tensor \"fc2.bias\" holds I32; it must hold F32. Convert with model.float()."
        );
        let infinite = f32::INFINITY.to_le_bytes();
        assert_eq!(
            refusal(|it| {
                let at = index(it, "fc3.bias");
                it[at].3[8..12].copy_from_slice(&infinite);
            }).await,
            "The tensor \"fc3.bias\" holds inf at position 2. Every parameter must be a finite \
             number: did the training diverge?"
        );
    }

    async fn a_broken_card_is_refused() {
        let bytes = file(&tensors(Model::Mlp), Some("{"));
        let error = crate::common::open_network(&bytes, &connect().await).expect_err("refused");
        assert_eq!(
            error.to_string(),
            "The model card in the file's metadata cannot be read (EOF while parsing an object at \
             line 1 column 1)."
        );
    }
}

/// Natively only, because these tests wait for the device synchronously.
#[cfg(feature = "train")]
mod native {
    use actmax::network::file;
    use actmax::reference::device;
    use actmax::training::fit;
    use actmax::training::mnist::Mnist;
    use pollster::block_on;

    use super::*;
    use crate::common::mnist;

    #[test]
    fn what_is_written_is_what_was_read() {
        for model in Model::ALL {
            let (network, card) =
                crate::common::open_network(shipped(model), &device::cpu()).unwrap();
            let parameters = block_on(network.parameters()).unwrap();
            let bytes = file::write(&parameters, &card.unwrap()).unwrap();
            assert!(bytes == shipped(model), "{}", model.name());
        }
    }

    #[test]
    fn the_card_is_true_on_the_real_test_set() {
        let Some(directory) = mnist("the_card_is_true_on_the_real_test_set") else {
            return;
        };
        let data = Mnist::load(&directory).unwrap();
        for model in Model::ALL {
            let (network, card) =
                crate::common::open_network(shipped(model), &device::cpu()).unwrap();
            let found = fit::accuracies(&network, &data, &device::cpu());
            assert_eq!(found, card.unwrap().accuracy, "{}", model.name());
        }
    }
}
