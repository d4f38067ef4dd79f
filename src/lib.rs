//! Activation maximization on MNIST: freeze a trained classifier, make the *image* the parameter, and
//! let Adam optimize it until the network gives your digit the probability that you ask for.
//!
//! [`Network`] turns images into log-probabilities. [`Objective`] says what the images are optimized for.
//! [`Maximizer`] holds the images and optimizes them, one [`step`](reference::Maximizer::step) an iteration. All of
//! that is Burn, so the same code runs on WebGPU in a browser, on the CPU in WebAssembly, and natively:
//!
//! ```
//! # #[cfg(feature = "cpu")] {
//! use actmax::import::{ImportOptions, NetworkFile};
//! use actmax::reference::{Maximizer, Network, device};
//! use actmax::task::{Settings, Start};
//!
//! let file = NetworkFile::open(&std::fs::read("www/weights/mlp.safetensors")?)?;
//! let parameters = file.parameters(&ImportOptions::default())?;
//! let network = Network::of(&parameters, &device::cpu());
//!
//! let mut run = Maximizer::new(&network, &[3], Start::default())?;
//! let settings = Settings::default(); // 90% confidence, learning rate 5e-3
//! for _ in 0..50 {
//!     run.step(&settings);
//! }
//! let snapshot = pollster::block_on(run.snapshot(&settings).read())?;
//! let probability = snapshot.now()[3].exp();
//! assert!(probability > 0.9, "the network sees a 3");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What the page runs is [`Run`](run::Run): the same iterations, made by an [`Executor`] where one covers
//! the settings. On the GPU that is one kernel launch for any number of iterations, on the CPU a loop
//! over memory that is laid out once. See [`fused`] for the [plan](fused::plan) that both follow.
//!
//! # The rooms
//!
//! | room | what it holds | imports |
//! |---|---|---|
//! | `web` | what crosses to JavaScript (WebAssembly only) | all but `fused`'s insides |
//! | [`run`] | a run on the fastest path that supports its settings | `fused`, `reference`, `task` |
//! | [`fused`] | whole iterations at once: as loops, and as a kernel | `reference`, `task`, `network` |
//! | [`training`] | statistics of MNIST; natively, how networks and statistics come about | `reference`, `task`, `network` |
//! | [`reference`](mod@reference) | the run in Burn, operation by operation | `task`, `network` |
//! | [`task`] | what is asked for, in plain numbers, and what comes back | `network` |
//! | [`import`] | other people's files → a network | `network` |
//! | [`network`] | a network in plain numbers: architecture, parameters, our own files | |
//!
//! A room imports only rooms below it in this table: `./build.sh rooms` prints the imports, and refuses
//! one that points up. Beside the rooms stand [`colormap`], pixels → colors, and `number`, a check that
//! several rooms share.
//! Nothing here draws, waits for the display or knows of a page: that is JavaScript's part, in `www/`.
//!
//! [`Network`]: reference::Network
//! [`Objective`]: task::Objective
//! [`Maximizer`]: reference::Maximizer
//! [`Executor`]: fused::Executor

#![warn(missing_docs)]

pub mod colormap;
pub mod fused;
pub mod import;
pub mod network;
mod number;
pub mod reference;
pub mod run;
pub mod task;
pub mod training;
#[cfg(target_arch = "wasm32")]
pub mod web;
