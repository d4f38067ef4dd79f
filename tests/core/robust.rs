//! The purpose of the robust network: the lab's bare procedure succeeds from every start, and gives images
//! that look more like digits; and that of its control: it is the attack that does it.
//! `-- robust --nocapture` prints the numbers.

use actmax::network::Model;
use actmax::network::{DIGITS, PIXELS};
use actmax::reference::Maximizer;
use actmax::task::TRACE_STRIDE;
use actmax::task::{Settings, Start};
use actmax::training::statistics::means;

use crate::common::{advance, correlation, network};

const MEANS: &[u8] = include_bytes!("../../www/weights/means.safetensors");

/// A run of all ten digits.
struct Run {
    /// For each digit, the first iteration at which the network gave it 85%.
    reached: Vec<Option<usize>>,
    /// For each digit, the correlation of the final image with the mean image of its class.
    correlations: Vec<f64>,
}

impl Run {
    fn mean_correlation(&self) -> f64 {
        self.correlations.iter().sum::<f64>() / DIGITS as f64
    }
}

async fn run(model: Model, start: Start) -> Run {
    let digits: Vec<u16> = (0..10).collect();
    let settings = Settings::default();
    let mut run = Maximizer::new(&network(model).await, &digits, start).expect("valid");
    let frame = advance(&mut run, 500, &settings).await;
    let means = means::read(MEANS).expect("valid");
    let row = |images: &[f32], digit: usize| images[digit * PIXELS..][..PIXELS].to_vec();
    let records: Vec<&[f32]> = (frame.trace().chunks(frame.now().len()))
        .chain([frame.now()])
        .collect();
    Run {
        reached: (0..DIGITS)
            .map(|digit| {
                (records.iter()).position(|it| it[digit * TRACE_STRIDE + digit].exp() >= 0.85)
            })
            .collect(),
        correlations: (0..DIGITS)
            .map(|digit| correlation(&row(frame.images(), digit), &row(&means, digit)))
            .collect(),
    }
}

fn noise(seed: u32) -> Start {
    Start::Noise { seed, std: 0.01 }
}

crate::tests! {
    async fn the_robust_network_gives_every_digit_its_probability_from_every_start() {
        let black = ("black".to_owned(), Start::Image(vec![0.0; PIXELS]));
        let starts = (1..=5).map(|seed| (format!("seed {seed}"), noise(seed)));
        for (name, start) in starts.chain([black]) {
            let run = run(Model::Robust, start).await;
            println!(
                "robust, {name}: 85% at {:?}, correlation with the class means {:.3}",
                run.reached,
                run.mean_correlation()
            );
            let never = run.reached.iter().position(Option::is_none);
            assert_eq!(never, None, "{name}: this digit is not reached");
        }
    }

    async fn its_images_look_more_like_digits_than_those_of_its_control_and_of_the_ordinary_lenet5() {
        for seed in 1..=5 {
            let mut found = Vec::new();
            for model in [Model::LeNet5, Model::Control, Model::Robust] {
                let run = run(model, noise(seed)).await;
                println!(
                    "{}, seed {seed}: 85% at {:?}, correlations {:.2?}, mean {:.3}",
                    model.name(),
                    run.reached,
                    run.correlations,
                    run.mean_correlation()
                );
                found.push(run.mean_correlation());
            }
            let [lenet5, control, robust] = found[..] else { unreachable!() };
            assert!(robust > lenet5 + 0.1, "seed {seed}: {robust} and {lenet5}");
            // The smallest difference found was 0.097.
            assert!(robust > control + 0.05, "seed {seed}: {robust} and {control}");
        }
    }
}

/// Natively only, with MNIST.
#[cfg(feature = "train")]
mod native {
    use actmax::network::file;
    use actmax::reference::device;
    use actmax::training::fit::{self, EVALUATION_ATTACK, Recipe};
    use actmax::training::mnist::{Mnist, TRAIN};

    use super::*;
    use crate::common::{mnist, shipped};

    #[test]
    fn the_robust_network_withstands_the_attack_and_its_control_does_not() {
        let Some(folder) =
            mnist("the_robust_network_withstands_the_attack_and_its_control_does_not")
        else {
            return;
        };
        let images = Mnist::load(&folder).unwrap().test.every(5);
        let measure = |model: Model| {
            let (network, card) =
                crate::common::open_network(shipped(model), &device::cpu()).unwrap();
            let card = card.unwrap().robust.unwrap();
            assert_eq!(card.attack, EVALUATION_ATTACK.description());
            let found = fit::accuracy_under(EVALUATION_ATTACK, &network, &images, &device::cpu());
            println!(
                "2000 attacked test images: {} {found:.4} (card, of 10,000: {:.4})",
                model.name(),
                card.accuracy
            );
            let standard_error = (card.accuracy * (1.0 - card.accuracy) / 2000.0).sqrt();
            assert!((found - card.accuracy).abs() < 4.0 * standard_error);
            found
        };
        assert!(measure(Model::Robust) >= 0.75);
        assert!(measure(Model::Control) < 0.6);
    }

    #[test]
    fn the_control_has_the_recipe_of_the_robust_network_without_the_attack() {
        let Recipe {
            epochs,
            batch,
            peak_rate,
            seed,
            attack,
            hidden_biases,
        } = Recipe::of(Model::Control);
        let robust = Recipe::of(Model::Robust);
        assert!(attack.is_none() && robust.attack.is_some());
        assert_eq!(
            (epochs, batch, peak_rate, seed, hidden_biases),
            (
                robust.epochs,
                robust.batch,
                robust.peak_rate,
                robust.seed,
                robust.hidden_biases
            )
        );
        let network = |it: Model| (it.architecture(), it.dropout());
        assert_eq!(network(Model::Control), network(Model::Robust));
    }

    /// One test, since Burn's random numbers come from one generator of the process.
    #[test]
    fn the_same_seed_trains_the_same_networks_from_the_same_weights() {
        let Some(folder) = mnist("the_same_seed_trains_the_same_networks_from_the_same_weights")
        else {
            return;
        };
        let mut data = Mnist::load(&folder).unwrap();
        data.train = data.train.first(TRAIN / 20);
        data.validation = data.validation.first(100);
        let card = crate::common::open_network(shipped(Model::Robust), &device::cpu())
            .unwrap()
            .1
            .unwrap();
        let train = |model, peak_rate| {
            let device = device::cpu();
            let recipe = Recipe {
                epochs: 1,
                peak_rate,
                ..Recipe::of(model)
            };
            let (network, _) = fit::train(model, &recipe, &data, &device, |_| (), |_| ());
            let parameters = pollster::block_on(network.parameters()).unwrap();
            file::write(&parameters, &card).unwrap()
        };
        for model in [Model::Control, Model::Robust] {
            let rate = Recipe::of(model).peak_rate;
            let same = train(model, rate) == train(model, rate);
            assert!(same, "{} differs", model.name());
        }
        // Steps this small change no weight.
        let [control, robust] = [Model::Control, Model::Robust].map(|it| train(it, 1e-30));
        assert!(control == robust, "they begin with other weights");
    }
}
