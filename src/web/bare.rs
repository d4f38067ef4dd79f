//! What computes, in a module without Burn: the GPU, or else the CPU.

use std::future::{Ready, ready};

use wasm_bindgen::{JsError, JsValue};

use super::thrown;
use crate::bare::{self, Lacking};
use crate::checks::check_images;
use crate::frame::Frame;
use crate::fused::Fused;
use crate::parameters::Parameters;
use crate::settings::{Settings, Start};
use crate::task::Task;

#[cfg(not(feature = "gpu"))]
use self::cpu as processor;
#[cfg(feature = "gpu")]
use self::gpu as processor;

pub use self::processor::{BACKEND, Device};

/// A network on a device: its parameters are all that it is.
pub struct Network {
    parameters: Parameters,
    device: Device,
}

impl Network {
    pub fn new(parameters: &Parameters, device: &Device) -> Self {
        Self {
            parameters: parameters.clone(),
            device: device.clone(),
        }
    }

    /// A run, from its beginning or from an iteration and a state.
    pub fn run(
        &self,
        fused: Option<Fused>,
        rows: &[u16],
        start: Start,
        task: Task,
        from: Option<(usize, &[f32])>,
    ) -> Result<Run, JsValue> {
        let fused = fused.ok_or(Lacking::Task).map_err(lacking)?;
        let ready =
            |fused: &Fused, rows: &[u16], start: &[f32]| self.device.iterations(fused, rows, start);
        let run = bare::Run::begin(&self.parameters, &fused, ready, rows, start, task, from);
        Ok(Run(run.map_err(thrown)?))
    }

    pub fn log_probabilities(
        &self,
        fused: Option<Fused>,
        images: Vec<f32>,
    ) -> Result<Ready<Result<Vec<f32>, JsValue>>, JsValue> {
        check_images(&images).map_err(thrown)?;
        let answer = bare::log_probabilities(fused, &images).map_err(lacking)?;
        Ok(ready(Ok(answer)))
    }
}

/// See [`bare::Run`].
pub struct Run(bare::Run<processor::Iterations>);

impl Run {
    pub fn iteration(&self) -> usize {
        self.0.iteration()
    }

    pub fn path(&self) -> &'static str {
        "fused"
    }

    pub fn most_at_once(&self, settings: &Settings) -> usize {
        self.0.most_at_once(settings)
    }

    pub fn advance(&mut self, count: usize, settings: &Settings) -> Result<(), JsValue> {
        self.0.advance(count, settings).map_err(lacking)
    }

    pub fn snapshot(
        &mut self,
        settings: &Settings,
    ) -> Result<impl Future<Output = Result<Frame, JsValue>> + use<>, JsValue> {
        let frame = self.0.snapshot(settings).map_err(lacking)?;
        Ok(async move { frame.await.map_err(thrown) })
    }
}

/// An error that says by its name that another module has what is asked for.
fn lacking(error: Lacking) -> JsValue {
    let lacking = js_sys::Error::new(&error.to_string());
    lacking.set_name("Lacking");
    lacking.into()
}

/// The CPU, which is always there.
#[cfg(not(feature = "gpu"))]
mod cpu {
    use super::{Fused, JsError};

    pub type Iterations = crate::fused::host::Host;

    /// The name of the backend.
    pub const BACKEND: &str = "cpu";

    /// What networks run on.
    #[derive(Clone)]
    pub struct Device;

    impl Device {
        pub async fn connect() -> Result<Self, JsError> {
            Ok(Self)
        }

        pub fn lost(&self) -> Option<String> {
            None
        }

        pub fn iterations(&self, fused: &Fused, rows: &[u16], start: &[f32]) -> Iterations {
            fused.host(rows, start)
        }
    }
}

#[cfg(feature = "gpu")]
mod gpu {
    use super::{Fused, JsError};
    use crate::webgpu::WebGpu;

    pub type Iterations = crate::fused::gpu::Gpu;

    /// The name of the backend.
    pub const BACKEND: &str = "webgpu";

    /// What networks run on.
    #[derive(Clone)]
    pub struct Device(WebGpu);

    impl Device {
        pub async fn connect() -> Result<Self, JsError> {
            Ok(Self(WebGpu::connect().await?))
        }

        pub fn lost(&self) -> Option<String> {
            self.0.lost().map(str::to_owned)
        }

        pub fn iterations(&self, fused: &Fused, rows: &[u16], start: &[f32]) -> Iterations {
            fused.gpu(&self.0, rows, start)
        }
    }
}
