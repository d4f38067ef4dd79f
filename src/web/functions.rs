//! The functions of the module, which need no device.

use js_sys::Uint8ClampedArray;
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use super::error::thrown;
use crate::colormap::ColorMap;
use crate::import::NetworkFile;
use crate::network::SIDE;
use crate::task::{SettingError, Settings, checks};
use crate::training::statistics::{means, prototypes};

/// Checks settings. Throws the error that `Run.step` would throw for them.
#[wasm_bindgen(js_name = checkSettings)]
pub fn check_settings(settings: &str) -> Result<(), JsError> {
    Settings::from_json(settings)?;
    Ok(())
}

/// Says what a network file holds, as JSON:
///
/// `{"format": "pytorch", "layout": "pytorch", "parameters": 109386,
/// "candidates": [{"description": "784-128-64-10", "pooled": false}]}`
///
/// - `format`: `"safetensors"`, or `"pytorch"` for what `torch.save` writes;
/// - `layout`: the order of the dimensions of the weights, `"pytorch"` or `"keras"`;
/// - `candidates`: the networks that the file can be read as, the most usual first. `pooled` is true where
///   the import option `pooling` matters.
///
/// Throws when `Backend.network` could not read the file with any options.
#[wasm_bindgen]
pub fn inspect(file: &[u8]) -> Result<String, JsError> {
    let summary = NetworkFile::open(file)?.summary();
    Ok(serde_json::to_string(&summary).expect("a summary is JSON"))
}

/// Reads the mean training images of the ten classes, 10 · 784 pixels in [0, 1], from the bytes of
/// `means.safetensors`.
///
/// Throws when the file holds something else.
#[wasm_bindgen(js_name = classMeans)]
pub fn class_means(file: &[u8]) -> Result<Vec<f32>, JsError> {
    Ok(means::read(file)?)
}

/// Reads ten prototypes of each digit, 100 · 784 pixels in [0, 1], from the bytes of
/// `prototypes.safetensors`. The one at `index` shows the digit `Math.floor(index / 10)`.
///
/// Throws when the file holds something else.
#[wasm_bindgen(js_name = prototypes)]
pub fn class_prototypes(file: &[u8]) -> Result<Vec<f32>, JsError> {
    Ok(prototypes::read(file)?)
}

/// Paints n images, one below the other. `pixels` has n · 784 numbers; the result is 28 pixels wide and n · 28
/// high, for `putImageData`. `low` becomes dark violet, `high` yellow.
///
/// `colors` is `viridis`, which it is if it is left out, or `diverging`, with gray in the middle.
///
/// Throws when the pixels do not make up whole images, when `low` or `high` is not finite, and when there are no
/// such colors.
#[wasm_bindgen]
pub fn paint(
    pixels: &[f32],
    low: f64,
    high: f64,
    colors: Option<String>,
) -> Result<ImageData, JsValue> {
    let [low, high] = checks::check_painting(pixels, low, high).map_err(thrown)?;
    let map = match colors {
        Some(name) => ColorMap::named(&name).ok_or_else(|| thrown(SettingError::ColorMap(name)))?,
        None => ColorMap::default(),
    };
    // A copy, because `ImageData` keeps the array it gets. A view of this module's memory would change
    // with the next use of that memory.
    let colors = Uint8ClampedArray::from(map.paint(pixels, low, high).as_slice());
    ImageData::new_with_js_u8_clamped_array(&colors, SIDE as u32)
}
