//! Runs: JavaScript makes their steps and reads their snapshots.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::task::{Context, Poll, Waker};

use js_sys::{Float32Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::error::{thrown, unreadable};
use crate::run;
use crate::task::{Settings, Snapshot, checks};

#[wasm_bindgen(typescript_custom_section)]
const SNAPSHOT_TYPE: &str = r#"
/** What a run was when it was read. A plain object, which stays valid when the run or its module is gone. */
export interface Snapshot {
    /** Iterations made so far. */
    readonly iteration: number;
    /** The pixels of the n images, n · 784 numbers, one image after the other. They can lie outside [0, 1]. */
    readonly images: Float32Array;
    /**
     * What `Network.resume` needs: the parameters of the images (their pixels, unless you asked for another
     * parameterization), then the first and second moments: the running means of the gradient and of its
     * square, which every optimizer keeps.
     */
    readonly state: Float32Array;
    /** n · 11 numbers: for each image the log-probabilities of 0 to 9, then the loss. */
    readonly now: Float32Array;
    /**
     * The same n · 11 numbers for every iteration since the last snapshot, as they were before that iteration
     * changed the images.
     */
    readonly trace: Float32Array;
}
"#;

/// A run, which optimizes a batch of images. `network.maximize(…)` gives one.
///
/// Drive it in a loop: call `step`, `await snapshot`, draw, and wait for the next animation frame. To pause,
/// stop the loop. Call `free` when you no longer need the run.
///
/// Split a step that would take longer than an animation frame, and let the page run in between:
///
/// ```js
/// for (let left = count; left > 0; ) {
///   const part = Math.min(left, run.largestStep(settings));
///   run.step(part, settings);
///   left -= part;
///   await scheduler.yield();
/// }
/// ```
#[wasm_bindgen]
pub struct Run {
    run: RefCell<run::Run>,
    rows: usize,
    /// Iterations since the last snapshot.
    unread: Cell<usize>,
}

impl Run {
    pub(super) fn new(run: run::Run, rows: usize) -> Self {
        Self {
            run: RefCell::new(run),
            rows,
            unread: Cell::new(0),
        }
    }
}

#[wasm_bindgen]
impl Run {
    /// Iterations made so far.
    #[wasm_bindgen(getter)]
    pub fn iteration(&self) -> u32 {
        self.run.borrow().iteration() as u32
    }

    /// The path of the latest iterations: `fused` or `reference`. It can change with the settings.
    #[wasm_bindgen(getter)]
    pub fn path(&self) -> String {
        self.run.borrow().path().to_owned()
    }

    /// The most iterations that you can ask of one `step` with these settings; at least 1. The number depends on
    /// the network, the parameterization, the settings, the rows and the path: a step takes up to about 50
    /// milliseconds on a laptop's CPU or, if that is longer, the time of one iteration.
    ///
    /// Throws when a setting is out of its range.
    #[wasm_bindgen(js_name = largestStep)]
    pub fn largest_step(&self, settings: &str) -> Result<u32, JsValue> {
        let settings = Settings::from_json(settings).map_err(thrown)?;
        Ok(self.run.borrow().largest_step(&settings) as u32)
    }

    /// The most iterations between two snapshots, over any number of steps: the run keeps their trace for the
    /// next snapshot. 1,525,201 for one row, 152,520 for ten.
    #[wasm_bindgen(getter, js_name = largestTrace)]
    pub fn largest_trace(&self) -> u32 {
        checks::largest_trace(self.rows) as u32
    }

    /// Makes `count` iterations, from 0 to `largestStep(settings)`. On the GPU it returns at once, and the next
    /// snapshot waits until they are done. `settings` is JSON. What you leave out has the lab's value:
    ///
    /// - `target`: the probability to reach, between 0 and 1; `learningRate`: above 0 and at most 1;
    /// - `optimizer`: `adam`, `momentum` or `sgd`, which is plain gradient descent; it may change in the middle of
    ///   a run, and no step changes a parameter by more than 10;
    /// - `regularizers`: weights from 0 to 1000 of `l1`, `l2`, `totalVariation`, `startDistance`, `density` and
    ///   `diversity`;
    /// - `transforms`: the largest random transforms, drawn anew in every iteration: `jitter` up to 8 pixels,
    ///   `rotation` up to 45 degrees, `scale` up to 0.5;
    /// - `gradientBlur`: a standard deviation of up to 5 pixels.
    ///
    /// Throws when a setting or the count is out of its range; the images are then unchanged.
    pub fn step(&self, count: f64, settings: &str) -> Result<(), JsValue> {
        let settings = Settings::from_json(settings).map_err(thrown)?;
        let mut run = self.run.borrow_mut();
        let most = run.largest_step(&settings);
        let count = checks::count(count, most, run.iteration()).map_err(thrown)?;
        let unread = self.unread.get();
        checks::check_trace(self.rows, unread, count).map_err(thrown)?;
        run.advance(count, &settings);
        self.unread.set(unread + count);
        Ok(())
    }

    /// Reads the run: its images and state, and the trace since the last snapshot. The loss depends on
    /// `settings`. You can call other methods while the promise is pending.
    ///
    /// Throws when a setting is out of its range. Rejects when the device can no longer be read.
    #[wasm_bindgen(unchecked_return_type = "Promise<Snapshot>")]
    pub fn snapshot(&self, settings: &str) -> Result<Promise, JsValue> {
        let settings = Settings::from_json(settings).map_err(thrown)?;
        let mut read = Box::pin(self.run.borrow_mut().snapshot(&settings).read());
        self.unread.set(0);
        // The first poll submits all work to the GPU. It happens here because the browser can throw then: the
        // caller gets that error, whereas in the promise's task it would be lost and the promise would never
        // settle.
        let first = read.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        Ok(future_to_promise(async move {
            let snapshot = match first {
                Poll::Ready(snapshot) => snapshot,
                Poll::Pending => read.await,
            };
            Ok(to_object(&snapshot.map_err(unreadable)?).into())
        }))
    }
}

/// The snapshot as a plain object. Its parts are views of one array, which is copied out of this module's
/// memory.
fn to_object(snapshot: &Snapshot) -> Object {
    let values = Float32Array::from(snapshot.values());
    let part =
        |slice: std::ops::Range<usize>| values.subarray(slice.start as u32, slice.end as u32);
    let object = Object::new();
    let parts = snapshot.parts();
    for (key, value) in [
        ("iteration", JsValue::from(snapshot.iteration() as u32)),
        ("images", part(parts.images).into()),
        ("state", part(parts.state).into()),
        ("now", part(parts.now).into()),
        ("trace", part(parts.trace).into()),
    ] {
        Reflect::set(&object, &key.into(), &value).expect("a plain object takes properties");
    }
    object
}
