//! What crosses to JavaScript: bytes and plain numbers in, one `Float32Array` a frame out. No
//! maths here, and no DOM. It is the same for every module; what computes is Burn or, where a module
//! is built without it, [`crate::bare`].
//!
//! The JavaScript that drives it is `www/engine.js`; it owns the loop and the settings. Images,
//! moments and trace live here, on the device.

#[cfg(not(feature = "burn"))]
mod bare;
#[cfg(feature = "burn")]
mod burn;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use js_sys::{Float32Array, Function, Object, Promise, Reflect, Uint8ClampedArray};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::ImageData;

#[cfg(not(feature = "burn"))]
use self::bare as computing;
#[cfg(feature = "burn")]
use self::burn as computing;
use crate::architecture::{Architecture, SIDE};
use crate::checks;
use crate::choices::Choices;
use crate::contents::Contents;
use crate::frame::Frame;
use crate::fused::{Fused, Weights};
use crate::prior::{LastRead, Prior};
use crate::request::{PathName, Request};
use crate::settings::Settings;
use crate::task::Task;
use crate::{means, picture, prototypes};

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
    static PRIOR: RefCell<LastRead> = const { RefCell::new(LastRead::new()) };
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

#[wasm_bindgen(typescript_custom_section)]
const FRAME_TYPE: &str = r#"
/** A picture of a run. A plain object: it outlives the module that made it. */
export interface Frame {
    /** Iterations made so far. */
    readonly iteration: number;
    /** Pixels of the n images, row after row, n · 784 numbers. Not confined to [0, 1]. */
    readonly images: Float32Array;
    /** All that `Network.resume` needs: the parameters of the images, which are their pixels unless
     * another form was asked for, and Adam's two moments. */
    readonly state: Float32Array;
    /** For each image, n · 11 numbers: the log-probabilities of 0 to 9, then the loss. */
    readonly now: Float32Array;
    /**
     * The same n · 11 numbers for every iteration since the last frame, as they were before that
     * iteration moved the images.
     */
    readonly trace: Float32Array;
}
"#;

/// The device that networks run on. Get one with `Backend.connect()`; one a module instance.
#[wasm_bindgen]
pub struct Backend {
    device: computing::Device,
}

#[wasm_bindgen]
impl Backend {
    /// Connects to the GPU (modules `gpu` and `webgpu`) or the CPU (modules `cpu` and `flex`).
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
        let device = computing::Device::connect().await;
        CONNECTION.set(match device {
            Ok(_) => Connection::Made,
            Err(_) => Connection::None,
        });
        Ok(Self { device: device? })
    }

    /// Which backend this is: `webgpu` or `cpu`.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        computing::BACKEND.to_owned()
    }

    /// Why the GPU was lost, once it was. Nothing that this module says can be trusted from then
    /// on: carry the last frame's `state` to another.
    #[wasm_bindgen(getter)]
    pub fn lost(&self) -> Option<String> {
        self.device.lost()
    }

    /// Reads a network from the bytes of a file, and freezes it. `choices` is JSON, for what the file
    /// does not say; what is left out is the lab's:
    ///
    /// `{"activation": "relu", "pooling": "max", "candidate": 0, "mean": 0, "deviation": 1}`
    ///
    /// - `activation`: `"relu"`, `"sigmoid"`, `"tanh"` or `"gelu"`; `pooling`: `"max"` or `"average"`;
    /// - `candidate`: which of those that `inspect` tells of;
    /// - `mean`, `deviation`: the network is shown (pixel − mean) / deviation.
    ///
    /// Throws when the file or a choice cannot be used.
    pub fn network(&self, file: &[u8], choices: &str) -> Result<Network, JsError> {
        let choices = Choices::from_json(choices)?;
        let contents = Contents::open(file)?;
        let parameters = contents.parameters(&choices)?;
        let card = contents
            .card()
            .map(|it| serde_json::to_string(it).expect("a card is JSON"));
        Ok(Network {
            network: computing::Network::new(&parameters, &self.device),
            weights: Weights::of(&parameters),
            card,
            prior: RefCell::new(None),
        })
    }
}

/// A trained network, frozen. From `backend.network(bytes)`.
#[wasm_bindgen]
pub struct Network {
    network: computing::Network,
    weights: Weights,
    card: Option<String>,
    prior: RefCell<Option<Arc<Prior>>>,
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

    /// Takes the principal components from the bytes of `prior.safetensors`, for runs of the form
    /// `prior`. A file that was read last is not read again: all networks share its components.
    ///
    /// Throws when the file holds something else.
    #[wasm_bindgen(js_name = usePrior)]
    pub fn use_prior(&self, file: &[u8]) -> Result<(), JsError> {
        self.prior
            .replace(Some(PRIOR.with_borrow_mut(|it| it.read(file))?));
        Ok(())
    }

    /// Begins a run with one image for each of `rows`: digits, or the numbers of units where the
    /// goal is one. `task` is JSON, of which everything may be left out:
    ///
    /// `{"seed": 1, "deviation": 0.01, "goal": "distance", "form": "pixels", "path": "fused"}`
    ///
    /// - `seed`, `deviation`: every image starts from the same draw of N(0, deviation²), the same
    ///   everywhere. With `image`, 784 pixels for all rows or 784 for each, it starts from that.
    /// - `goal`: `"distance"`, `"log-probability"`, `"logit"`, `{"difference": {"other": 1}}` or
    ///   `{"unit": {"layer": "conv2"}}`.
    /// - `form`: `"pixels"`, `"sigmoid"`, `"fourier"` or `"prior"`, for which `usePrior` comes first.
    /// - `path`: `"fused"`, which is fast, or `"plain"`, which is what it is held to. What the fast
    ///   path does not have, a run does on the plain one by itself.
    ///
    /// Throws when something of it cannot be used; an error whose name is `Lacking`, where it takes
    /// Burn and this module has none.
    pub fn maximize(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ArrayLike<number>")] rows: &[f64],
        task: &str,
        image: Option<Vec<f32>>,
    ) -> Result<Run, JsValue> {
        self.run(rows, task, image, None)
    }

    /// Goes on with a run of the same rows, task and image, maybe of another module, from a frame's
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
        let task = (request.task(self.prior.borrow().as_ref())).map_err(thrown)?;
        let fused = match request.path {
            PathName::Fused => Fused::new(&self.weights, &task),
            PathName::Plain => None,
        };
        let rows = checks::whole_rows(rows, &task.goal, self.architecture());
        let rows = rows.map_err(thrown)?;
        let start = request.start(image);
        let run = (self.network).run(fused, &rows, start, task, from)?;
        Ok(Run {
            run: RefCell::new(run),
            rows: rows.len(),
            unread: Cell::new(0),
        })
    }

    fn architecture(&self) -> &Architecture {
        &self.weights.parameters().architecture
    }

    /// What the network says of images, without a run: n · 784 pixels in, n · 10 log-probabilities
    /// out.
    ///
    /// Throws when the pixels do not make up whole images or one is not finite, and as `maximize`
    /// does; rejects when the device can no longer be read.
    #[wasm_bindgen(js_name = logProbabilities, unchecked_return_type = "Promise<Float32Array>")]
    pub fn log_probabilities(&self, images: Vec<f32>) -> Result<Promise, JsValue> {
        let fused = Fused::new(&self.weights, &Task::default());
        let answer = self.network.log_probabilities(fused, images)?;
        Ok(future_to_promise(async move {
            Ok(Float32Array::from(answer.await?.as_slice()).into())
        }))
    }
}

/// A run: images on their way to their digits.
///
/// Drive it with `step`, then `await frame`, draw, and again at the next animation frame. To
/// pause, stop asking. Call `free` when done with it.
///
/// What takes longer than a frame should goes in pieces, with a turn for the page between them:
///
/// ```js
/// for (let left = count; left > 0; ) {
///   const piece = Math.min(left, run.largestStep(settings));
///   run.step(piece, settings);
///   left -= piece;
///   await thePagesTurn();
/// }
/// ```
#[wasm_bindgen]
pub struct Run {
    run: RefCell<computing::Run>,
    rows: usize,
    /// Iterations since the last frame.
    unread: Cell<usize>,
}

#[wasm_bindgen]
impl Run {
    /// Iterations made so far.
    #[wasm_bindgen(getter)]
    pub fn iteration(&self) -> u32 {
        self.run.borrow().iteration() as u32
    }

    /// How its iterations are made: `fused` or `plain`. It may change with the settings.
    #[wasm_bindgen(getter)]
    pub fn path(&self) -> String {
        self.run.borrow().path().to_owned()
    }

    /// The most iterations that one call of `step` makes with these settings: 1 at least. It is bounded
    /// by work: by the multiplications that the network, the form and the settings need for all
    /// rows, and by how the iterations are made. On a laptop's CPU they take up to 50 milliseconds or,
    /// where a single iteration takes longer, that one.
    ///
    /// Throws when a setting is out of its range.
    #[wasm_bindgen(js_name = largestStep)]
    pub fn largest_step(&self, settings: &str) -> Result<u32, JsValue> {
        let settings = Settings::from_json(settings).map_err(thrown)?;
        Ok(self.run.borrow().most_at_once(&settings) as u32)
    }

    /// The most iterations between two frames, in however many steps: their trace, which the next frame
    /// shows, is kept until then. 1,525,201 for one row, 152,520 for ten.
    #[wasm_bindgen(getter, js_name = largestTrace)]
    pub fn largest_trace(&self) -> u32 {
        checks::largest_trace(self.rows) as u32
    }

    /// Makes `count` iterations, from 0 to `largestStep(settings)`. Returns at once on the GPU: what was asked for is done by the time a
    /// frame arrives. `settings` is JSON, of which everything may be left out; what is left out is
    /// the lab's:
    ///
    /// - `target`, the probability to reach, between 0 and 1; `learningRate`, Adam's step size, above
    ///   0 and at most 1;
    /// - `penalties`, weights from 0 to 1000: `l1`, `l2`, `variation`, `distance` (to the start),
    ///   `diversity`;
    /// - `moves`, drawn anew in every iteration up to `shift` (pixels, to 8), `rotation` (degrees, to
    ///   45), `scale` (to 0.5);
    /// - `blur` of the gradient, a standard deviation of up to 5 pixels.
    ///
    /// Throws when a setting or the count is out of its range, and an error whose name is `Lacking`
    /// where a setting takes Burn and this module has none; the images are then as they were.
    pub fn step(&self, count: f64, settings: &str) -> Result<(), JsValue> {
        let settings = Settings::from_json(settings).map_err(thrown)?;
        let mut run = self.run.borrow_mut();
        let most = run.most_at_once(&settings);
        let count = checks::count(count, most, run.iteration()).map_err(thrown)?;
        let unread = self.unread.get();
        checks::check_trace(self.rows, unread, count).map_err(thrown)?;
        run.advance(count, &settings)?;
        self.unread.set(unread + count);
        Ok(())
    }

    /// What the run is now, and the trace since the last frame. `settings` are for the loss.
    ///
    /// Throws as `step` does, rejects when the device can no longer be read.
    /// Other methods may be called while the promise is pending.
    #[wasm_bindgen(unchecked_return_type = "Promise<Frame>")]
    pub fn frame(&self, settings: &str) -> Result<Promise, JsValue> {
        let settings = Settings::from_json(settings).map_err(thrown)?;
        let mut read = Box::pin(self.run.borrow_mut().snapshot(&settings)?);
        self.unread.set(0);
        // All is handed to the GPU at the first poll. If the browser throws at that, the caller is to
        // hear of it: in a promise's task it would be lost, and the promise would never settle.
        let first = read.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        Ok(future_to_promise(async move {
            let frame = match first {
                Poll::Ready(frame) => frame,
                Poll::Pending => read.await,
            };
            Ok(to_object(&frame?).into())
        }))
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
    let findings = Contents::open(file)?.findings();
    Ok(serde_json::to_string(&findings).expect("findings are JSON"))
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
    let [low, high] = checks::check_picture(pixels, low, high).map_err(thrown)?;
    // A copy: `ImageData` keeps the array it is given, and one that only looks into this module's
    // memory would change with whatever is put there next.
    let colours = Uint8ClampedArray::from(picture::viridis(pixels, low, high).as_slice());
    ImageData::new_with_js_u8_clamped_array(&colours, SIDE as u32)
}

fn thrown(error: impl std::error::Error) -> JsValue {
    JsError::from(error).into()
}

/// One copy out of the module's memory; the parts are views of it.
fn to_object(frame: &Frame) -> Object {
    let values = Float32Array::from(frame.values());
    let part =
        |slice: std::ops::Range<usize>| values.subarray(slice.start as u32, slice.end as u32);
    let object = Object::new();
    let parts = frame.parts();
    for (key, value) in [
        ("iteration", JsValue::from(frame.iteration() as u32)),
        ("images", part(parts.images).into()),
        ("state", part(parts.state).into()),
        ("now", part(parts.now).into()),
        ("trace", part(parts.trace).into()),
    ] {
        Reflect::set(&object, &key.into(), &value).expect("a plain object takes properties");
    }
    object
}
