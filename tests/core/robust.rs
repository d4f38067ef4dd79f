//! The purpose of the robust network: the lab's bare procedure succeeds from every start, and gives images
//! that look more like digits. `-- robust --nocapture` prints the numbers.

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

    async fn its_images_look_more_like_digits_than_those_of_the_ordinary_lenet5() {
        let ordinary = run(Model::LeNet5, noise(1)).await;
        let robust = run(Model::Robust, noise(1)).await;
        for (model, run) in [("lenet5", &ordinary), ("robust", &robust)] {
            println!("{model}: correlations {:.2?}, mean {:.3}", run.correlations, run.mean_correlation());
        }
        assert!(robust.mean_correlation() > ordinary.mean_correlation() + 0.1);
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
    fn the_robust_network_withstands_the_attack_of_its_card() {
        let Some(folder) = mnist("the_robust_network_withstands_the_attack_of_its_card") else {
            return;
        };
        let data = Mnist::load(&folder).unwrap();
        let (network, card) =
            crate::common::open_network(shipped(Model::Robust), &device::cpu()).unwrap();
        let card = card.unwrap().robust.unwrap();
        assert_eq!(card.attack, EVALUATION_ATTACK.description());

        let measure = |model: &_| {
            let images = data.test.every(5);
            fit::accuracy_under(EVALUATION_ATTACK, model, &images, &device::cpu())
        };
        let robust = measure(&network);
        let (ordinary, _) =
            crate::common::open_network(shipped(Model::LeNet5), &device::cpu()).unwrap();
        let ordinary = measure(&ordinary);
        println!(
            "2000 attacked test images: robust {robust:.4} (card, of 10,000: {:.4}), lenet5 \
             {ordinary:.4}",
            card.accuracy
        );
        assert!(robust >= 0.75 && ordinary < 0.6);
        // Four standard errors of 2,000 draws at 84%.
        assert!((robust - card.accuracy).abs() < 0.033);
    }

    #[test]
    fn the_same_seed_trains_the_same_robust_network() {
        let Some(folder) = mnist("the_same_seed_trains_the_same_robust_network") else {
            return;
        };
        let mut data = Mnist::load(&folder).unwrap();
        data.train = data.train.first(TRAIN / 20);
        data.validation = data.validation.first(100);
        let recipe = Recipe {
            epochs: 1,
            ..Recipe::of(Model::Robust)
        };
        let card = crate::common::open_network(shipped(Model::Robust), &device::cpu())
            .unwrap()
            .1
            .unwrap();
        let train = || {
            let device = device::cpu();
            let (network, _) = fit::train(Model::Robust, &recipe, &data, &device, |_| (), |_| ());
            let parameters = pollster::block_on(network.parameters()).unwrap();
            file::write(&parameters, &card).unwrap()
        };
        assert!(train() == train(), "the two differ");
    }
}
