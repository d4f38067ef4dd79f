//! The tests of the crate. They run natively and, from the same source, in a browser: on WebGPU or
//! on the CPU, whichever the build is for. `../../build.sh test` runs all of that.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[cfg(feature = "train")]
mod attack;
mod beyond_the_lab;
mod common;
mod fused;
#[cfg(not(target_arch = "wasm32"))]
mod hostile;
mod maximizer;
mod means;
// `memory` runs natively only, where each test has a thread of its own.
mod colormap;
mod infer;
#[cfg(feature = "webgpu")]
mod kernels;
#[cfg(all(feature = "cpu", not(target_arch = "wasm32")))]
mod memory;
#[cfg(feature = "train")]
mod mnist;
mod numbers;
mod own;
mod parity;
mod pca;
mod prototypes;
mod pytorch;
mod pytorch_hostile;
mod ranges;
mod run;
// On a software adapter, the runs of `robust` would take minutes.
#[cfg(all(feature = "cpu", not(feature = "webgpu")))]
mod robust;
mod weights;
