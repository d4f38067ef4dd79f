//! What crosses to JavaScript: bytes and plain numbers in, one `Float32Array` a snapshot out. No maths
//! here, and no DOM.
//!
//! The JavaScript that drives it is `www/engine.js`; it owns the loop and the settings. Images,
//! moments and trace live here, on the device.

mod network;
mod run;

use std::cell::{Cell, RefCell};
use std::panic;

use burn::tensor::{Device, ExecutionError};
use js_sys::{Function, Uint8ClampedArray};
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use self::network::Network;
use crate::colormap;
use crate::import::NetworkFile;
use crate::network::SIDE;
use crate::reference::device;
use crate::task::Settings;
use crate::task::checks;
use crate::training::statistics::means;
use crate::training::statistics::prototypes;

/// Runs once, when the module is instantiated.
#[wasm_bindgen(start)]
fn start() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        ON_PANIC.with_borrow(|callback| {
            if let Some(callback) = callback {
                // If the callback throws there is nobody left to tell.
                let _ = callback.call1(&JsValue::NULL, &info.to_string().into());
            }
        });
    }));
}

thread_local! {
    static ON_PANIC: RefCell<Option<Function>> = const { RefCell::new(None) };
    static CONNECTION: Cell<Connection> = const { Cell::new(Connection::None) };
}

/// Calls `callback` with the message if this module ever panics. The instance is not to be
/// trusted from then on, and promises that it still owes never settle: load a fresh one, from
/// another URL.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(callback: Function) {
    ON_PANIC.set(Some(callback));
}

/// Whether this module has its device.
#[derive(Clone, Copy)]
enum Connection {
    None,
    Pending,
    Made,
}

/// The device that networks run on. Get one with `Backend.connect()`; one a module instance.
#[wasm_bindgen]
pub struct Backend {
    device: Device,
}

#[wasm_bindgen]
impl Backend {
    /// Connects to the GPU (module `webgpu`) or the CPU (module `cpu`).
    ///
    /// For the module `webgpu`, ask first whether `navigator.gpu.requestAdapter()` gives an adapter
    /// with the feature `timestamp-query`: without it the module panics.
    ///
    /// Rejects when there is no adapter or when it gives no device, after which it may be called again;
    /// and while another call is pending, or once one has succeeded.
    pub async fn connect() -> Result<Backend, JsError> {
        match CONNECTION.replace(Connection::Pending) {
            Connection::None => {}
            Connection::Pending => {
                return Err(JsError::new(
                    "This module is being connected: wait for the Backend of the first call.",
                ));
            }
            Connection::Made => {
                CONNECTION.set(Connection::Made);
                return Err(JsError::new(
                    "This module is already connected: use the Backend of the first call.",
                ));
            }
        }
        let device = device::connect().await;
        CONNECTION.set(match device {
            Ok(_) => Connection::Made,
            Err(_) => Connection::None,
        });
        Ok(Self { device: device? })
    }

    /// Which backend this is: `webgpu` or `cpu`.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        device::BACKEND.to_owned()
    }

    /// Whether the GPU is a software adapter, which computes on the CPU. False where there is no GPU.
    #[wasm_bindgen(getter)]
    pub fn software(&self) -> bool {
        #[cfg(feature = "webgpu")]
        return device::software();
        #[cfg(not(feature = "webgpu"))]
        false
    }

    /// Why the GPU was lost, once it was. Nothing that this module says can be trusted from then
    /// on: carry the last snapshot's `state` to another.
    #[wasm_bindgen(getter)]
    pub fn lost(&self) -> Option<String> {
        device::lost().map(str::to_owned)
    }

    /// Reads a network from the bytes of a file, and freezes it. `choices` is JSON, for what the file
    /// does not say; what is left out is the lab's:
    ///
    /// `{"activation": "relu", "pooling": "max", "candidate": 0, "mean": 0, "std": 1}`
    ///
    /// - `activation`: `"relu"`, `"sigmoid"`, `"tanh"` or `"gelu"`; `pooling`: `"max"` or `"average"`;
    /// - `candidate`: which of those that `inspect` tells of;
    /// - `mean`, `std`: the network is shown (pixel − mean) / std.
    ///
    /// Throws when the file or a choice cannot be used.
    pub fn network(&self, file: &[u8], choices: &str) -> Result<Network, JsError> {
        Network::open(file, choices, &self.device)
    }
}

/// Throws, in words for people, when `Run.step` would refuse these settings.
#[wasm_bindgen(js_name = checkSettings)]
pub fn check_settings(settings: &str) -> Result<(), JsError> {
    Settings::from_json(settings)?;
    Ok(())
}

/// What the bytes of a file hold, as JSON:
///
/// `{"format": "pytorch", "layout": "pytorch", "parameters": 109386, "candidates": [{"description": "784-128-64-10",
/// "pooled": false}]}`
///
/// - `format`: `"safetensors"`, or `"pytorch"` for what `torch.save` writes;
/// - `layout`: `"pytorch"` or `"keras"`, the order of the dimensions of its weights;
/// - `candidates`: the networks that it can be read as, the most usual first. `pooled` says whether
///   it matters how they pool.
///
/// Throws when it is not a network that can be computed here, complete and finite.
#[wasm_bindgen]
pub fn inspect(file: &[u8]) -> Result<String, JsError> {
    let summary = NetworkFile::open(file)?.summary();
    Ok(serde_json::to_string(&summary).expect("a summary is JSON"))
}

/// The mean training images of the ten classes, 10 · 784 pixels in [0, 1], from the bytes of
/// `means.safetensors`.
///
/// Throws when the file holds something else.
#[wasm_bindgen(js_name = classMeans)]
pub fn class_means(file: &[u8]) -> Result<Vec<f32>, JsError> {
    Ok(means::read(file)?)
}

/// Ten prototypes of each of the ten classes, 100 · 784 pixels in [0, 1], sorted by class, from the
/// bytes of `prototypes.safetensors`: that at `index` is a `Math.floor(index / 10)`.
///
/// Throws when the file holds something else.
#[wasm_bindgen(js_name = prototypes)]
pub fn class_prototypes(file: &[u8]) -> Result<Vec<f32>, JsError> {
    Ok(prototypes::read(file)?)
}

/// Paints images below one another in viridis: `pixels` is n · 784 numbers, the result 28 wide and
/// n · 28 high, for `putImageData`. `low` becomes dark blue, `high` yellow.
///
/// Throws when the pixels do not make up whole images, or an end of the scale is not finite.
#[wasm_bindgen]
pub fn paint(pixels: &[f32], low: f64, high: f64) -> Result<ImageData, JsValue> {
    let [low, high] = checks::check_painting(pixels, low, high).map_err(thrown)?;
    // A copy: `ImageData` keeps the array it is given, and one that only looks into this module's
    // memory would change with whatever is put there next.
    let colors = Uint8ClampedArray::from(colormap::viridis(pixels, low, high).as_slice());
    ImageData::new_with_js_u8_clamped_array(&colors, SIDE as u32)
}

fn thrown(error: impl std::error::Error) -> JsValue {
    JsError::from(error).into()
}

/// The device's memory could not be read: it may be lost.
#[derive(Debug, thiserror::Error)]
#[error("The device could not be read: {0}.")]
struct Unreadable(String);

fn unreadable(error: ExecutionError) -> JsValue {
    // The lines after the first are for those who debug Burn.
    let error = error.to_string();
    let cause = error.lines().next().unwrap_or_default();
    thrown(Unreadable(cause.to_owned()))
}
