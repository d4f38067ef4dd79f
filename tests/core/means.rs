//! The class means: the shipped file, how it is computed, and the errors of bad files.

use actmax::network::Model;
use actmax::network::{DIGITS, PIXELS};
use actmax::reference;
use actmax::training::statistics::means;

use crate::common::network;

const SHIPPED: &[u8] = include_bytes!("../../www/weights/means.safetensors");

crate::tests! {
    async fn the_networks_recognize_the_mean_images() {
        for model in Model::ALL {
            let network = network(model).await;
            let images = reference::images(means::read(SHIPPED).expect("valid"), DIGITS, &network.device());
            let answers = network.forward(images).argmax(1).into_data_async().await.expect("readable");
            let answers: Vec<i64> = answers.iter::<i64>().collect();
            let right = answers.iter().zip(0..).filter(|&(&answer, digit)| answer == digit).count();
            assert!(right >= 9, "{} reads the means as {answers:?}", model.name());
        }
    }

    async fn a_bad_file_is_refused_in_words() {
        let good = means::read(SHIPPED).expect("valid");
        assert_eq!(good.len(), DIGITS * PIXELS);

        let refusal = |bytes: &[u8]| means::read(bytes).expect_err("it is refused").to_string();
        assert_eq!(
            refusal(b"<!doctype html>"),
            "The file of class means is not a safetensors file (its header would be longer than the file)."
        );
        let network = include_bytes!("../../www/weights/lenet5.safetensors");
        assert_eq!(
            refusal(network),
            "The file of class means holds no F32 tensor \"means\" of the shape [10, 28, 28]. \
             ./build.sh train writes one."
        );
        for (value, said) in [(f32::NAN, "NaN"), (-0.5, "-0.5"), (255.0, "255")] {
            let mut bad = good.clone();
            bad[900] = value;
            assert_eq!(
                refusal(&means::write(&bad).expect("it can be written")),
                format!(
                    "The class means hold {said} at position 900. Every pixel must lie within 0 to 1."
                )
            );
        }
        assert!(means::write(&good[1..]).is_err());
    }
}

#[cfg(feature = "train")]
#[test]
fn the_shipped_file_is_the_mean_of_the_training_images() {
    let Some(folder) = crate::common::mnist("the_shipped_file_is_the_mean_of_the_training_images")
    else {
        return;
    };
    let data = actmax::training::mnist::Mnist::load(&folder).expect("it is MNIST");
    let computed = data.train.class_means();
    assert_eq!(means::read(SHIPPED).expect("valid"), computed);

    // An independent computation for the digit 3, from the tensors that train the networks.
    let device = actmax::reference::device::cpu();
    let indices: Vec<usize> = (0..data.train.len()).collect();
    let (mut sum, mut count) = (vec![0.0_f64; PIXELS], 0.0);
    for chunk in indices.chunks(5000) {
        let (images, labels) = data.train.batch(chunk, &device);
        let pixels: Vec<f32> = images.into_data().try_into_vec().expect("f32");
        for (image, label) in pixels
            .chunks_exact(PIXELS)
            .zip(labels.into_data().iter::<i64>())
        {
            if label == 3 {
                count += 1.0;
                for (sum, pixel) in sum.iter_mut().zip(image) {
                    *sum += f64::from(*pixel);
                }
            }
        }
    }
    for (at, sum) in sum.iter().enumerate() {
        let difference = (sum / count - f64::from(computed[3 * PIXELS + at])).abs();
        assert!(
            difference < 1e-6,
            "pixel {at} of the mean 3 is {difference} off"
        );
    }
}
