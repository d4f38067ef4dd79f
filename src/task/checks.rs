//! Checks of numbers and images where they enter, with errors for the person who chose them.

use super::{Objective, Position, SettingError, TRACE_STRIDE};
use crate::network::{Architecture, DIGITS, PIXELS};
use crate::number::whole;

/// The most rows that a run can have.
pub const MAX_ROWS: usize = 100;
/// The most iterations that a run can make in all.
pub const MAX_ITERATIONS: usize = 1_000_000_000;
/// The largest absolute value of a pixel. No run comes near it.
const MAX_PIXEL: f32 = 1e9;
/// The most numbers that a trace can hold between two snapshots: 64 MiB of them.
const MAX_TRACE: usize = 16 << 20;

/// Converts JavaScript's numbers to rows. Whether the objective has such rows is for [`check_rows`].
///
/// # Errors
///
/// When one is not a whole number from 0 to 65535.
pub fn whole_rows(
    numbers: &[f64],
    objective: &Objective,
    architecture: &Architecture,
) -> Result<Vec<u16>, SettingError> {
    let row = |&number: &f64| match whole(number, usize::from(u16::MAX)) {
        Some(row) => Ok(row as u16),
        None => Err(no_row(number, objective, options(objective, architecture)?)),
    };
    numbers.iter().map(row).collect()
}

/// Checks that there are 1 to [`MAX_ROWS`] rows, and that each is a digit, neuron or channel that the
/// objective can have; and that the position of a channel, if the objective has one, lies within its map.
///
/// # Errors
///
/// When the number of rows, a row or the position is out of its range, or the network lacks the objective's
/// layer.
pub fn check_rows(
    rows: &[u16],
    objective: &Objective,
    architecture: &Architecture,
) -> Result<(), SettingError> {
    if rows.is_empty() || rows.len() > MAX_ROWS {
        return Err(SettingError::Rows(rows.len()));
    }
    let options = options(objective, architecture)?;
    if let Objective::LogitDifference { other } = objective
        && usize::from(*other) >= options
    {
        return Err(SettingError::Digit(f64::from(*other)));
    }
    if let (Some(at), Some(map)) = (
        objective.position(architecture),
        objective.map(architecture),
    ) && (at[0] >= map[0] || at[1] >= map[1])
    {
        return Err(SettingError::Position {
            row: at[0] as f64,
            column: at[1] as f64,
            layer: objective.layer().unwrap_or_default().to_owned(),
            height: map[0],
            width: map[1],
        });
    }
    match rows.iter().find(|&&row| usize::from(row) >= options) {
        Some(&row) => Err(no_row(f64::from(row), objective, options)),
        None => Ok(()),
    }
}

/// How many different rows the objective has in this network: see [`Objective::options`].
fn options(objective: &Objective, architecture: &Architecture) -> Result<usize, SettingError> {
    objective.options(architecture).ok_or_else(|| {
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

fn no_row(row: f64, objective: &Objective, options: usize) -> SettingError {
    match objective {
        Objective::Neuron { .. } => SettingError::Neuron {
            found: row,
            count: options,
        },
        Objective::Channel { .. } => SettingError::Channel {
            found: row,
            count: options,
        },
        _ => SettingError::Digit(row),
    }
}

/// Converts a number to a digit.
///
/// # Errors
///
/// When it is not a whole number from 0 to 9.
pub fn digit(number: f64) -> Result<u8, SettingError> {
    let digit = whole(number, DIGITS - 1).ok_or(SettingError::Digit(number))?;
    Ok(digit as u8)
}

/// Converts numbers to the row and the column of a position. Whether the objective's map has it is for
/// [`check_rows`].
///
/// # Errors
///
/// When one is not a whole number from 0 to 65535.
pub fn position([row, column]: [f64; 2]) -> Result<Position, SettingError> {
    let side = |number| whole(number, usize::from(u16::MAX));
    match (side(row), side(column)) {
        (Some(row), Some(column)) => Ok(Position::At([row, column])),
        _ => Err(SettingError::NoPosition { row, column }),
    }
}

/// Converts a number to a seed.
///
/// # Errors
///
/// When it is not a whole number of 32 bits.
pub fn seed(number: f64) -> Result<u32, SettingError> {
    let seed = whole(number, u32::MAX as usize).ok_or(SettingError::Seed(number))?;
    Ok(seed as u32)
}

/// Checks the standard deviation of the start noise.
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

/// Converts a number to the count of iterations that a step makes, of a run that has already `made` so
/// many.
///
/// # Errors
///
/// When the count is not a whole number from 0 to `most`, or would take the run beyond
/// [`MAX_ITERATIONS`].
pub fn count(count: f64, most: usize, made: usize) -> Result<usize, SettingError> {
    let more = whole(count, most).ok_or(SettingError::Count { count, most })?;
    match made + more <= MAX_ITERATIONS {
        true => Ok(more),
        false => Err(SettingError::Last { made, more }),
    }
}

/// The most iterations between two snapshots of a run: their trace is kept until a snapshot reads it.
pub fn largest_trace(rows: usize) -> usize {
    MAX_TRACE / (TRACE_STRIDE * rows)
}

/// Checks that `more` iterations can be made after `unread` ones whose trace no snapshot has read.
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

/// Converts a number to the iteration that a run resumes from.
///
/// # Errors
///
/// When it is not a whole number from 0 to [`MAX_ITERATIONS`].
pub fn iteration(number: f64) -> Result<usize, SettingError> {
    whole(number, MAX_ITERATIONS).ok_or(SettingError::Iteration(number))
}

/// Checks that pixels make up 1 to [`MAX_ROWS`] images of 784 pixels, and returns how many.
///
/// # Errors
///
/// When they do not, or a pixel is not finite or too large: see [`check_pixels`].
pub fn check_images(pixels: &[f32]) -> Result<usize, SettingError> {
    let rows = pixels.len() / PIXELS;
    if rows == 0 || rows > MAX_ROWS || pixels.len() != rows * PIXELS {
        return Err(SettingError::Images(pixels.len()));
    }
    check_pixels(pixels)?;
    Ok(rows)
}

/// Checks that every pixel is a finite number, and small enough that its square and the network's
/// output are finite, too.
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

/// Checks what is to be painted: the pixels must make up whole images, and both ends of the color scale
/// must be finite. The pixels themselves can be any numbers. Returns the ends.
///
/// # Errors
///
/// When the images are not whole, or an end is not finite.
pub fn check_painting(pixels: &[f32], low: f64, high: f64) -> Result<[f32; 2], SettingError> {
    if pixels.is_empty() || !pixels.len().is_multiple_of(PIXELS) {
        return Err(SettingError::Painting(pixels.len()));
    }
    let ends = [low as f32, high as f32];
    match ends.iter().all(|it| it.is_finite()) {
        true => Ok(ends),
        false => Err(SettingError::Colors { low, high }),
    }
}

/// Checks a state to resume from, of `rows` images with so many `parameters` each: see
/// [`Snapshot::state`](super::Snapshot::state).
///
/// # Errors
///
/// When it has another length, or numbers that no run has.
pub fn check_state(state: &[f32], rows: usize, parameters: usize) -> Result<(), SettingError> {
    let expected = 3 * rows * parameters;
    if state.len() != expected {
        return Err(SettingError::State {
            found: state.len(),
            expected,
            rows,
        });
    }
    // Adam takes the square root of the second moments, which are the last third.
    let second = 2 * rows * parameters;
    let unfit =
        |(index, value): &(usize, &f32)| !value.is_finite() || (*index >= second && **value < 0.0);
    match state.iter().enumerate().find(unfit) {
        Some((index, &value)) => Err(SettingError::StateNumber { value, index }),
        None => Ok(()),
    }
}
