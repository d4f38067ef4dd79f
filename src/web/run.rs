//! Runs, as JavaScript drives them, and what it reads of them.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::task::{Context, Poll, Waker};

use js_sys::{Float32Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{thrown, unreadable};
use crate::run;
use crate::task::Settings;
use crate::task::Snapshot;
use crate::task::checks;

#[wasm_bindgen(typescript_custom_section)]
const SNAPSHOT_TYPE: &str = r#"
/** A picture of a run. A plain object: it outlives the module that made it. */
export interface Snapshot {
    /** Iterations made so far. */
    readonly iteration: number;
    /** Pixels of the n images, row after row, n · 784 numbers. Not confined to [0, 1]. */
    readonly images: Float32Array;
    /** All that `Network.resume` needs: the parameters of the images, which are their pixels unless
     * another parameterization was asked for, and Adam's two moments. */
    readonly state: Float32Array;
    /** For each image, n · 11 numbers: the log-probabilities of 0 to 9, then the loss. */
    readonly now: Float32Array;
    /**
     * The same n · 11 numbers for every iteration since the last snapshot, as they were before that
     * iteration moved the images.
     */
    readonly trace: Float32Array;
}
"#;

/// A run: images on their way to their digits.
///
/// Drive it with `step`, then `await snapshot`, draw, and again at the next animation frame. To
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

    /// How its iterations are made: `fused` or `reference`. It may change with the settings.
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
        Ok(self.run.borrow().largest_step(&settings) as u32)
    }

    /// The most iterations between two snapshots, in however many steps: their trace, which the next
    /// snapshot shows, is kept until then. 1,525,201 for one row, 152,520 for ten.
    #[wasm_bindgen(getter, js_name = largestTrace)]
    pub fn largest_trace(&self) -> u32 {
        checks::largest_trace(self.rows) as u32
    }

    /// Makes `count` iterations, from 0 to `largestStep(settings)`. Returns at once on the GPU: what was
    /// asked for is done by the time a snapshot arrives. `settings` is JSON, of which everything may be left out; what is left out is
    /// the lab's:
    ///
    /// - `target`, the probability to reach, between 0 and 1; `learningRate`, Adam's step size, above
    ///   0 and at most 1;
    /// - `regularizers`, weights from 0 to 1000: `l1`, `l2`, `totalVariation`, `startDistance`,
    ///   `density`, `diversity`;
    /// - `transforms`, drawn again in every iteration up to `jitter` (pixels, to 8), `rotation` (degrees, to
    ///   45), `scale` (to 0.5);
    /// - `gradientBlur`, a standard deviation of up to 5 pixels.
    ///
    /// Throws when a setting or the count is out of its range; the images are then as they were.
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

    /// What the run is now, and the trace since the last snapshot. `settings` are for the loss.
    ///
    /// Throws as `step` does, rejects when the device can no longer be read.
    /// Other methods may be called while the promise is pending.
    #[wasm_bindgen(unchecked_return_type = "Promise<Snapshot>")]
    pub fn snapshot(&self, settings: &str) -> Result<Promise, JsValue> {
        let settings = Settings::from_json(settings).map_err(thrown)?;
        let mut read = Box::pin(self.run.borrow_mut().snapshot(&settings).read());
        self.unread.set(0);
        // All is handed to the GPU at the first poll. If the browser throws at that, the caller is to
        // hear of it: in a promise's task it would be lost, and the promise would never settle.
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

/// One copy out of the module's memory; the parts are views of it.
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
