//! The principal components: the shipped file, how it is computed, and the errors of bad files.

use actmax::network::PIXELS;
use actmax::training::statistics::means;
use actmax::training::statistics::pca;

use crate::common::correlation;

const SHIPPED: &[u8] = include_bytes!("../../www/weights/pca.safetensors");
const MEANS: &[u8] = include_bytes!("../../www/weights/means.safetensors");

fn product(a: &[f32], b: &[f32]) -> f64 {
    (a.iter().zip(b))
        .map(|(a, b)| f64::from(*a) * f64::from(*b))
        .sum()
}

crate::tests! {
    async fn components_are_orthogonal_the_longest_first_their_largest_number_positive() {
        let pca = pca::read(SHIPPED).expect("valid");
        assert_eq!(pca.rank(), 64);
        let components: Vec<_> = pca.components.chunks_exact(PIXELS).collect();
        let lengths: Vec<_> = components.iter().map(|it| product(it, it).sqrt()).collect();
        assert!(lengths.is_sorted_by(|longer, shorter| longer > shorter), "{lengths:?}");
        assert!(lengths[63] > 0.1, "the last component is {} long", lengths[63]);
        for (at, one) in components.iter().enumerate() {
            for other in at + 1..64 {
                let cosine = product(one, components[other]) / (lengths[at] * lengths[other]);
                assert!(cosine.abs() < 1e-6, "{at} and {other} are at a cosine of {cosine}");
            }
            let largest = (one.iter()).max_by(|a, b| a.abs().total_cmp(&b.abs()));
            assert!(largest > Some(&0.0), "component {at}: {largest:?}");
        }
    }

    async fn every_class_mean_survives_the_way_through_the_components() {
        let pca = pca::read(SHIPPED).expect("valid");
        let means = means::read(MEANS).expect("valid");
        for (digit, mean) in means.chunks_exact(PIXELS).enumerate() {
            let centered: Vec<f32> = mean.iter().zip(&pca.mean).map(|(a, b)| a - b).collect();
            let mut image = pca.mean.clone();
            for component in pca.components.chunks_exact(PIXELS) {
                let z = product(&centered, component) / product(component, component);
                for (pixel, part) in image.iter_mut().zip(component) {
                    *pixel += z as f32 * part;
                }
            }
            let alike = correlation(&image, mean);
            assert!(alike > 0.99, "the mean {digit} comes back at a correlation of {alike}");
        }
    }

    async fn a_bad_file_is_refused_in_words() {
        let good = pca::read(SHIPPED).expect("valid");
        assert_eq!(pca::read(&pca::write(&good).expect("it can be written")), Ok(good.clone()));

        let refusal = |bytes: &[u8]| pca::read(bytes).expect_err("it is refused").to_string();
        assert_eq!(
            refusal(b"<!doctype html>"),
            "The file of principal components is not a safetensors file (its header would be longer than the file)."
        );
        assert_eq!(
            refusal(MEANS),
            "The file of principal components holds no F32 tensor \"mean\" of the shape [784]. \
             ./build.sh train writes one."
        );
        for (value, said) in [(f32::NAN, "NaN"), (-0.5, "-0.5"), (33.25, "33.25")] {
            let mut bad = good.clone();
            bad.mean[90] = value;
            assert_eq!(
                refusal(&pca::write(&bad).expect("it can be written")),
                format!(
                    "The mean image of the principal components holds {said} at position 90. Every pixel \
                     must lie within 0 to 1."
                )
            );
        }
        for (value, said) in [(f32::INFINITY, "inf"), (f32::NAN, "NaN"), (-0.75, "-0.75")] {
            let mut bad = good.clone();
            bad.components[5 * PIXELS + 90] = value;
            assert_eq!(
                refusal(&pca::write(&bad).expect("it can be written")),
                format!(
                    "Principal component 5 holds {said} at position 90. Pixels within 0 to \
                     1 deviate by 0.5 at most: are the axes multiplied by their standard \
                     deviations, of pixels in that range?"
                )
            );
        }
        let mut short = good.clone();
        short.components.truncate(63 * PIXELS);
        assert!(pca::write(&short).is_err());
    }
}

#[cfg(feature = "train")]
#[test]
fn every_component_is_as_long_as_the_training_images_deviate_along_it() {
    let Some(folder) =
        crate::common::mnist("every_component_is_as_long_as_the_training_images_deviate_along_it")
    else {
        return;
    };
    let data = actmax::training::mnist::Mnist::load(&folder).expect("it is MNIST");
    let shipped = pca::read(SHIPPED).expect("valid");
    let computed = actmax::training::statistics::compute::principal_components(&data.train);
    assert_eq!(shipped.mean, computed.mean);
    let (at, off) = crate::common::largest_difference(&shipped.components, &computed.components);
    assert!(
        off < 1e-5,
        "computed anew, number {at} of the components is {off} off"
    );

    // An independent computation without a covariance matrix: the images, projected onto the components.
    let count = data.train.len() as f64;
    let mut images: Vec<f32> = (data.train.pixels().iter())
        .map(|&pixel| f32::from(pixel) / 255.0)
        .collect();
    let mut mean = vec![0.0_f64; PIXELS];
    for image in images.chunks_exact(PIXELS) {
        for (mean, pixel) in mean.iter_mut().zip(image) {
            *mean += f64::from(*pixel) / count;
        }
    }
    for (at, (mean, shipped)) in mean.iter().zip(&shipped.mean).enumerate() {
        let off = (mean - f64::from(*shipped)).abs();
        assert!(off < 1e-6, "pixel {at} of the mean is {off} off");
    }
    for image in images.chunks_exact_mut(PIXELS) {
        for (pixel, mean) in image.iter_mut().zip(&mean) {
            *pixel -= *mean as f32;
        }
    }
    // Other axes could pass this test. tests/reference/pca.py checks that these explain the most variance.
    for (at, component) in shipped.components.chunks_exact(PIXELS).enumerate() {
        let squared = product(component, component);
        let variance = (images.chunks_exact(PIXELS))
            .map(|image| product(image, component).powi(2) / squared)
            .sum::<f64>()
            / count;
        let off = (variance / squared - 1.0).abs();
        assert!(
            off < 1e-3,
            "component {at}: variance {variance}, length squared {squared}"
        );
    }
}
