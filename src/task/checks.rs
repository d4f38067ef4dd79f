//! Numbers, checked where they come in.

use crate::network::architecture::{Architecture, DIGITS, PIXELS};
use crate::number::whole;
use crate::task::SettingError;
use crate::task::objective::Objective;
use crate::task::snapshot::TRACE_STRIDE;

/// The most rows that one run may have.
pub const MAX_ROWS: usize = 100;
/// The most iterations that a run can make in all.
pub const MAX_ITERATIONS: usize = 1_000_000_000;
/// How far from 0 a pixel may be. Images of runs do not come near it.
const MAX_PIXEL: f32 = 1e9;
/// The most numbers of a trace between two frames: 64 MiB of them.
const MAX_TRACE: usize = 16 << 20;

/// The rows that these numbers are: what [`check_rows`] checks further.
///
/// # Errors
///
/// When one is no whole number, or so large that no row is.
pub fn whole_rows(
    numbers: &[f64],
    objective: &Objective,
    architecture: &Architecture,
) -> Result<Vec<u16>, SettingError> {
    let row = |&number: &f64| match whole(number, usize::from(u16::MAX)) {
        Some(row) => Ok(row as u16),
        None => Err(no_row(number, objective, choices(objective, architecture)?)),
    };
    numbers.iter().map(row).collect()
}

/// Checks that there are 1 to [`MAX_ROWS`] rows, and that each is one of the things that the objective
/// lets it choose among.
///
/// # Errors
///
/// When that is not so.
pub fn check_rows(
    rows: &[u16],
    objective: &Objective,
    architecture: &Architecture,
) -> Result<(), SettingError> {
    if rows.is_empty() || rows.len() > MAX_ROWS {
        return Err(SettingError::Rows(rows.len()));
    }
    let choices = choices(objective, architecture)?;
    if let Objective::LogitDifference { other } = objective
        && usize::from(*other) >= choices
    {
        return Err(SettingError::Digit(f64::from(*other)));
    }
    match rows.iter().find(|&&row| usize::from(row) >= choices) {
        Some(&row) => Err(no_row(f64::from(row), objective, choices)),
        None => Ok(()),
    }
}

/// How many things a row can choose among.
fn choices(objective: &Objective, architecture: &Architecture) -> Result<usize, SettingError> {
    objective.choices(architecture).ok_or_else(|| {
        let (kind, known) = match objective {
            Objective::Channel { .. } => ("convolution", 0..architecture.convolutions.len()),
            _ => (
                "dense hidden layer",
                architecture.convolutions.len()..architecture.hidden().len(),
            ),
        };
        let hidden = architecture.hidden();
        let known: Vec<_> = (hidden[known].iter())
            .map(|(name, _)| name.as_str())
            .collect();
        SettingError::Layer {
            kind,
            layer: objective.layer().unwrap_or_default().to_owned(),
            known: match known.is_empty() {
                true => "none".to_owned(),
                false => known.join(", "),
            },
        }
    })
}

fn no_row(row: f64, objective: &Objective, choices: usize) -> SettingError {
    match objective {
        Objective::Neuron { .. } => SettingError::Neuron {
            found: row,
            choices,
        },
        Objective::Channel { .. } => SettingError::Channel {
            found: row,
            choices,
        },
        _ => SettingError::Digit(row),
    }
}

/// The digit that this is.
///
/// # Errors
///
/// When it is none.
pub fn digit(number: f64) -> Result<u8, SettingError> {
    let digit = whole(number, DIGITS - 1).ok_or(SettingError::Digit(number))?;
    Ok(digit as u8)
}

/// The seed that this is.
///
/// # Errors
///
/// When it is no whole number of 32 bits.
pub fn seed(number: f64) -> Result<u32, SettingError> {
    let seed = whole(number, u32::MAX as usize).ok_or(SettingError::Seed(number))?;
    Ok(seed as u32)
}

/// The standard deviation of noise that this is.
///
/// # Errors
///
/// When it does not lie between 0 and 1.
pub fn noise_std(number: f64) -> Result<f64, SettingError> {
    match (0.0..=1.0).contains(&number) {
        true => Ok(number),
        false => Err(SettingError::NoiseStd(number)),
    }
}

/// How many iterations a step makes that is asked for so many.
///
/// # Errors
///
/// When it is no whole number from 0 to `most`, or the run has `made` so many that it cannot make
/// these, too.
pub fn count(count: f64, most: usize, made: usize) -> Result<usize, SettingError> {
    let more = whole(count, most).ok_or(SettingError::Count { count, most })?;
    match made + more <= MAX_ITERATIONS {
        true => Ok(more),
        false => Err(SettingError::Last { made, more }),
    }
}

/// The most iterations between two frames of a run: their trace is kept until a frame shows it.
pub fn largest_trace(rows: usize) -> usize {
    MAX_TRACE / (TRACE_STRIDE * rows)
}

/// Checks that so many iterations may be made while `unread` others have not been shown yet.
///
/// # Errors
///
/// When the trace would be too long.
pub fn check_trace(rows: usize, unread: usize, more: usize) -> Result<(), SettingError> {
    let most = largest_trace(rows);
    match unread + more <= most {
        true => Ok(()),
        false => Err(SettingError::Unread { unread, more, most }),
    }
}

/// The iteration that a run goes on from.
///
/// # Errors
///
/// When it is none that a run comes to.
pub fn iteration(number: f64) -> Result<usize, SettingError> {
    whole(number, MAX_ITERATIONS).ok_or(SettingError::Iteration(number))
}

/// How many images these pixels make up: 1 to [`MAX_ROWS`], of 784 pixels each.
///
/// # Errors
///
/// When they do not, or a pixel is not finite.
pub fn check_images(pixels: &[f32]) -> Result<usize, SettingError> {
    let rows = pixels.len() / PIXELS;
    if rows == 0 || rows > MAX_ROWS || pixels.len() != rows * PIXELS {
        return Err(SettingError::Images(pixels.len()));
    }
    check_pixels(pixels)?;
    Ok(rows)
}

/// Checks that every pixel is a finite number, and none so far from 0 that its square, or what a network
/// makes of it, is not.
///
/// # Errors
///
/// When one is not.
pub fn check_pixels(pixels: &[f32]) -> Result<(), SettingError> {
    let unfit = |pixel: &f32| !(-MAX_PIXEL..=MAX_PIXEL).contains(pixel);
    match pixels.iter().position(unfit) {
        Some(index) if pixels[index].is_finite() => Err(SettingError::Far(pixels[index], index)),
        Some(index) => Err(SettingError::Pixel(pixels[index], index)),
        None => Ok(()),
    }
}

/// Checks that these pixels, whatever they are, make up whole images, and that the ends of their scale
/// of colors are numbers.
///
/// # Errors
///
/// When that is not so.
pub fn check_picture(pixels: &[f32], low: f64, high: f64) -> Result<[f32; 2], SettingError> {
    if pixels.is_empty() || !pixels.len().is_multiple_of(PIXELS) {
        return Err(SettingError::Picture(pixels.len()));
    }
    let ends = [low as f32, high as f32];
    match ends.iter().all(|it| it.is_finite()) {
        true => Ok(ends),
        false => Err(SettingError::Colors { low, high }),
    }
}

/// Checks that `state` is of `rows` rows with so many parameters: see [`Snapshot::state`].
///
/// # Errors
///
/// When it has another length, or holds what no run comes to.
///
/// [`Snapshot::state`]: crate::Snapshot::state
pub fn check_state(state: &[f32], rows: usize, parameters: usize) -> Result<(), SettingError> {
    let expected = 3 * rows * parameters;
    if state.len() != expected {
        return Err(SettingError::State {
            found: state.len(),
            expected,
            rows,
        });
    }
    // The last third is of squares' means, of which the root is taken.
    let squares = 2 * rows * parameters;
    let unfit =
        |(index, value): &(usize, &f32)| !value.is_finite() || (*index >= squares && **value < 0.0);
    match state.iter().enumerate().find(unfit) {
        Some((index, &value)) => Err(SettingError::StateNumber { value, index }),
        None => Ok(()),
    }
}
