//! Activation maximisation on MNIST: freeze a trained classifier, take the *image* for the
//! parameter, and let Adam change it until the network sees the digit you want.
//!
//! A [`Network`] turns images into log-probabilities. An [`Objective`] says how far these are
//! from the answer wanted. A [`Maximizer`] holds the images and moves them, one [`step`] an
//! iteration. All that is Burn, so the same code runs on WebGPU in a browser, on the CPU in
//! WebAssembly, and natively:
//!
//! ```
//! # #[cfg(feature = "cpu")] {
//! use actmax::{Maximizer, Settings, Start, device, weights};
//!
//! let file = std::fs::read("www/weights/mlp.safetensors")?;
//! let (network, _card) = weights::read(&file, &device::cpu())?;
//!
//! let mut run = Maximizer::new(&network, &[3], Start::default())?;
//! let settings = Settings::default(); // 90% confidence, learning rate 5e-3
//! for _ in 0..50 {
//!     run.step(&settings);
//! }
//! let frame = pollster::block_on(run.snapshot(&settings).read())?;
//! let probability = frame.now()[3].exp();
//! assert!(probability > 0.9, "the network sees a 3");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`architecture`] | what networks are made of |
//! | [`named`], [`pytorch`] | the tensors of a file; those of PyTorch's own format |
//! | [`recognition`] | which network tensors are |
//! | [`contents`], [`card`], [`choices`] | files of networks, looked through; what they say of themselves, and what they leave open |
//! | [`parameters`] | files ↔ what networks learnt |
//! | [`means`], [`prior`], [`prototypes`] | the training images in short: files of data |
//! | [`goal`], [`penalties`], [`moves`], [`form`] | what is asked of the input, what it is charged for, how it is moved, what it is made of |
//! | [`settings`], [`noise`], [`task`] | what a run can be asked for, where it begins, what it is for |
//! | [`checks`], [`work`] | numbers, checked where they come in; how much is done at once |
//! | [`frame`] | what is read of a run |
//! | [`device`] | the backend of this build |
//! | [`fused`] | whole iterations, for speed |
//! | [`network`], [`model`], [`weights`] | the networks themselves; those that were trained; parameters ↔ networks |
//! | [`objective`], [`penalty`], [`transform`], [`mapping`] | goals, penalties, moves and forms, in tensors |
//! | [`maximizer`] | the run itself |
//! | [`run`] | a run on the fastest path that has what is asked of it |
//! | [`picture`] | pixels → colours |
//! | [`request`] | a run as JavaScript asks for it |
//! | `web` | what crosses to JavaScript (WebAssembly only) |
//! | `mnist`, `attack`, `training`, `derived` | the data set, images that mislead, how the networks and the files of data come about (feature `train`, native only) |
//!
//! Imports point one way, down this list to up. Nothing here draws, waits for the display or
//! knows of a page: that is JavaScript's part, in `www/`.
//!
//! [`step`]: Maximizer::step

pub mod architecture;
#[cfg(feature = "train")]
pub mod attack;
pub mod card;
pub mod checks;
pub mod choices;
pub mod contents;
#[cfg(feature = "train")]
pub mod derived;
pub mod device;
pub mod form;
pub mod frame;
pub mod fused;
pub mod goal;
pub mod mapping;
pub mod maximizer;
pub mod means;
#[cfg(feature = "train")]
pub mod mnist;
pub mod model;
pub mod moves;
pub mod named;
pub mod network;
pub mod noise;
pub mod objective;
pub mod parameters;
pub mod penalties;
pub mod penalty;
pub mod picture;
pub mod prior;
pub mod prototypes;
pub mod pytorch;
pub mod recognition;
pub mod request;
pub mod run;
pub mod settings;
pub mod task;
mod tensors;
#[cfg(feature = "train")]
pub mod training;
pub mod transform;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod weights;
pub mod work;

pub use architecture::Architecture;
pub use form::Form;
pub use frame::Frame;
pub use goal::Goal;
pub use maximizer::Maximizer;
pub use model::Model;
pub use network::Network;
pub use objective::Objective;
pub use parameters::Parameters;
pub use run::Run;
pub use settings::{Settings, Start};
pub use task::Task;
pub use tensors::FileError;
