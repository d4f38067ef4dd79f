//! Networks: what they are, what they give for images, and the runs that they begin.

use std::cell::RefCell;
use std::sync::Arc;

use burn::tensor::Device;
use js_sys::{Array, Float32Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::error::{thrown, unreadable};
use super::run::Run;
use crate::fused::{Fused, Weights};
use crate::import::ImportOptions;
use crate::import::NetworkFile;
use crate::network::{Architecture, Layer};
use crate::reference;
use crate::run;
use crate::task::Pca;
use crate::task::checks;
use crate::task::{PathName, Request, SettingError};
use crate::training::statistics::pca::LastRead;

#[wasm_bindgen(typescript_custom_section)]
const LAYER_PARAMETERS_TYPE: &str = r#"
/** The parameters of a layer: a copy, which stays valid when the network or its module is gone. */
export interface LayerParameters {
    /** In the order of `shape`, the last dimension fastest. */
    readonly weight: Float32Array;
    /** [out, in, height, width] of a convolution, [in, out] of a dense layer. */
    readonly shape: number[];
    /** One number for each output. */
    readonly bias: Float32Array;
}
"#;

thread_local! {
    static LAST_PCA: RefCell<LastRead> = const { RefCell::new(LastRead::new()) };
}

/// A trained, frozen network. `backend.network(file, options)` gives one.
#[wasm_bindgen]
pub struct Network {
    network: reference::Network,
    weights: Weights,
    card: Option<String>,
    pca: RefCell<Option<Arc<Pca>>>,
}

impl Network {
    /// See `Backend.network`.
    pub(super) fn open(file: &[u8], options: &str, device: &Device) -> Result<Self, JsError> {
        let options = ImportOptions::from_json(options)?;
        let file = NetworkFile::open(file)?;
        let parameters = file.parameters(&options)?;
        let card = file
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
    /// The architecture in words: `784-256-128-64-10, ReLU`.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> String {
        self.architecture().description()
    }

    /// The hidden layers, and how many neurons or channels each has, as JSON; for a convolution also the
    /// height and width of its maps before pooling: `[["conv1",6,[24,24]],["fc1",120],…]`.
    #[wasm_bindgen(getter)]
    pub fn layers(&self) -> String {
        let maps = self.architecture().maps().into_iter().map(Some);
        let layers = (self.architecture().hidden().into_iter())
            .zip(maps.chain(std::iter::repeat(None)))
            .map(|((name, count), map)| match map {
                Some(size) => serde_json::json!([name, count, size]),
                None => serde_json::json!([name, count]),
            });
        serde_json::Value::from_iter(layers).to_string()
    }

    /// The parameters of a layer: `conv1`, `fc1` and so on, the last included. The weights of a convolution are
    /// its kernels.
    ///
    /// Throws when the network has no such layer.
    #[wasm_bindgen(unchecked_return_type = "LayerParameters")]
    pub fn parameters(&self, layer: &str) -> Result<Object, JsValue> {
        let names = self.architecture().layers();
        let index = names.iter().position(|it| it == layer).ok_or_else(|| {
            thrown(SettingError::Layer {
                kind: "layer",
                layer: layer.to_owned(),
                known: names.join(", "),
            })
        })?;
        let Layer {
            weight,
            shape,
            bias,
        } = &self.weights.parameters().layers[index];
        let shape: Array = shape.iter().map(|&it| JsValue::from(it as u32)).collect();
        let object = Object::new();
        for (key, value) in [
            ("weight", Float32Array::from(weight.as_slice()).into()),
            ("shape", shape.into()),
            ("bias", Float32Array::from(bias.as_slice()).into()),
        ] {
            Reflect::set(&object, &key.into(), &value).expect("a plain object takes properties");
        }
        Ok(object)
    }

    /// The model card as JSON, if the file had one: description, training, date, seed, accuracies.
    #[wasm_bindgen(getter)]
    pub fn card(&self) -> Option<String> {
        self.card.clone()
    }

    /// Reads the principal components from the bytes of `pca.safetensors`. Runs with the parameterization
    /// `pca` need them. Networks that get the same file share one copy.
    ///
    /// Throws when the file holds something else.
    #[wasm_bindgen(js_name = usePca)]
    pub fn use_pca(&self, file: &[u8]) -> Result<(), JsError> {
        self.pca
            .replace(Some(LAST_PCA.with_borrow_mut(|it| it.read(file))?));
        Ok(())
    }

    /// Begins a run with one image for each of `rows`, which are digits, or indices of neurons or channels
    /// if the objective names a layer. `task` is JSON. What you leave out has these default values:
    ///
    /// `{"seed": 1, "noiseStd": 0.01, "objective": "target-probability",
    /// "parameterization": "pixels", "path": "fused"}`
    ///
    /// - `seed`, `noiseStd`: every row starts from the same noise, drawn from N(0, noiseStd²); the same seed
    ///   gives the same noise on every backend. With `image`, rows start from that instead: 784 pixels for
    ///   all rows, or 784 for each. `seed` also decides the random transforms.
    /// - `objective`: `"target-probability"`, `"log-probability"`, `"logit"`,
    ///   `{"logit-difference": {"other": 1}}`, `{"neuron": {"layer": "fc1"}}` or
    ///   `{"channel": {"layer": "conv2"}}`, which is the average of a channel over its map. With
    ///   `"position": "center"`, or a row and a column like `"position": [0, 7]`, it is one position of the map.
    /// - `parameterization`: `"pixels"`, `"sigmoid"`, `"fourier"` or `"pca"`; call `usePca` before a run with
    ///   the last.
    /// - `path`: `"fused"` computes whole iterations at once and is fast; `"reference"` computes them in Burn,
    ///   operation by operation. A fused run changes to the reference path by itself for settings that the
    ///   fused path lacks.
    ///
    /// Throws when rows, task or image cannot be used.
    pub fn maximize(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ArrayLike<number>")] rows: &[f64],
        task: &str,
        image: Option<Vec<f32>>,
    ) -> Result<Run, JsValue> {
        self.run(rows, task, image, None)
    }

    /// Resumes a run from the `iteration` and `state` of a snapshot. Give the same rows, task and image with
    /// which that run began. The snapshot can come from another module.
    ///
    /// Throws as `maximize` does; also when the iteration is not a whole number from 0 to 1,000,000,000, and
    /// when the state has another size, a number that is not finite, or a negative second moment.
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

    /// Classifies images without a run: n · 784 pixels in, n · 10 log-probabilities out.
    ///
    /// Throws when the pixels do not make up 1 to 100 images, or one is not finite or further from 0 than 1e9.
    /// Rejects when the device can no longer be read.
    #[wasm_bindgen(js_name = logProbabilities, unchecked_return_type = "Promise<Float32Array>")]
    pub fn log_probabilities(&self, images: Vec<f32>) -> Result<Promise, JsValue> {
        let rows = checks::check_images(&images).map_err(thrown)?;
        let images = reference::images(images, rows, &self.network.device());
        let log_probabilities = self.network.forward(images);
        Ok(future_to_promise(async move {
            let data = log_probabilities
                .into_data_async()
                .await
                .map_err(unreadable)?;
            let values: Vec<f32> = data.try_into_vec().expect("log-probabilities are f32");
            Ok(Float32Array::from(values.as_slice()).into())
        }))
    }
}
