//! Activation maximization on MNIST: freeze a trained classifier, take the *image* for the
//! parameter, and let Adam change it until the network sees the digit you want.
//!
//! A [`Network`] turns images into log-probabilities. An [`Objective`] says how far these are
//! from the answer wanted. A [`Maximizer`] holds the images and transforms them, one [`step`] an
//! iteration. All that is Burn, so the same code runs on WebGPU in a browser, on the CPU in
//! WebAssembly, and natively:
//!
//! ```
//! # #[cfg(feature = "cpu")] {
//! use actmax::reference::{Maximizer, device, weights};
//! use actmax::task::{Settings, Start};
//!
//! let file = std::fs::read("www/weights/mlp.safetensors")?;
//! let (network, _card) = weights::read(&file, &device::cpu())?;
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
//! # The rooms
//!
//! | room | what it holds |
//! |---|---|
//! | [`task`] | what is asked for, in plain numbers, and what comes back |
//! | [`network`] | what it is asked of: architecture, parameters, our own files |
//! | [`import`] | other people's files → a network |
//! | [`reference`] | the run in Burn, operation by operation |
//! | [`fused`] | whole iterations at once: as loops, and as a kernel |
//! | [`run`] | a run on the fastest path that has what is asked for |
//! | [`training`] | statistics of MNIST; natively, how networks and statistics come about |
//! | [`colormap`] | pixels → colors |
//! | `web` | what crosses to JavaScript (WebAssembly only) |
//!
//! Imports point one way: web → run → fused → reference → task → network ← import. Nothing here draws,
//! waits for the display or knows of a page: that is JavaScript's part, in `www/`.
//!
//! [`step`]: Maximizer::step

pub mod colormap;
pub mod fused;
pub mod import;
pub mod network;
pub mod number;
pub mod reference;
pub mod run;
pub mod task;
pub mod training;
#[cfg(target_arch = "wasm32")]
pub mod web;
