//! Networks, as JavaScript has them.

use std::cell::RefCell;
use std::sync::Arc;

use burn::tensor::Device;
use js_sys::{Float32Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::run::Run;
use super::{thrown, unreadable};
use crate::fused::{Fused, Weights};
use crate::import::ImportOptions;
use crate::import::NetworkFile;
use crate::network::Architecture;
use crate::reference;
use crate::run;
use crate::task::Pca;
use crate::task::checks;
use crate::task::{PathName, Request};
use crate::training::statistics::pca::LastRead;

thread_local! {
    static LAST_PCA: RefCell<LastRead> = const { RefCell::new(LastRead::new()) };
}

/// A trained network, frozen. From `backend.network(bytes)`.
#[wasm_bindgen]
pub struct Network {
    network: reference::Network,
    weights: Weights,
    card: Option<String>,
    pca: RefCell<Option<Arc<Pca>>>,
}

impl Network {
    /// Of a file, on a device: see `Backend.network`.
    pub(super) fn open(file: &[u8], choices: &str, device: &Device) -> Result<Self, JsError> {
        let choices = ImportOptions::from_json(choices)?;
        let contents = NetworkFile::open(file)?;
        let parameters = contents.parameters(&choices)?;
        let card = contents
            .card()
            .map(|it| serde_json::to_string(it).expect("a card is JSON"));
        Ok(Self {
            network: reference::Network::of(&parameters, device),
            weights: Weights::of(&parameters),
            card,
            pca: RefCell::new(None),
        })
    }
}

#[wasm_bindgen]
impl Network {
    /// What it is made of, in words: `784-256-128-64-10, ReLU`.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> String {
        self.architecture().description()
    }

    /// The hidden layers and how many units, or filters, each has, as JSON: `[["fc1",256],…]`.
    #[wasm_bindgen(getter)]
    pub fn layers(&self) -> String {
        serde_json::to_string(&self.architecture().hidden()).expect("a list is JSON")
    }

    /// The model card as JSON, if the file had one: description, training, date, seed, accuracies.
    #[wasm_bindgen(getter)]
    pub fn card(&self) -> Option<String> {
        self.card.clone()
    }

    /// Takes the principal components from the bytes of `pca.safetensors`, for runs of the
    /// parameterization `pca`. A file that was read last is not read again: all networks share its components.
    ///
    /// Throws when the file holds something else.
    #[wasm_bindgen(js_name = usePca)]
    pub fn use_pca(&self, file: &[u8]) -> Result<(), JsError> {
        self.pca
            .replace(Some(LAST_PCA.with_borrow_mut(|it| it.read(file))?));
        Ok(())
    }

    /// Begins a run with one image for each of `rows`: digits, or the numbers of units where the
    /// objective is one. `task` is JSON, of which everything may be left out:
    ///
    /// `{"seed": 1, "noiseStd": 0.01, "objective": "target-probability",
    /// "parameterization": "pixels", "path": "fused"}`
    ///
    /// - `seed`, `noiseStd`: every image starts from the same draw of N(0, noiseStd²), the same on every
    ///   backend. With `image`, 784 pixels for all rows or 784 for each, it starts from that.
    /// - `objective`: `"target-probability"`, `"log-probability"`, `"logit"`,
    ///   `{"logit-difference": {"other": 1}}`, `{"neuron": {"layer": "fc1"}}` or
    ///   `{"channel": {"layer": "conv2"}}`.
    /// - `parameterization`: `"pixels"`, `"sigmoid"`, `"fourier"` or `"pca"`, for which `usePca` comes first.
    /// - `path`: `"fused"`, which is fast, or `"reference"`, which is Burn's, operation by operation.
    ///   What the fast path does not have, a run does on the other by itself.
    ///
    /// Throws when something of it cannot be used.
    pub fn maximize(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ArrayLike<number>")] rows: &[f64],
        task: &str,
        image: Option<Vec<f32>>,
    ) -> Result<Run, JsValue> {
        self.run(rows, task, image, None)
    }

    /// Goes on with a run of the same rows, task and image, maybe of another module, from a snapshot's
    /// `iteration` and `state`.
    ///
    /// Throws as `maximize` does, when the iteration is no whole number from 0 to a thousand million, and
    /// when the state is not of their size or not all of it finite.
    pub fn resume(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ArrayLike<number>")] rows: &[f64],
        task: &str,
        image: Option<Vec<f32>>,
        iteration: f64,
        state: &[f32],
    ) -> Result<Run, JsValue> {
        let iteration = checks::iteration(iteration).map_err(thrown)?;
        self.run(rows, task, image, Some((iteration, state)))
    }

    fn run(
        &self,
        rows: &[f64],
        task: &str,
        image: Option<Vec<f32>>,
        from: Option<(usize, &[f32])>,
    ) -> Result<Run, JsValue> {
        let request = Request::from_json(task).map_err(thrown)?;
        let task = (request.task(self.pca.borrow().as_ref())).map_err(thrown)?;
        let fused = match request.path {
            PathName::Fused => Fused::new(&self.weights, &task),
            PathName::Reference => None,
        };
        let rows = checks::whole_rows(rows, &task.objective, self.architecture());
        let rows = rows.map_err(thrown)?;
        let start = request.start(image);
        let run = run::Run::open(&self.network, &rows, start, task, fused, from);
        Ok(Run::new(run.map_err(thrown)?, rows.len()))
    }

    fn architecture(&self) -> &Architecture {
        &self.weights.parameters().architecture
    }

    /// What the network says of images, without a run: n · 784 pixels in, n · 10 log-probabilities
    /// out.
    ///
    /// Throws when the pixels do not make up whole images or one is not finite; rejects when the
    /// device can no longer be read.
    #[wasm_bindgen(js_name = logProbabilities, unchecked_return_type = "Promise<Float32Array>")]
    pub fn log_probabilities(&self, images: Vec<f32>) -> Result<Promise, JsValue> {
        let rows = checks::check_images(&images).map_err(thrown)?;
        let images = reference::images(images, rows, &self.network.device());
        let answer = self.network.forward(images);
        Ok(future_to_promise(async move {
            let data = answer.into_data_async().await.map_err(unreadable)?;
            let values: Vec<f32> = data.try_into_vec().expect("log-probabilities are f32");
            Ok(Float32Array::from(values.as_slice()).into())
        }))
    }
}
