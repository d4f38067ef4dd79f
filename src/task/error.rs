//! The error of a setting, a number or an image that cannot be used.

use super::checks::{MAX_ITERATIONS, MAX_ROWS};

/// A setting that cannot be used, in words for the person who chose it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
pub enum SettingError {
    #[error(
        "The target probability is {0}. It must lie between 0 and 1, both excluded: 0.9 asks for 90% confidence."
    )]
    Target(f64),
    #[error("The learning rate is {0}. It must be above 0 and at most 1; the lab uses 0.005.")]
    LearningRate(f64),
    #[error(
        "The noise has a standard deviation of {0}. It must lie between 0 and 1; the lab uses 0.01."
    )]
    NoiseStd(f64),
    #[error("The settings cannot be read ({0}).")]
    Json(String),
    #[error(
        "The setting \"{name}\" is {value}. It must lie between 0 and {most}; 0 leaves it out."
    )]
    Weight {
        name: &'static str,
        value: f64,
        most: f64,
    },
    #[error(
        "The parameterization \"pca\" needs the principal components of the training images: call usePca first."
    )]
    NoPca,
    #[error("There is no {kind} \"{layer}\" in this network. There are: {known}.")]
    Layer {
        kind: &'static str,
        layer: String,
        known: String,
    },
    #[error("The neuron is {found}. This layer has {count}, counted from 0.")]
    Neuron { found: f64, count: usize },
    #[error("The channel is {found}. This layer has {count}, counted from 0.")]
    Channel { found: f64, count: usize },
    #[error(
        "The position is row {row}, column {column}. The maps of {layer} have {height} rows and {width} columns, counted from 0."
    )]
    Position {
        row: f64,
        column: f64,
        layer: String,
        height: usize,
        width: usize,
    },
    #[error(
        "The position is row {row}, column {column}. Both must be whole numbers, counted from 0."
    )]
    NoPosition { row: f64, column: f64 },
    #[error("The digit is {0}. It must be one of 0 to 9.")]
    Digit(f64),
    #[error("The run has {0} digits. It must have 1 to {MAX_ROWS}.")]
    Rows(usize),
    #[error(
        "The start image has {length} pixels for {rows} digit(s). It must have 784 (28 × 28), or 784 for each digit."
    )]
    ImageSize { length: usize, rows: usize },
    #[error(
        "There are {0} pixels. There must be 784 (28 × 28) for each of 1 to {MAX_ROWS} images."
    )]
    Images(usize),
    #[error(
        "There are {0} pixels. There must be 784 (28 × 28) for each image, and one image at least."
    )]
    Painting(usize),
    #[error(
        "The colors reach from {low} to {high}. Both must be finite numbers in single precision."
    )]
    Colors { low: f64, high: f64 },
    #[error("There is no color map \"{0}\". There are: viridis, diverging.")]
    ColorMap(String),
    #[error("Pixel {1} of the image is {0}. Every pixel must be a finite number.")]
    Pixel(f32, usize),
    #[error("Pixel {1} of the image is {0}. No pixel may be further from 0 than 1000000000.")]
    Far(f32, usize),
    #[error("The seed is {0}. It must be a whole number from 0 to 4294967295.")]
    Seed(f64),
    #[error(
        "The number of iterations is {count}. It must be a whole number from 0 to {most}: more iterations take several steps."
    )]
    Count { count: f64, most: usize },
    #[error(
        "The run has made {made} iterations and was asked for {more} more. It can make {MAX_ITERATIONS} in all."
    )]
    Last { made: usize, more: usize },
    #[error(
        "There are {unread} iterations that no snapshot has read, and {more} more were asked for. There can be {most}: take a snapshot in between."
    )]
    Unread {
        unread: usize,
        more: usize,
        most: usize,
    },
    #[error(
        "The iteration to resume from is {0}. It must be a whole number from 0 to {MAX_ITERATIONS}."
    )]
    Iteration(f64),
    #[error(
        "Number {index} of the state to resume is {value}. Every number of a state must be finite, and no second moment negative."
    )]
    StateNumber { value: f32, index: usize },
    #[error(
        "The state to resume has {found} numbers. For {rows} image(s) of this kind it must have {expected}: parameters, first and second moments."
    )]
    State {
        found: usize,
        expected: usize,
        rows: usize,
    },
}
