//! Computes the data files from the training images: [`means`], [`pca`] and [`prototypes`].
//!
//! Pixels are added as whole numbers from 0 to 255. The sums stay below 2⁵³, so `f64` holds them exactly,
//! whatever the order of the additions.

use std::cmp::Reverse;

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::SafeTensorError;

use crate::network::{DIGITS, PIXELS};
use crate::task::Pca;
use crate::training::mnist::Images;
use crate::training::statistics::means;
use crate::training::statistics::pca::{self, RANK};
use crate::training::statistics::prototypes::{self, PER_CLASS};

/// The name and the bytes of each data file.
///
/// # Errors
///
/// When a file cannot be serialized.
///
/// # Panics
///
/// As [`cluster_centers`] does.
pub fn files(train: &Images) -> Result<Vec<(String, Vec<u8>)>, SafeTensorError> {
    let named = |name: &str, bytes| (format!("{name}.safetensors"), bytes);
    Ok(vec![
        named("means", means::write(&train.class_means())?),
        named("pca", pca::write(&principal_components(train))?),
        named("prototypes", prototypes::write(&cluster_centers(train))?),
    ])
}

/// The mean of `images` and the [`RANK`] directions in which they vary most.
pub fn principal_components(images: &Images) -> Pca {
    let (mean, covariance) = moments(images);
    let eigen = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..PIXELS).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let components = (order[..RANK].iter())
        .flat_map(|&at| {
            let axis = eigen.eigenvectors.column(at);
            // A direction and its opposite are the same component: the sign is chosen so that the largest
            // number is positive.
            let sign = axis[axis.iamax()].signum();
            let component = axis * (sign * eigen.eigenvalues[at].max(0.0).sqrt());
            component.iter().map(|it| *it as f32).collect::<Vec<_>>()
        })
        .collect();
    Pca {
        mean: mean.iter().map(|it| *it as f32).collect(),
        components,
    }
}

/// Mean `[784]` and covariance `[784, 784]` of pixels in [0, 1].
fn moments(images: &Images) -> (DVector<f64>, DMatrix<f64>) {
    let mut sums = DVector::zeros(PIXELS);
    let mut products = DMatrix::zeros(PIXELS, PIXELS);
    for chunk in images.pixels().chunks(1000 * PIXELS) {
        let chunk = columns(chunk);
        sums += chunk.column_sum();
        products.gemm(1.0, &chunk, &chunk.transpose(), 1.0);
    }
    let count = images.len() as f64;
    let covariance = products * count - &sums * sums.transpose();
    (sums / (255.0 * count), covariance / (255.0 * count).powi(2))
}

/// Images as the columns of a matrix, pixels from 0 to 255.
fn columns(pixels: &[u8]) -> DMatrix<f64> {
    let pixels = pixels.iter().map(|&pixel| f64::from(pixel));
    DMatrix::from_iterator(PIXELS, pixels.len() / PIXELS, pixels)
}

/// The seed of the first cluster centers of all classes.
const SEED: u64 = 1;
/// The number of iterations of Lloyd's algorithm.
const ROUNDS: usize = 30;
/// The fewest images in a cluster, so that no center is recognizable as an image of MNIST.
const FEWEST: usize = 20;

/// The centers of [`PER_CLASS`] clusters of each class, found by k-means: `[100, 784]`, pixels from
/// 0 to 255, sorted by class and within it by the number of images, most first.
///
/// # Panics
///
/// When a class has a cluster of fewer than 20 images. MNIST's classes have none.
pub fn cluster_centers(images: &Images) -> Vec<u8> {
    let mut bits = ChaCha8Rng::seed_from_u64(SEED);
    (0..DIGITS)
        .flat_map(|digit| {
            let pixels = images.pixels().chunks_exact(PIXELS).zip(images.labels());
            let of_digit: Vec<u8> = pixels
                .filter(|&(_, label)| usize::from(*label) == digit)
                .flat_map(|(pixels, _)| pixels.iter().copied())
                .collect();
            let mut clusters = k_means(&columns(&of_digit), &mut bits);
            clusters.sort_by_key(|it| Reverse(it.size));
            clusters
        })
        .flat_map(|cluster| {
            let pixels = cluster.center.iter().map(|it| it.round() as u8);
            pixels.collect::<Vec<_>>()
        })
        .collect()
}

/// A cluster: its center, and how many images it has.
struct Cluster {
    center: DVector<f64>,
    size: usize,
}

fn k_means(images: &DMatrix<f64>, bits: &mut impl Rng) -> Vec<Cluster> {
    let mut clusters = lloyd(images, &plus_plus(images, bits));
    for _ in 1..ROUNDS {
        // A cluster that became too small begins again at a random image.
        for small in clusters.iter_mut().filter(|it| it.size < FEWEST) {
            small.center = random_column(images, bits);
        }
        let centers: Vec<_> = clusters.into_iter().map(|it| it.center).collect();
        clusters = lloyd(images, &DMatrix::from_columns(&centers));
    }
    assert!(
        clusters.iter().all(|it| it.size >= FEWEST),
        "a prototype would be the mean of fewer than {FEWEST} images"
    );
    clusters
}

/// The first centers, after k-means++ (Arthur and Vassilvitskii, 2007): images drawn one after another,
/// with a probability proportional to the squared distance from the nearest image drawn before.
fn plus_plus(images: &DMatrix<f64>, bits: &mut impl Rng) -> DMatrix<f64> {
    let mut centers = vec![random_column(images, bits)];
    let mut distances = vec![f64::INFINITY; images.ncols()];
    while centers.len() < PER_CLASS {
        let newest = &centers[centers.len() - 1];
        for (distance, image) in distances.iter_mut().zip(images.column_iter()) {
            *distance = distance.min((image - newest).norm_squared());
        }
        let mut left = bits.random::<f64>() * distances.iter().sum::<f64>();
        let drawn = distances.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        centers.push(images.column(drawn.unwrap_or(images.ncols() - 1)).into());
    }
    DMatrix::from_columns(&centers)
}

/// An iteration of Lloyd's algorithm: each image joins the cluster with the nearest center, then each
/// center moves to the mean of its images. A center without images stays.
fn lloyd(images: &DMatrix<f64>, centers: &DMatrix<f64>) -> Vec<Cluster> {
    let mut clusters: Vec<_> = (0..centers.ncols())
        .map(|_| Cluster {
            center: DVector::zeros(PIXELS),
            size: 0,
        })
        .collect();
    // The nearest center minimizes |center|² − 2 · center · image, because |image|² is the same for all.
    let lengths: Vec<f64> = centers.column_iter().map(|it| it.norm_squared()).collect();
    let products = centers.tr_mul(images); // [centers, images]
    for (image, products) in images.column_iter().zip(products.column_iter()) {
        let distance = |at: &usize| lengths[*at] - 2.0 * products[*at];
        let nearest = (0..lengths.len())
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .expect("there are centers");
        clusters[nearest].center += image;
        clusters[nearest].size += 1;
    }
    for (cluster, center) in clusters.iter_mut().zip(centers.column_iter()) {
        match cluster.size {
            0 => cluster.center = center.into(),
            size => cluster.center /= size as f64,
        }
    }
    clusters
}

fn random_column(images: &DMatrix<f64>, bits: &mut impl Rng) -> DVector<f64> {
    images.column(bits.random_range(0..images.ncols())).into()
}
