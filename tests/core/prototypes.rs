//! The prototypes: the shipped file, how it is computed, and the errors of bad files.

use actmax::network::Model;
use actmax::network::PIXELS;
use actmax::reference;
use actmax::training::statistics::means;
use actmax::training::statistics::prototypes::{self, PER_CLASS, PROTOTYPES};

use crate::common::{correlation, network};

const SHIPPED: &[u8] = include_bytes!("../../www/weights/prototypes.safetensors");
const MEANS: &[u8] = include_bytes!("../../www/weights/means.safetensors");

crate::tests! {
    async fn both_networks_read_the_prototypes() {
        for model in Model::ALL {
            let network = network(model).await;
            let images = prototypes::read(SHIPPED).expect("valid");
            let images = reference::images(images, PROTOTYPES, &network.device());
            let answers = network.forward(images).argmax(1).into_data_async().await.expect("readable");
            let classes = (0..PROTOTYPES).map(|at| (at / PER_CLASS) as i64);
            let right = answers.iter::<i64>().zip(classes).filter(|(answer, class)| answer == class).count();
            assert!(right >= 90, "{} reads {right} of 100 prototypes", model.name());
            #[cfg(not(target_arch = "wasm32"))]
            println!("{} reads {right} of 100 prototypes", model.name());
        }
    }

    /// 93 of 100 are nearest to the mean of their own class. A slanted 5, for one, is nearer to the mean 3
    /// or 8.
    async fn a_prototype_is_like_the_mean_of_its_class() {
        let means = means::read(MEANS).expect("valid");
        let mut nearest = 0;
        for (at, prototype) in prototypes::read(SHIPPED).expect("valid").chunks_exact(PIXELS).enumerate() {
            let alike: Vec<_> = means.chunks_exact(PIXELS).map(|it| correlation(prototype, it)).collect();
            let own = alike[at / PER_CLASS];
            let nearer = alike.iter().filter(|it| **it > own).count();
            assert!(nearer <= 2, "prototype {at} is at {own} to its own class, of {alike:?}");
            nearest += usize::from(nearer == 0);
        }
        assert!(nearest >= 90, "{nearest} of 100 prototypes are nearest to their own class");
    }

    async fn a_bad_file_of_prototypes_is_refused_in_words() {
        let good = prototypes::read(SHIPPED).expect("valid");
        assert_eq!(good.len(), 100 * PIXELS);
        assert!(good.iter().all(|it| (0.0..=1.0).contains(it)));
        assert!(good.iter().any(|it| *it > 0.9), "they are bright somewhere");

        let refusal = |bytes: &[u8]| prototypes::read(bytes).expect_err("it is refused").to_string();
        assert_eq!(
            refusal(b"<!doctype html>"),
            "The file of prototypes is not a safetensors file (its header would be longer than the file)."
        );
        assert_eq!(
            refusal(MEANS),
            "The file of prototypes holds no U8 tensor \"prototypes\" of the shape [100, 784]. \
             ./build.sh train writes one."
        );
        // The right shape, but signed bytes.
        let signed = String::from_utf8_lossy(&SHIPPED[..80]).replace("\"U8\"", "\"I8\"");
        assert_eq!(refusal(&[signed.as_bytes(), &SHIPPED[80..]].concat()), refusal(MEANS));

        let pixels: Vec<u8> = good.iter().map(|it| (it * 255.0).round() as u8).collect();
        assert_eq!(prototypes::write(&pixels).expect("it can be written"), SHIPPED);
        assert!(prototypes::write(&pixels[1..]).is_err());
    }
}

#[cfg(feature = "train")]
#[test]
fn prototypes_are_the_means_of_many_training_images_and_none_of_them_is_one() {
    let Some(folder) = crate::common::mnist(
        "prototypes_are_the_means_of_many_training_images_and_none_of_them_is_one",
    ) else {
        return;
    };
    let data = actmax::training::mnist::Mnist::load(&folder).expect("it is MNIST");
    let computed = actmax::training::statistics::compute::cluster_centers(&data.train);
    assert_eq!(
        prototypes::write(&computed).expect("it can be written"),
        SHIPPED
    );

    // An independent computation in plain loops: every image of a class joins its nearest prototype.
    let shipped = prototypes::read(SHIPPED).expect("valid");
    let mut sums = vec![0.0_f64; PROTOTYPES * PIXELS];
    let mut counts = [0_u32; PROTOTYPES];
    let mut closest = [f64::INFINITY; PROTOTYPES];
    let images = data.train.pixels().chunks_exact(PIXELS);
    for (pixels, &label) in images.zip(data.train.labels()) {
        let image: Vec<f32> = pixels.iter().map(|&it| f32::from(it) / 255.0).collect();
        let own = usize::from(label) * PER_CLASS..(usize::from(label) + 1) * PER_CLASS;
        let distances = own.map(|at| (at, distance(&image, &shipped[at * PIXELS..][..PIXELS])));
        let mut nearest = (0, f64::INFINITY);
        for (at, distance) in distances {
            closest[at] = closest[at].min(distance);
            if distance < nearest.1 {
                nearest = (at, distance);
            }
        }
        counts[nearest.0] += 1;
        for (sum, pixel) in sums[nearest.0 * PIXELS..].iter_mut().zip(&image) {
            *sum += f64::from(*pixel);
        }
    }
    for (at, prototype) in shipped.chunks_exact(PIXELS).enumerate() {
        assert!(
            closest[at] > 0.04,
            "prototype {at} is {} from a training image",
            closest[at]
        );
        assert!(counts[at] >= 20, "prototype {at} has {} images", counts[at]);
        let mean: Vec<f32> = (sums[at * PIXELS..][..PIXELS].iter())
            .map(|sum| (sum / f64::from(counts[at])) as f32)
            .collect();
        let moved = distance(prototype, &mean);
        assert!(
            moved < 0.01,
            "another round transforms prototype {at} by {moved}"
        );
    }
}

/// The root of the mean squared difference of two images' pixels.
#[cfg(feature = "train")]
fn distance(a: &[f32], b: &[f32]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2));
    (squares.sum::<f64>() / PIXELS as f64).sqrt()
}
