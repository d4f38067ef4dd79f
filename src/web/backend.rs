//! The device, and the networks that are read onto it.

use std::cell::Cell;

use burn::tensor::Device;
use wasm_bindgen::prelude::*;

use super::network::Network;
use crate::reference::device;

thread_local! {
    static CONNECTION: Cell<Connection> = const { Cell::new(Connection::None) };
}

/// Whether this instance of the module is connected to its device.
#[derive(Clone, Copy)]
enum Connection {
    None,
    Pending,
    Made,
}

/// The device that networks run on. `Backend.connect()` gives the only one of a module instance.
#[wasm_bindgen]
pub struct Backend {
    device: Device,
}

#[wasm_bindgen]
impl Backend {
    /// Connects to the GPU (module `webgpu`) or the CPU (module `cpu`).
    ///
    /// Before you connect the module `webgpu`, check that `navigator.gpu.requestAdapter()` gives an adapter
    /// with the feature `timestamp-query`: without it the module panics.
    ///
    /// Rejects when there is no adapter, or when the adapter gives no device; you can then call it again.
    /// Also rejects while another call is pending, and after one has succeeded.
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

    /// The name of the backend: `webgpu` or `cpu`.
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

    /// Why the GPU was lost; `undefined` while it is not lost. After that, do not trust any result of this
    /// module: resume its runs in another instance, from the last snapshot's `state`.
    #[wasm_bindgen(getter)]
    pub fn lost(&self) -> Option<String> {
        device::lost().map(str::to_owned)
    }

    /// Reads a network from the bytes of a safetensors or PyTorch file, and freezes it. `options` is JSON
    /// and says what the file does not. What you leave out has these default values:
    ///
    /// `{"activation": "relu", "pooling": "max", "candidate": 0, "mean": 0, "std": 1}`
    ///
    /// - `activation`: `"relu"`, `"sigmoid"`, `"tanh"` or `"gelu"`; `pooling`: `"max"` or `"average"`;
    /// - `candidate`: the index of one of the candidates that `inspect` lists;
    /// - `mean`, `std`: the network sees (pixel − mean) / std.
    ///
    /// Throws when the file or an option cannot be used.
    pub fn network(&self, file: &[u8], options: &str) -> Result<Network, JsError> {
        Network::open(file, options, &self.device)
    }
}
