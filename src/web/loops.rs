//! What computes, in a module without Burn.

use std::future::{Ready, ready};

use wasm_bindgen::{JsError, JsValue};

use super::thrown;
use crate::frame::Frame;
use crate::fused::Fused;
use crate::loops::{self, Lacking};
use crate::parameters::Parameters;
use crate::settings::{Settings, Start, check_images};
use crate::task::Task;

/// The name of the backend.
pub const BACKEND: &str = "cpu";

/// The CPU is never lost.
pub fn lost() -> Option<&'static str> {
    None
}

/// What networks run on.
pub struct Device;

impl Device {
    pub async fn connect() -> Result<Self, JsError> {
        Ok(Self)
    }
}

/// All that a network is, its parameters are.
pub struct Network(Parameters);

impl Network {
    pub fn new(parameters: &Parameters, _: &Device) -> Self {
        Self(parameters.clone())
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
        let run = loops::Run::begin(&self.0, &fused, rows, start, task, from);
        Ok(Run(run.map_err(thrown)?))
    }

    pub fn log_probabilities(
        &self,
        fused: Option<Fused>,
        images: Vec<f32>,
    ) -> Result<Ready<Result<Vec<f32>, JsValue>>, JsValue> {
        check_images(&images).map_err(thrown)?;
        let answer = loops::log_probabilities(fused, &images).map_err(lacking)?;
        Ok(ready(Ok(answer)))
    }
}

/// See [`loops::Run`].
pub struct Run(loops::Run);

impl Run {
    pub fn iteration(&self) -> usize {
        self.0.iteration()
    }

    pub fn path(&self) -> &'static str {
        "fused"
    }

    pub fn advance(&mut self, count: usize, settings: &Settings) -> Result<(), JsValue> {
        self.0.advance(count, settings).map_err(lacking)
    }

    pub fn snapshot(
        &mut self,
        settings: &Settings,
    ) -> Result<Ready<Result<Frame, JsValue>>, JsValue> {
        let frame = self.0.snapshot(settings).map_err(lacking)?;
        Ok(ready(Ok(frame)))
    }
}

/// An error that says by its name that another module has what is asked for.
fn lacking(error: Lacking) -> JsValue {
    let lacking = js_sys::Error::new(&error.to_string());
    lacking.set_name("Lacking");
    lacking.into()
}
