//! What the tests share: the device of this build, the shipped networks, reading a run.

use std::sync::{Arc, OnceLock};

use actmax::fused::{Fused, Weights};
use actmax::import::ImportOptions;
use actmax::import::NetworkFile;
use actmax::import::NetworkFileError;
use actmax::network::Card;
use actmax::network::{Architecture, Layer, Model, Parameters};
use actmax::reference::device;
use actmax::reference::{Maximizer, Network};
use actmax::task::Regularizers;
use actmax::task::{Objective, Parameterization, Position, Settings, Task, gaussian};
use actmax::task::{Snapshot, TRACE_STRIDE};
use actmax::training::statistics::pca;
use burn::tensor::Device;

/// Asynchronous tests. Natively each is a `#[test]`, in a browser a `#[wasm_bindgen_test]`.
#[macro_export]
macro_rules! tests {
    ($($(#[$attribute:meta])* async fn $name:ident() $body:block)*) => {$(
        $(#[$attribute])*
        #[cfg(target_arch = "wasm32")]
        #[wasm_bindgen_test::wasm_bindgen_test]
        async fn $name() $body

        $(#[$attribute])*
        #[cfg(not(target_arch = "wasm32"))]
        #[test]
        fn $name() {
            pollster::block_on(async $body)
        }
    )*};
}

/// The device of this build: WebGPU, or the CPU. A process connects to it only once.
pub async fn connect() -> Device {
    static DEVICE: OnceLock<Device> = OnceLock::new();
    // Natively tests run side by side, and wait for the first of them.
    #[cfg(not(target_arch = "wasm32"))]
    DEVICE.get_or_init(|| pollster::block_on(device::connect()).expect("there is a device"));
    match DEVICE.get() {
        Some(device) => device.clone(),
        None => {
            let device = device::connect().await.expect("there is a device");
            DEVICE.get_or_init(|| device).clone()
        }
    }
}

/// Whether what is slow and much alike is tested, too: `build.sh test all`. On WebGPU without a GPU a case takes a
/// second or more, mostly the reference's, which is the same code on every backend.
pub fn takes_all() -> bool {
    device::BACKEND != "webgpu" || option_env!("TESTS") == Some("all")
}

/// Every one of the first with every one of the second; on WebGPU, unless all is tested, each of both at least once.
pub fn pairs<A: Clone, B: Clone>(first: &[A], second: &[B]) -> Vec<(A, B)> {
    let (rows, columns) = (first.len(), second.len());
    let all = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let diagonal = (0..rows.max(columns)).map(|at| (at % rows, at % columns));
    let chosen: Vec<_> = if takes_all() {
        all.collect()
    } else {
        diagonal.collect()
    };
    (chosen.into_iter())
        .map(|(row, column)| (first[row].clone(), second[column].clone()))
        .collect()
}

/// All of these cases, which are much alike; on WebGPU, unless all is tested, every third, from `first` on.
pub fn few<T>(cases: Vec<T>, first: usize) -> Vec<T> {
    let step = if takes_all() { 1 } else { 3 };
    let skipped = if takes_all() { 0 } else { first };
    cases.into_iter().skip(skipped).step_by(step).collect()
}

/// An untrained network, the same in every test: Burn's own random numbers come from one generator, on which all
/// tests of a process draw side by side. Standard deviations are PyTorch's, 1 / √(3 · inputs).
pub fn untrained(architecture: Architecture, device: &Device) -> Network {
    let mut layers = Vec::new();
    let mut layer = |shape: Vec<usize>, inputs: usize, outputs: usize| {
        let std = 1.0 / (3.0 * inputs as f64).sqrt();
        let seed = layers.len() as u32;
        let mut numbers = gaussian(seed, std, shape.iter().product::<usize>() + outputs);
        let bias = numbers.split_off(numbers.len() - outputs);
        layers.push(Layer {
            weight: numbers,
            shape,
            bias,
        });
    };
    let mut channels = 1;
    for it in &architecture.convolutions {
        let [height, width] = it.kernel;
        layer(
            vec![it.channels, channels, height, width],
            channels * height * width,
            it.channels,
        );
        channels = it.channels;
    }
    let mut inputs = architecture.features().expect("the maps are large enough");
    for &units in &architecture.dense {
        layer(vec![inputs, units], inputs, units);
        inputs = units;
    }
    let layers = layers.into();
    Network::of(
        &Parameters {
            architecture,
            layers,
        },
        device,
    )
}

/// The shipped weights of a network.
pub fn shipped(model: Model) -> &'static [u8] {
    match model {
        Model::Mlp => include_bytes!("../../www/weights/mlp.safetensors"),
        Model::LeNet5 => include_bytes!("../../www/weights/lenet5.safetensors"),
        Model::Control => include_bytes!("../../www/weights/control.safetensors"),
        Model::Robust => include_bytes!("../../www/weights/robust.safetensors"),
    }
}

/// The network of a file, on a device, and its card. The import options have their default values.
pub fn open_network(
    bytes: &[u8],
    device: &Device,
) -> Result<(Network, Option<Card>), NetworkFileError> {
    let file = NetworkFile::open(bytes)?;
    let parameters = file.parameters(&ImportOptions::default())?;
    Ok((Network::of(&parameters, device), file.card().cloned()))
}

/// The shipped network, on the device of this build.
pub async fn network(model: Model) -> Network {
    let (network, _) = open_network(shipped(model), &connect().await).expect("it is valid");
    network
}

/// A network's parameters.
pub async fn parameters(network: &Network) -> Parameters {
    (network.parameters().await).expect("the device can be read")
}

/// A network's fused iterations, if there are any for the task.
pub async fn fused(network: &Network, task: &Task) -> Option<Fused> {
    Fused::new(&Weights::of(&parameters(network).await), task)
}

/// The parameterization by the shipped principal components.
pub fn components() -> Parameterization {
    let file = include_bytes!("../../www/weights/pca.safetensors");
    Parameterization::Pca(Arc::new(pca::read(file).expect("it is valid")))
}

/// The objective of a hidden layer's neurons or channels.
pub fn hidden(layer: &str) -> Objective {
    let layer = layer.to_owned();
    match layer.starts_with("conv") {
        true => Objective::Channel {
            layer,
            position: None,
        },
        false => Objective::Neuron { layer },
    }
}

/// The objective of a convolution's channels at one position of their maps.
pub fn channel_at(layer: &str, position: Position) -> Objective {
    Objective::Channel {
        layer: layer.to_owned(),
        position: Some(position),
    }
}

/// The lab's settings, with another learning rate.
pub fn settings(rate: f64) -> Settings {
    Settings::new(0.9, rate).expect("valid")
}

/// Settings with regularizers, at a learning rate of 0.05.
pub fn regularized(set: impl FnOnce(&mut Regularizers)) -> Settings {
    let mut regularizers = Regularizers::default();
    set(&mut regularizers);
    (settings(0.05).with_regularizers(regularizers)).expect("valid")
}

/// Makes `iterations` steps and reads the run.
pub async fn advance(run: &mut Maximizer, iterations: usize, settings: &Settings) -> Snapshot {
    for _ in 0..iterations {
        run.step(settings);
    }
    read(run, settings).await
}

/// Reads the run as it is.
pub async fn read(run: &mut Maximizer, settings: &Settings) -> Snapshot {
    run.snapshot(settings)
        .read()
        .await
        .expect("the device can be read")
}

/// The largest distance between two series, and where it is.
pub fn largest_difference(a: &[f32], b: &[f32]) -> (usize, f32) {
    assert_eq!(a.len(), b.len());
    (a.iter().zip(b).map(|(a, b)| (a - b).abs()).enumerate())
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .expect("the series are not empty")
}

/// Pearson's correlation of two images' pixels.
pub fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let centered = |values: &[f32]| -> Vec<f64> {
        let mean = values.iter().map(|it| f64::from(*it)).sum::<f64>() / values.len() as f64;
        values.iter().map(|it| f64::from(*it) - mean).collect()
    };
    let (a, b) = (centered(a), centered(b));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

/// The losses of a trace, `[k, n, 11]` → `[k, n]`.
pub fn losses(trace: &[f32]) -> Vec<f32> {
    trace
        .iter()
        .skip(TRACE_STRIDE - 1)
        .step_by(TRACE_STRIDE)
        .copied()
        .collect()
}

/// The folder with MNIST's files, for the tests that need them. Without a folder, a message goes to stderr
/// directly, because the test harness hides what a passing test prints. With a folder, the name of the test
/// is appended to the file in MNIST_USED, if that is set: the file then lists the tests that had MNIST.
#[cfg(feature = "train")]
pub fn mnist(test: &str) -> Option<std::path::PathBuf> {
    use std::io::Write;

    let folder = std::env::var_os("MNIST_DIR").map(Into::into);
    match (&folder, std::env::var_os("MNIST_USED")) {
        (None, _) => {
            let _ = writeln!(
                std::io::stderr(),
                "{test}: skipped, since MNIST_DIR does not name a folder with MNIST's four files"
            );
        }
        (Some(_), Some(list)) => {
            let list = std::fs::File::options().append(true).open(list);
            writeln!(list.expect("MNIST_USED names a file"), "{test}").expect("it can be written");
        }
        (Some(_), None) => {}
    }
    folder
}
