//! How much an attack can change an image, and how much it must raise the loss.

use actmax::network::Model;
use actmax::network::{DIGITS, PIXELS};
use actmax::reference;
use actmax::reference::Network;
use actmax::reference::device;
use actmax::task::gaussian;
use actmax::training::attack::{Attack, gradient, losses};
use actmax::training::statistics::means;
use burn::tensor::{Int, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::common::shipped;

const MEANS: &[u8] = include_bytes!("../../www/weights/means.safetensors");
const ATTACK: Attack = Attack {
    radius: 1.5,
    steps: 10,
};

fn network(model: Model) -> Network {
    crate::common::open_network(shipped(model), &device::cpu())
        .unwrap()
        .0
}

fn bits() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

/// The mean image of every class, with pixels from black to white, and its label.
fn digits() -> (Tensor<4>, Tensor<1, Int>) {
    let images = reference::images(means::read(MEANS).unwrap(), DIGITS, &device::cpu());
    (images, Tensor::arange(0..10, &device::cpu()))
}

/// The same images in gray, with all pixels far from black and from white.
fn grey_digits() -> (Tensor<4>, Tensor<1, Int>) {
    let (images, labels) = digits();
    (images * 0.5 + 0.25, labels)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// The network's loss on each image.
fn loss(network: &Network, images: Tensor<4>, labels: &Tensor<1, Int>) -> Vec<f32> {
    values(losses(network.forward(images), labels.clone()))
}

fn lengths(images: Tensor<4>) -> Vec<f32> {
    (values(images).chunks(PIXELS))
        .map(|image| image.iter().map(|it| it * it).sum::<f32>().sqrt())
        .collect()
}

#[test]
fn an_attack_stays_in_the_ball_and_within_black_and_white() {
    let network = network(Model::LeNet5);
    let (clean, labels) = digits();
    for radius in [0.5, 1.5, 20.0] {
        let attack = Attack { radius, ..ATTACK };
        let attacked = attack.on(&network, &clean, &labels, &mut bits());
        for pixel in values(attacked.clone()) {
            assert!((0.0..=1.0).contains(&pixel), "radius {radius}: {pixel}");
        }
        let lengths = lengths(attacked - clean.clone());
        for (digit, &length) in lengths.iter().enumerate() {
            let largest = radius as f32 * (1.0 + 1e-5);
            assert!(
                length <= largest,
                "radius {radius}, digit {digit}: {length}"
            );
        }
        // The longest change reaches the radius, where clamping to [0, 1] allows that.
        let longest = lengths.into_iter().fold(0.0, f32::max);
        assert!(
            radius > 2.0 || longest > 0.9 * radius as f32,
            "radius {radius}: {longest}"
        );
    }
}

#[test]
fn an_attack_raises_every_loss_and_more_than_chance_does() {
    for model in Model::ALL {
        let network = network(model);
        let (clean, labels) = digits();
        let before = loss(&network, clean.clone(), &labels);
        let attacked = ATTACK.on(&network, &clean, &labels, &mut bits());
        let after = loss(&network, attacked.clone(), &labels);

        let change = lengths(attacked - clean.clone());
        let noise = reference::images(gaussian(2, 1.0, DIGITS * PIXELS), DIGITS, &device::cpu());
        let scale: Vec<f32> = (change.iter().zip(lengths(noise.clone())))
            .map(|(wanted, found)| wanted / found)
            .collect();
        let scale = Tensor::<1>::from_floats(scale.as_slice(), &device::cpu());
        let noisy = clean + noise * scale.reshape([DIGITS, 1, 1, 1]);
        let chance = loss(&network, noisy, &labels);
        for digit in 0..DIGITS {
            let (before, after, chance) = (before[digit], after[digit], chance[digit]);
            let (gain, by_chance) = (after - before, (chance - before).abs());
            assert!(
                gain > 0.01 && gain > 5.0 * by_chance,
                "{} digit {digit}: {before} before, {after} after, {chance} by chance",
                model.name()
            );
        }
    }
}

/// Central differences in single precision are accurate to about 1%: see `maximizer.rs`.
#[test]
fn the_gradient_is_the_derivative_of_each_images_own_loss() {
    const STEP: f32 = 2e-3;
    for model in Model::ALL {
        let network = network(model);
        let (clean, labels) = grey_digits();
        let gradient = values(gradient(&network, &clean, &labels));
        let clean = values(clean);
        for digit in [3, 8] {
            let own = &gradient[digit * PIXELS..][..PIXELS];
            let mut order: Vec<usize> = (0..PIXELS).collect();
            order.sort_by(|&a, &b| own[b].abs().total_cmp(&own[a].abs()));
            for &pixel in &order[..5] {
                let at = |step: f32| {
                    let mut image = clean[digit * PIXELS..][..PIXELS].to_vec();
                    image[pixel] += step;
                    let label = Tensor::<1, Int>::from_ints([digit as i32], &device::cpu());
                    loss(
                        &network,
                        reference::images(image, 1, &device::cpu()),
                        &label,
                    )[0]
                };
                let derivative = (at(STEP) - at(-STEP)) / (2.0 * STEP);
                assert!(
                    (derivative - own[pixel]).abs() <= 0.03 * derivative.abs(),
                    "{} digit {digit} pixel {pixel}: gradient {}, derivative {derivative}",
                    model.name(),
                    own[pixel]
                );
            }
        }
    }
}

#[test]
fn in_a_small_ball_the_attack_gains_what_the_gradient_predicts() {
    let network = network(Model::Robust);
    let (clean, labels) = grey_digits();
    let attack = Attack {
        radius: 0.02,
        ..ATTACK
    };
    let before = loss(&network, clean.clone(), &labels);
    let after = loss(
        &network,
        attack.on(&network, &clean, &labels, &mut bits()),
        &labels,
    );
    // Where the loss is nearly linear, the largest gain of a small change is its length times the norm of
    // the gradient.
    let norms = lengths(gradient(&network, &clean, &labels));
    for digit in 0..DIGITS {
        let (gain, expected) = (after[digit] - before[digit], 0.02 * norms[digit]);
        assert!(
            (gain / expected - 1.0).abs() < 0.1,
            "digit {digit}: {gain} of {expected}"
        );
    }
}

#[test]
fn the_same_bits_give_the_same_attack() {
    let network = network(Model::LeNet5);
    let (clean, labels) = digits();
    let attack = |seed| {
        let mut bits = ChaCha8Rng::seed_from_u64(seed);
        values(ATTACK.on(&network, &clean, &labels, &mut bits))
    };
    assert!(attack(1) == attack(1));
    assert!(attack(1) != attack(2));
}
