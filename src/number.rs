//! Numbers from JavaScript, which are all `f64`.

/// Converts a number to an integer; `None` unless it is a whole number from 0 to `most`.
pub(crate) fn whole(number: f64, most: usize) -> Option<usize> {
    let fits = number.fract() == 0.0 && (0.0..=most as f64).contains(&number);
    fits.then_some(number as usize)
}
