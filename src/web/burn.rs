//! What computes, in a module with Burn.

use std::future::Future;

use burn::tensor::ExecutionError;
use wasm_bindgen::{JsError, JsValue};

use super::thrown;
use crate::checks::check_images;
use crate::frame::Frame;
use crate::fused::{Fused, iterate::Unreadable};
use crate::parameters::Parameters;
use crate::settings::{Settings, Start};
use crate::task::Task;
use crate::{device, network, run};

pub use crate::device::BACKEND;

/// What networks run on.
pub struct Device(burn::tensor::Device);

impl Device {
    pub async fn connect() -> Result<Self, JsError> {
        Ok(Self(device::connect().await?))
    }

    pub fn lost(&self) -> Option<String> {
        device::lost().map(str::to_owned)
    }
}

/// A network on a device.
pub struct Network(network::Network);

impl Network {
    pub fn new(parameters: &Parameters, device: &Device) -> Self {
        Self(network::Network::of(parameters, &device.0))
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
        let run = run::Run::open(&self.0, rows, start, task, fused, from);
        Ok(Run(run.map_err(thrown)?))
    }

    pub fn log_probabilities(
        &self,
        _: Option<Fused>,
        images: Vec<f32>,
    ) -> Result<impl Future<Output = Result<Vec<f32>, JsValue>> + use<>, JsValue> {
        let rows = check_images(&images).map_err(thrown)?;
        let images = network::images(images, rows, &self.0.device());
        let answer = self.0.forward(images);
        Ok(async move {
            let data = answer.into_data_async().await.map_err(unreadable)?;
            Ok(data.try_into_vec().expect("log-probabilities are f32"))
        })
    }
}

/// See [`run::Run`].
pub struct Run(run::Run);

impl Run {
    pub fn iteration(&self) -> usize {
        self.0.iteration()
    }

    pub fn path(&self) -> &'static str {
        self.0.path()
    }

    pub fn most_at_once(&self, settings: &Settings) -> usize {
        self.0.most_at_once(settings)
    }

    pub fn advance(&mut self, count: usize, settings: &Settings) -> Result<(), JsValue> {
        self.0.advance(count, settings);
        Ok(())
    }

    pub fn snapshot(
        &mut self,
        settings: &Settings,
    ) -> Result<impl Future<Output = Result<Frame, JsValue>> + use<>, JsValue> {
        let snapshot = self.0.snapshot(settings);
        Ok(async move { snapshot.read().await.map_err(unreadable) })
    }
}

fn unreadable(error: ExecutionError) -> JsValue {
    // What follows the first line is for those who debug Burn.
    let error = error.to_string();
    let cause = error.lines().next().unwrap_or_default();
    thrown(Unreadable(cause.to_owned()))
}
