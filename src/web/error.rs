//! Errors on their way to JavaScript, where each becomes an `Error` with the same message.

use burn::tensor::ExecutionError;
use wasm_bindgen::prelude::*;

/// The JavaScript `Error` with the message of this error.
pub(super) fn thrown(error: impl std::error::Error) -> JsValue {
    JsError::from(error).into()
}

/// The device's memory could not be read: it may be lost.
#[derive(Debug, thiserror::Error)]
#[error("The device could not be read: {0}.")]
struct Unreadable(String);

/// The JavaScript `Error` of a read that failed.
pub(super) fn unreadable(error: ExecutionError) -> JsValue {
    // Only the first line is of use to somebody who does not debug Burn.
    let error = error.to_string();
    let cause = error.lines().next().unwrap_or_default();
    thrown(Unreadable(cause.to_owned()))
}
